"""A fresh link to one's own case."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from mainstay.cases.actions import Words, write_letter
from mainstay.cases.models import Case, Message
from mainstay.channels.actions import post
from mainstay.channels.actions.send import new_message_id
from mainstay.channels.kind import KINDS
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.letters.acknowledgement import language_of
from mainstay.letters.caps import reason_to_withhold_link
from mainstay.letters.events import LetterWithheld
from mainstay.people.models import Person
from mainstay.people.queries import email_of, normal_email

KIND = "link"


@transaction.atomic
def mail_link(case: Case, person: Person) -> Message | None:
    """Mail the person a fresh link to their view of the case: every mail of ours carries one below it. It goes to their own address
    and says nothing else, since whoever asks has only an old link to show. None when it is withheld, which the log says."""
    address = email_of(person)
    if reason := reason_to_withhold_link(case.pk, person.pk, normal_email(address)):
        record(LetterWithheld(case=case.id, organization=case.organization_id, letter=KIND, reason=reason))
        return None
    to = [(person, address)]
    with translation.override(language_of(case)):
        body = gettext("Hello,\n\nyou asked for a fresh link to your case. It stands below, and is good for 60 days.\n\n%(team)s")
    words = Words(
        author=None,
        body=body % {"team": case.team.signs_as},
        at=clock.now(),
        channel="email" if "email" in KINDS else case.channel,
        message_id=new_message_id(),
        is_proven=False,
        to=to,
    )
    message = write_letter(case, words, letter=KIND)
    post(message, to)
    return message

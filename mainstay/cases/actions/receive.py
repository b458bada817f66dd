"""A customer writes again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from mainstay.cases.actions.resolve import reopen
from mainstay.cases.actions.wait import wake
from mainstay.cases.actions.words import Words, write_message
from mainstay.cases.events import MessageReceived, ParticipantAdded
from mainstay.cases.models import Case, Message, Participant
from mainstay.events import record
from mainstay.people.models import Person


@transaction.atomic
def receive(case: Case, words: Words, *, copied: Sequence[Person] = (), answerable: bool = True, wakes: bool = True) -> Message:
    """Add a customer's message to the case; it reopens or wakes it, unless `wakes` is False (an auto-reply does neither).
    People whom this mail names for the first time are offered as participants, unselected until an agent says so."""
    message = write_message(case, words, is_ours=False)
    Case.objects.filter(pk=case.pk).update(last_message_at=words.at, last_was_ours=False, message_count=F("message_count") + 1)
    _offer(case, copied)
    # Waking comes before the event: who reacts to the message meets a case that is open again.
    if wakes:
        reopen(case, by=None, because="reply")
        wake(case, by=None, because="reply")
    record(
        MessageReceived(
            case=case.id,
            actor=words.author.id if words.author else None,
            organization=case.organization_id,
            message=message.id,
            channel=words.channel,
            answerable=answerable,
            wakes=wakes,
        )
    )
    case.refresh_from_db()
    return message


def _offer(case: Case, copied: Sequence[Person]) -> None:
    known = set(Participant.objects.filter(case=case).values_list("person_id", flat=True)) if copied else set()
    new = [person for person in copied if person.id not in known]
    Participant.objects.bulk_create((Participant(case=case, person=p, role=Participant.Role.OFFERED) for p in new), ignore_conflicts=True)
    for person in new:
        record(ParticipantAdded(case=case.id, organization=case.organization_id, person=person.id, role=Participant.Role.OFFERED))

"""From a filled-in form to a case, through the one door for what customers write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language

from mainstay.cases.actions import FileKept, Words, mark_spam, set_aim
from mainstay.cases.models import Case, Message
from mainstay.channels.intake import Incoming, take_in
from mainstay.kernel import clock
from mainstay.mail import room
from mainstay.mail.parse import names
from mainstay.people.actions.recognise import recognise
from mainstay.people.models import Person, Team
from mainstay.people.queries import email_of, is_blocked

CHANNEL = "portal"


def keep_files(uploaded: Iterable[UploadedFile[Any]]) -> list[FileKept]:
    """The files as a message takes them, their bytes stored; outside any transaction. Type and name are only what their sender says.
    Raises room.NoRoom."""
    given = list(uploaded)
    if not given:
        return []
    with room.asked(sum(file.size or 0 for file in given)):
        return [
            FileKept.keep(names.clean(file.name or "") or names.made_up(_type(file), number), _type(file), file.read())
            for number, file in enumerate(given, start=1)
        ]


def _type(file: UploadedFile[Any]) -> str:
    kind = (file.content_type or "").lower()
    return kind if kind.isascii() and kind.isprintable() and "/" in kind else "application/octet-stream"


@transaction.atomic
def ask(*, name: str, email: str, goal: str, text: str, files: list[FileKept], team: Team, answerable: bool) -> Message:
    """A new case from somebody who typed an address and has proven nothing: it joins no other case, opens none to them, and is not
    counted as that person's own words."""
    sender = recognise([(name, email)])[email]
    blocked = is_blocked(email)
    message = take_in(
        Incoming(
            words=Words(author=sender, body=text, at=clock.now(), channel=CHANNEL, is_proven=False, written_from=email, files=files),
            sender=sender,
            subject=goal,
            team=team,
            answerable=answerable and not blocked,
            language=get_language() or "",
        )
    )
    set_aim(message.case, goal, by=sender)
    if blocked:
        mark_spam(message.case, by=None)
    return message


def add(case: Case, person: Person, *, text: str, files: list[FileKept]) -> Message:
    """More words by somebody whose link was mailed to their own address: that is the proof. Long after the resolution they open a
    new case, linked to this one."""
    words = Words(author=person, body=text, at=clock.now(), channel=CHANNEL, written_from=email_of(person), files=files)
    return take_in(Incoming(words=words, sender=person, subject=case.subject, team=case.team, case=case, language=case.language))

"""The one door for what customers write, whatever the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from mainstay.cases.actions import Words, link_cases, open_case, receive
from mainstay.cases.models import Case, CaseLink, Message
from mainstay.people.models import Person, Team

REOPENS_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Incoming:
    """Words that arrived, with what the channel found out. `case` only with proof; `hints` are cases that are merely named.
    `answerable` False: no automatic answer may follow; `wakes` False: an auto-reply, which changes no state."""

    words: Words
    sender: Person
    subject: str
    team: Team
    case: Case | None = None
    hints: Sequence[Case] = ()
    copied: Sequence[Person] = ()
    answerable: bool = True
    wakes: bool = True
    language: str = ""
    actor: Person | None = None


@transaction.atomic(savepoint=False)
def take_in(incoming: Incoming) -> Message:
    """File what arrived: into the proven case, else into a new one. Long after a resolution an answer opens a new case, linked
    to the old; a hint links and never joins."""
    case = incoming.case
    if case is not None and not _is_over(case, incoming):
        return receive(case, incoming.words, copied=incoming.copied, answerable=incoming.answerable, wakes=incoming.wakes)
    opened = open_case(
        incoming.words,
        requester=incoming.sender,
        subject=incoming.subject,
        team=case.team if case else incoming.team,
        copied=incoming.copied,
        language=incoming.language,
        actor=incoming.actor,
        answerable=incoming.answerable,
    )
    if case is not None:
        link_cases(opened.case, case, kind=CaseLink.Kind.LATE)
    for hint in incoming.hints:
        link_cases(opened.case, hint, kind=CaseLink.Kind.HINT)
    return opened


def _is_over(case: Case, incoming: Incoming) -> bool:
    if case.state != Case.State.RESOLVED or not incoming.wakes:
        return False
    resolution = case.resolutions.filter(reopened_at=None).first()
    return resolution is not None and incoming.words.at - resolution.at > REOPENS_FOR

"""What follows for promises from what happens on a case: at once, in the same transaction."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from mainstay.cases.events import (
    CaseMoved,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CaseTouched,
    MessageReceived,
    ReplySent,
    SeveritySet,
    SpamMarked,
    SpamUnmarked,
)
from mainstay.cases.models import Message
from mainstay.events import EventKind, on
from mainstay.promises.actions import begin, settle
from mainstay.promises.models import Promise


@on(CaseOpened)
def promise_to_read_and_answer(event: CaseOpened) -> None:
    begin(event)


@on(MessageReceived)
def promise_to_answer(event: MessageReceived) -> None:
    """One query when an answer is owed already, since this message or longer. A machine's answer is owed none."""
    owed = Promise.objects.filter(Promise.OPEN, case=event.case, what=Promise.What.RESPOND, starts_at__lte=OuterRef("at"))
    if event.case and event.wakes and Message.objects.filter(~Exists(owed), pk=event.message).exists():
        settle(event.case)


@on(CaseReopened)
def take_up_again(event: CaseReopened) -> None:
    """What was withdrawn is owed again. A reply that reopens is a message, and that says what is owed."""
    if event.case and event.by != "reply":
        settle(event.case, by=event.actor)


@on(ReplySent, CaseTouched, SeveritySet, CaseMoved, CaseResolved, SpamMarked, SpamUnmarked)
def reckon_anew(event: EventKind) -> None:
    """Kept by reading and answering; reckoned anew by severity and team; withdrawn, and owed again, by resolution and spam."""
    if event.case:
        settle(event.case, by=event.actor)

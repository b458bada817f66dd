"""One delivery on its way: tried until it is taken, refused, or somebody has to look (RELIABILITY P-07, P-08).

The row says SENDING from the moment before the first byte of the mail leaves, so that a process that dies behind that point leaves
a mark: whoever finds it knows that the other side may have the mail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils.translation import gettext

from mainstay.channels.actions import failed, hold, sent, uncertain, will_retry
from mainstay.channels.models import Delivery
from mainstay.jobs import task
from mainstay.kernel import blobs, clock
from mainstay.kernel.compiled import Compiled
from mainstay.kernel.faults import faultpoint
from mainstay.kernel.turns import writing
from mainstay.mail.actions.mailboxes import SILENCE, note_success, pause
from mainstay.mail.compose import compose
from mainstay.mail.models import Mailbox
from mainstay.mail.outgoing import Ready, mailbox_for, prepare
from mainstay.mail.wayout import Fate, Outcome, send
from mainstay.mail.wire import Unsendable

Finish = Callable[[], object]
State = Delivery.State

_OPEN = Compiled(
    lambda pk: Delivery.objects.select_related("message__case__team", "message__author", "person").filter(
        pk=pk, state__in=[State.QUEUED, State.SENDING, State.UNCERTAIN]
    ),
    int,
)
ONCE_MORE_AFTER = timedelta(minutes=30)
GIVE_UP_AFTER = timedelta(days=4)  # RFC 5321 section 4.5.4.1
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240)]


class Taken(Exception):  # noqa: N818
    """Somebody settled the delivery while we were connecting."""


@task(queue_name="network", max_attempts=20)
def send_delivery(delivery_id: int) -> Finish | None:
    """Try one delivery that is due; what became of it is written in the job's finish."""
    delivery = _due(delivery_id)
    if delivery is None:
        return None
    faultpoint("k10")
    if delivery.state == State.SENDING:
        return partial(_uncertain, delivery, gettext("We were interrupted while the other server took it."))
    mailbox = mailbox_for(delivery.message.case)
    if mailbox is None:
        return partial(failed, delivery, answer=gettext("There is no mailbox to send from; make one in the settings."))
    try:
        ready = prepare(delivery, mailbox)
        data = compose(ready.mail)
    except Unsendable as sentence:
        return partial(failed, delivery, answer=str(sentence))
    except FileNotFoundError:
        return partial(failed, delivery, answer=gettext("One of the files is missing from the file store."))
    if not mailbox.has_way_out:
        return _without_server(delivery, ready, data)
    return _through(mailbox, delivery, ready, data)


def _due(delivery_id: int) -> Delivery | None:
    """The delivery, while it is anybody's turn to try it."""
    delivery = _OPEN.first(delivery_id)
    if delivery is None or (delivery.state == State.UNCERTAIN and delivery.next_at is None):
        return None
    waits = delivery.state != State.SENDING and delivery.next_at is not None and delivery.next_at > clock.now()
    return None if waits else delivery


def _without_server(delivery: Delivery, ready: Ready, data: bytes) -> Finish:
    """The demo keeps what it sends, with the envelope as a last server would note it (RFC 5321, 4.4)."""
    if not settings.DEMO:
        return partial(failed, delivery, answer=gettext("The mailbox has no server to send by; name one in the settings."))
    trace = f"Return-Path: <{ready.sender}>\r\nDelivered-To: {ready.recipient}\r\n".encode()
    return partial(sent, delivery, answer=gettext("kept in Sent mail"), copy=blobs.keep(trace + data, is_precious=False))


def _through(mailbox: Mailbox, delivery: Delivery, ready: Ready, data: bytes) -> Finish | None:
    if not _may_knock(mailbox):
        return partial(hold, delivery, answer=mailbox.last_error, next_at=mailbox.paused_until or clock.now())
    try:
        outcome = send(mailbox, ready.sender, ready.recipient, data, before_data=partial(_begin, delivery))
    except Taken:
        return None
    return partial(_settle, mailbox, delivery, outcome)


def _may_knock(mailbox: Mailbox) -> bool:
    """Whether the way out is open, or its pause is over and we are the first to see whether it is open again. Everybody else waits
    for what the first one finds: a server that never answers holds up one of our connections, and no other mailbox's mail (R-22)."""
    until, now = mailbox.paused_until, clock.now()
    if until is None or until > now:
        return until is None
    with writing():
        return bool(Mailbox.objects.filter(pk=mailbox.pk, paused_until=until).update(paused_until=now + SILENCE))


def _begin(delivery: Delivery) -> None:
    """The mark that a crash leaves behind; its `next_at` tells the one repetition from a first try."""
    repeated_at = delivery.next_at if delivery.state == State.UNCERTAIN else None
    with writing():
        begun = Delivery.objects.filter(pk=delivery.pk, state=delivery.state).update(state=State.SENDING, next_at=repeated_at)
    if not begun:
        raise Taken


def _settle(mailbox: Mailbox, delivery: Delivery, outcome: Outcome) -> None:
    if outcome.was_silent:
        pause(mailbox, outcome.answer, SILENCE)
    match outcome.fate:
        case Fate.SENT:
            sent(delivery, answer=outcome.answer)
            note_success(mailbox)
        case Fate.REFUSED:
            failed(delivery, answer=outcome.answer)
            note_success(mailbox)
        case Fate.UNCERTAIN:
            _uncertain(delivery, outcome.answer)
        case Fate.ROUTE:
            until = pause(mailbox, outcome.answer)
            hold(delivery, answer=outcome.answer, next_at=until)
        case Fate.LATER:
            _later(delivery, outcome.answer)


def _uncertain(delivery: Delivery, answer: str) -> None:
    """Once more after half an hour, under the same Message-ID; after that a person decides."""
    was_repeated = delivery.next_at is not None and delivery.state in {State.UNCERTAIN, State.SENDING}
    uncertain(delivery, answer=answer, next_at=None if was_repeated else clock.now() + ONCE_MORE_AFTER)


def _later(delivery: Delivery, answer: str) -> None:
    if delivery.state == State.UNCERTAIN:
        uncertain(delivery, answer=answer, next_at=None)
    elif clock.now() - delivery.message.at > GIVE_UP_AFTER:
        failed(delivery, answer=answer)
    else:
        will_retry(delivery, answer=answer, next_at=_next_try(delivery.attempts))


def _next_try(attempts: int) -> datetime:
    return clock.now() + PAUSES[min(attempts, len(PAUSES) - 1)]

"""A message on its way: one Delivery per recipient, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from mainstay.cases.models import Message
from mainstay.channels.events import DeliveryBounced, DeliveryFailed, DeliveryRetried, DeliverySent, DeliveryUncertain
from mainstay.channels.kind import KINDS
from mainstay.channels.models import Delivery
from mainstay.events import EventKind, record
from mainstay.kernel import clock
from mainstay.kernel.compiled import change, insert_all
from mainstay.people.models import Person

State = Delivery.State


def post(message: Message, people: Sequence[tuple[Person, str]]) -> list[Delivery]:
    """Put the message on its way to these people; inside the transaction that wrote it. Whoever has no address is passed over."""
    rows = insert_all(
        Delivery(message=message, person=person, channel=message.channel, address=address) for person, address in people if address
    )
    for row in rows:
        KINDS[row.channel].send(row)
    return rows


@transaction.atomic(savepoint=False)
def sent(delivery: Delivery, *, answer: str, copy: str = "") -> None:
    """The other side has taken it; `answer` is what it said, `copy` the hash of the bytes where they are kept for the demo."""
    _settle(delivery, State.SENT, answer, DeliverySent, sent_at=clock.now(), copy=copy)


@transaction.atomic
def failed(delivery: Delivery, *, answer: str) -> None:
    """It was refused for good, or tried too often: an agent has to look."""
    _settle(delivery, State.FAILED, answer, DeliveryFailed)


@transaction.atomic
def uncertain(delivery: Delivery, *, answer: str, next_at: datetime | None) -> None:
    """The connection broke after the last byte; tried once more at `next_at`, then a person decides."""
    _settle(delivery, State.UNCERTAIN, answer, DeliveryUncertain, next_at=next_at)


def will_retry(delivery: Delivery, *, answer: str, next_at: datetime) -> None:
    """Refused for now. Nothing happened yet that the log has to know; the case shows when it is tried again."""
    Delivery.objects.filter(pk=delivery.pk).update(state=State.QUEUED, attempts=F("attempts") + 1, answer=answer[:500], next_at=next_at)


def hold(delivery: Delivery, *, answer: str, next_at: datetime) -> None:
    """The way out is shut: it was not tried, so this is no attempt. The case shows why, and when it is tried."""
    Delivery.objects.filter(pk=delivery.pk).update(state=State.QUEUED, answer=answer[:500], next_at=next_at)


@transaction.atomic
def bounced(delivery: Delivery, *, answer: str, permanent: bool) -> None:
    """A report says that it did not arrive. A temporary one only leaves its words."""
    state = State.BOUNCED if permanent else State(delivery.state)
    Delivery.objects.filter(pk=delivery.pk).update(state=state, answer=answer[:500])
    record(DeliveryBounced(case=_case(delivery), delivery=delivery.id, permanent=permanent))


@transaction.atomic
def retry(delivery: Delivery, *, by: Person, address: str = "") -> bool:
    """Send it again because somebody says so, to another address if one is named. False when it is on its way already."""
    settled = [State.FAILED, State.UNCERTAIN, State.BOUNCED]
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=settled).update(
        state=State.QUEUED, attempts=0, next_at=None, answer="", address=address or delivery.address
    )
    if changed:
        delivery.refresh_from_db()
        record(DeliveryRetried(case=_case(delivery), actor=by.id, delivery=delivery.id))
        KINDS[delivery.channel].send(delivery)
    return bool(changed)


def _settle(delivery: Delivery, state: str, answer: str, kind: type[EventKind], **values: object) -> None:
    values = {"next_at": None, **values}
    change(Delivery, {"id": delivery.id}, state=state, attempts=delivery.attempts + 1, answer=answer[:500], **values)
    record(kind(case=_case(delivery), delivery=delivery.id))  # type: ignore[call-arg]


def _case(delivery: Delivery) -> int:
    if Delivery.message.is_cached(delivery):
        return delivery.message.case_id
    return Message.objects.values_list("case_id", flat=True).get(pk=delivery.message_id)

"""What is tried again, and what is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db.models import Q

from mainstay.channels.models import Delivery
from mainstay.jobs import every, task
from mainstay.kernel import clock, limits
from mainstay.mail.models import RawMail
from mainstay.mail.process import process
from mainstay.mail.send import send_delivery

BATCH = 200
ORPHANED_AFTER = timedelta(minutes=10)


@every(seconds=30)
@task
def try_due_deliveries() -> Callable[[], None] | None:
    """Ask again for the deliveries whose time has come."""
    now = clock.now()
    due = Q(next_at__lte=now) & Q(state__in=[Delivery.State.QUEUED, Delivery.State.UNCERTAIN])
    # A job that was given up or discarded left these behind; the lane keeps a second job from running beside a first.
    orphaned = Q(next_at=None, message__at__lt=now - ORPHANED_AFTER) & Q(state__in=[Delivery.State.QUEUED, Delivery.State.SENDING])
    rows = Delivery.objects.filter(due | orphaned, channel="email").order_by("id").values_list("pk", flat=True)[:BATCH]
    wanted = list(rows)
    return partial(_send, wanted) if wanted else None


def _send(wanted: list[int]) -> None:
    for pk in wanted:
        send_delivery.using(lane=f"delivery:{pk}", dedupe=f"delivery:{pk}").enqueue(pk)


@every(seconds=120)
@task
def process_orphans() -> Callable[[], None] | None:
    """Ask again for kept mails that have waited long, in case their job was lost: a kept mail is never forgotten (P-02)."""
    since = clock.now() - ORPHANED_AFTER
    waiting = RawMail.objects.filter(state=RawMail.State.WAITING, received_at__lt=since).order_by("received_at")
    wanted = list(waiting.values_list("pk", flat=True)[:BATCH])
    return partial(_process, wanted) if wanted else None


def _process(wanted: list[int]) -> None:
    for pk in wanted:
        process.using(dedupe=f"mail:{pk}").enqueue(pk)


@every(seconds=3600)
@task
def forget_old_counts() -> Callable[[], object]:
    """Counts of windows that are over."""
    return limits.forget_old

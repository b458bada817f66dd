"""Sealing: each seal hashes a range of events together with the seal before it (a hash chain, Haber and Stornetta, 1991)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from mainstay.events.models import Event, Seal
from mainstay.jobs import every, task
from mainstay.kernel import clock

BATCH = 5_000
SETTLED = timedelta(minutes=10)  # ids are given before commit: only what is older than any transaction is sealed


@every(seconds=600)
@task
def seal_events() -> Callable[[], object]:
    """Seal the settled events that follow the last seal."""
    return partial(seal, clock.now() - SETTLED)


def seal(until: datetime) -> int:
    """Seal events recorded before `until`, one batch; returns how many were sealed."""
    before = Seal.objects.order_by("-last").first()
    events = list(Event.objects.filter(id__gt=before.last if before else 0, at__lt=until).order_by("id")[:BATCH])
    if not events:
        return 0
    Seal.objects.create(
        first=events[0].id,
        last=events[-1].id,
        count=len(events),
        hash=_hash(before.hash if before else "", events),
        at=clock.now(),
    )
    return len(events)


def verify() -> int | None:
    """The id of the first event in the first range that no longer matches its seal; None when the whole log does."""
    before, start = "", 0
    for sealed in Seal.objects.order_by("last").iterator():
        events = list(Event.objects.filter(id__gt=start, id__lte=sealed.last).order_by("id"))
        if len(events) != sealed.count or _hash(before, events) != sealed.hash:
            return sealed.first
        before, start = sealed.hash, sealed.last
    return None


def _hash(before: str, events: Iterable[Event]) -> str:
    running = hashlib.sha256(before.encode())
    for event in events:
        line = [event.id, event.at.isoformat(), event.kind, event.version, event.case, event.actor, event.organization, event.data]
        running.update(json.dumps(line, sort_keys=True, separators=(",", ":")).encode())
    return running.hexdigest()

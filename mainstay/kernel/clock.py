"""The one clock. Nothing else asks the system for the time, so tests and the demo can stand at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Inside the block the clock stands still at `moment`; for tests and for seeding the demo's past."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def advance(step: timedelta) -> None:
    """Move a standing clock; only inside `standing_at`."""
    moment = _frozen.get()
    if moment is None:
        raise RuntimeError("the clock runs; it can be moved only inside standing_at()")
    _frozen.set(moment + step)

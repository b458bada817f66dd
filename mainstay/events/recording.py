"""Writing an event, and running its reactions."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from django.db import connection, transaction

from mainstay.events.kinds import EventKind
from mainstay.events.reacting import at_once, later, name_of
from mainstay.jobs import task
from mainstay.jobs.outcome import describe
from mainstay.kernel import clock
from mainstay.kernel.compiled import Compiled, insert

if TYPE_CHECKING:
    from mainstay.events.models import Event

K = TypeVar("K", bound=EventKind)
log = logging.getLogger("mainstay.events")


def record(event: K) -> K:
    """Write the event into the log and run its `@on` reactions, all inside the caller's transaction; queue its `@after`
    reactions with it. Returns the event with its id and moment. Raises RuntimeError outside a transaction."""
    from mainstay.events.models import Event

    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.kind} was recorded outside a transaction")
    at = event.at or clock.now()
    row = insert(
        Event(
            at=at,
            kind=event.kind,
            version=event.version,
            case=event.case,
            actor=event.actor,
            organization=event.organization,
            data=event.data(),
        )
    )
    event = dataclasses.replace(event, id=row.id, at=at)
    for reaction in at_once(event.kind):
        reaction(event)
    if later(event.kind):
        react.using(lane=_lane(event)).enqueue(row.id)
    return event


@task
def react(event_id: int) -> Callable[[], None]:
    """Run every `@after` reaction of one event and commit once; the ones that fail get a job each."""
    return partial(_react, event_id)


@task
def react_alone(event_id: int, reaction: str) -> Callable[[], None]:
    """Try one failed reaction again, with the queue's backoff."""
    return partial(_react_alone, event_id, reaction)


def _react(event_id: int) -> None:
    event = _read(event_id)
    if event is None:
        return
    try:
        with transaction.atomic():
            for reaction in later(event.kind):
                reaction(event)
    except Exception:
        # Rare, so each gets its savepoint only now: nothing of the first try is left, and those that can, stand.
        _react_one_by_one(event)


def _react_one_by_one(event: EventKind) -> None:
    for reaction in later(event.kind):
        try:
            with transaction.atomic():
                reaction(event)
        except Exception as error:
            # Its kind and place only: the text of an error may hold a person's words.
            log.error("%s failed for event %s; it will be tried again alone: %s", name_of(reaction), event.id, describe(error))  # noqa: TRY400
            react_alone.using(lane=_lane(event)).enqueue(event.id, name_of(reaction))


def _react_alone(event_id: int, name: str) -> None:
    event = _read(event_id)
    if event is None:
        return
    for reaction in later(event.kind):
        if name_of(reaction) == name:
            reaction(event)


def _read(event_id: int) -> EventKind | None:
    row = _stored(event_id)
    return row.read() if row else None


@cache
def _by_id() -> Compiled[Event]:
    from mainstay.events.models import Event

    return Compiled(lambda pk: Event.objects.filter(pk=pk), int)


def _stored(event_id: int) -> Event | None:
    return _by_id().first(event_id)


def _lane(event: EventKind) -> str:
    return f"case:{event.case}" if event.case else ""

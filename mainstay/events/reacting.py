"""Reactions: `@on` inside the verb's transaction, `@after` in a job of the event. Both take the typed event, nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from mainstay.events.kinds import EventKind

Reaction = Callable[[EventKind], None]
K = TypeVar("K", bound=EventKind)

_at_once: dict[str, list[Reaction]] = defaultdict(list)
_later: dict[str, list[Reaction]] = defaultdict(list)


def on(*kinds: type[K]) -> Callable[[Callable[[K], None]], Callable[[K], None]]:
    """What must be true at once across apps: rows only, a fixed number of queries; it fails with the verb."""
    return _listener(_at_once, kinds)


def after(*kinds: type[K]) -> Callable[[Callable[[K], None]], Callable[[K], None]]:
    """What may follow: run once per event in a job, in a savepoint of its own. Idempotent by a unique constraint; a failing
    one is tried again alone. Network work belongs into a job of its own."""
    return _listener(_later, kinds)


def _listener(table: dict[str, list[Reaction]], kinds: tuple[type[K], ...]) -> Callable[[Callable[[K], None]], Callable[[K], None]]:
    def listen(reaction: Callable[[K], None]) -> Callable[[K], None]:
        for kind in kinds:
            if reaction not in table[kind.kind]:
                table[kind.kind].append(reaction)  # type: ignore[arg-type]
        return reaction

    return listen


def name_of(reaction: Reaction) -> str:
    """How a reaction is called in jobs and in the printed map: its module and function."""
    return f"{reaction.__module__.removeprefix('mainstay.')}.{reaction.__name__}"


def at_once(kind: str) -> list[Reaction]:
    return _at_once.get(kind, [])


def later(kind: str) -> list[Reaction]:
    return _later.get(kind, [])


def reaction_map() -> list[tuple[str, list[str], list[str]]]:
    """Every kind that anybody listens to, with its reactions at once and later; `mainstay reactions` prints it."""
    kinds = sorted(kind for kind in {*_at_once, *_later} if _at_once.get(kind) or _later.get(kind))
    return [(kind, [name_of(r) for r in at_once(kind)], [name_of(r) for r in later(kind)]) for kind in kinds]

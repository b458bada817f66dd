"""What can be found, and by whom; apps above describe their things in these words and register them for the reindexing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mainstay.kernel.registry import Registry

KINDS = ("case", "message", "note", "person")
Scopes = tuple[str, ...]
DESK = "d"


@dataclass(frozen=True)
class Document:
    """One thing that can be found. `teams` work with it, `people` (ids) may read it in the portal, `is_for_desk`: every agent may.
    With `widens` the readers are added to those it had: for what more and more teams get to know."""

    kind: str
    object: int
    at: datetime
    title: str
    body: str = ""
    case: int | None = None
    teams: Iterable[int] = ()
    people: Iterable[int] = ()
    is_for_desk: bool = False
    widens: bool = False

    @property
    def id(self) -> int:
        """Its place in time: the millisecond, then kind and object. So the newest is always what the index ends with, whenever
        it was written, and asking for the newest first costs nothing."""
        moment = max(int(self.at.timestamp() * 1000), 0)
        return moment << 20 | KINDS.index(self.kind) << 17 | self.object & 0x1FFFF

    @property
    def terms(self) -> frozenset[str]:
        """Kind and readers, as terms of the index."""
        readers = {*(f"t{team}" for team in self.teams), *(f"p{person}" for person in self.people)}
        return frozenset({f"k{self.kind}", *readers, *([DESK] if self.is_for_desk else [])})


def for_teams(teams: Iterable[int]) -> Scopes:
    """What an agent of these teams may find: theirs, and what is for the whole desk. Nothing without a team."""
    own = tuple(f"t{team}" for team in teams)
    return (DESK, *own) if own else ()


def for_person(person: int) -> Scopes:
    """What this customer may find."""
    return (f"p{person}",)


SOURCES: Registry[Callable[[], Iterator[Document]]] = Registry("source of search documents")

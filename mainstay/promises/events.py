"""What happens to promises, and to what we promise by.

The four events of promises carry a list, since one act makes or keeps several: {"promise": id, "what": "read", "due": moment,
and "before": the deadline it replaces, or "at": when it was kept}. Moments are in ISO 8601.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mainstay.events import EventKind


@dataclass(frozen=True, kw_only=True)
class PromiseMade(EventKind):
    """We owe this by then. With "before" it was owed by another time until now: the severity, the team or our hours changed."""

    kind: ClassVar[str] = "promise.made"
    promises: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class PromiseKept(EventKind):
    """Done; "at" may be later than "due", and then it was broken before."""

    kind: ClassVar[str] = "promise.kept"
    promises: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(EventKind):
    """The time passed. It is still owed. `noticed_after` are the seconds from the deadline to this line: many after a standstill."""

    kind: ClassVar[str] = "promise.broken"
    promises: list[dict[str, Any]]
    noticed_after: int = 0
    is_belated: bool = False


@dataclass(frozen=True, kw_only=True)
class PromiseWithdrawn(EventKind):
    """Not owed any more: the case was resolved, or is spam, or nothing is promised there."""

    kind: ClassVar[str] = "promise.withdrawn"
    promises: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class CalendarMade(EventKind):
    kind: ClassVar[str] = "calendar.made"
    calendar: int


@dataclass(frozen=True, kw_only=True)
class CalendarRevised(EventKind):
    kind: ClassVar[str] = "calendar.revised"
    calendar: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class CalendarChosen(EventKind):
    """A team keeps this calendar from now on; without one, the default."""

    kind: ClassVar[str] = "calendar.chosen"
    calendar: int | None
    team: int


@dataclass(frozen=True, kw_only=True)
class TargetsSet(EventKind):
    """`targets`: severity id, minutes to read, minutes to respond."""

    kind: ClassVar[str] = "targets.set"
    targets: list[list[int | None]]

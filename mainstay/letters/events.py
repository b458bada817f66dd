"""What happens to letters; that one was written is `letter.written`, which cases records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mainstay.events import EventKind


@dataclass(frozen=True, kw_only=True)
class LetterWithheld(EventKind):
    """An automatic message was not written. `reason`: "case", "address" and "hour" are caps that were reached; "no-reply", "own
    address" and "no address" are about where it would have gone."""

    kind: ClassVar[str] = "letter.withheld"
    letter: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterChanged(EventKind):
    """A team's words were changed, or switched on or off."""

    kind: ClassVar[str] = "letter.changed"
    team: int
    letter: str
    is_on: bool

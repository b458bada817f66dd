"""The one log of what happened. A verb says what it did with `record`; other apps listen with `@on` and `@after`."""

from mainstay.events.kinds import EventKind
from mainstay.events.reacting import after, on
from mainstay.events.recording import record

__all__ = ["EventKind", "after", "on", "record"]

"""What automatic messages follow from what happens on a case."""

from __future__ import annotations

from mainstay.cases.events import CaseOpened
from mainstay.events import after
from mainstay.letters.actions import acknowledge

CHANNELS = frozenset({"email", "portal", "phone", "person"})
"""Where a customer began, and reads mail: also whoever called or stood in the door, when the agent who noted it wants it sent."""


@after(CaseOpened)
def acknowledge_the_case(event: CaseOpened) -> None:
    """Never to what a machine, a list or a bounce began: the channel says so with the event."""
    if event.answerable and event.channel in CHANNELS:
        acknowledge(event.message)

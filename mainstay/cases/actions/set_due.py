"""What is owed next on a case."""

from __future__ import annotations

from datetime import datetime

from mainstay.cases.models import Case
from mainstay.kernel.compiled import change


def set_due(case: int, at: datetime | None, what: str) -> None:
    """The nearest promise of the case, for the order of the queues. Only promises call it, inside the verb's transaction; it
    repeats what the promise's own event says, so it records none."""
    change(Case, {"id": case}, due_at=at, due_what=what if at else "")

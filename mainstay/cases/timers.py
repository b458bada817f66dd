"""What comes back by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mainstay.cases.actions.wait import wake
from mainstay.cases.models import Wait
from mainstay.jobs import every, task
from mainstay.kernel import clock

BATCH = 200


@every(seconds=15)
@task
def wake_due_cases() -> Callable[[], None]:
    """Wake the cases whose wait has run out, oldest first."""
    return partial(wake_due, BATCH)


def wake_due(limit: int) -> None:
    due = Wait.objects.filter(ended_at=None, until__lte=clock.now()).order_by("until").select_related("case")[:limit]
    for row in due:
        wake(row.case, by=None, because="date")

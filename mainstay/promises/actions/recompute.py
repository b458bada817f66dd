"""Reckoning every open promise anew, after the terms changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mainstay.cases.models import Case
from mainstay.jobs import task
from mainstay.promises.actions.settle import settle

BATCH = 50


def ask_recompute() -> None:
    """Have it done; in the transaction that changed the terms."""
    recompute.using(dedupe="promises").enqueue(0)


@task
def recompute(after: int) -> Callable[[], None] | None:
    """Settle the open and waiting cases, some at a time, each in a transaction of its own: nobody waits for the whole."""
    alive = Case.objects.filter(state__in=[Case.State.OPEN, Case.State.WAITING], pk__gt=after).order_by("pk")
    cases = list(alive.values_list("pk", flat=True)[:BATCH])
    for case in cases:
        settle(case)
    return partial(_continue, cases[-1]) if len(cases) == BATCH else None


def _continue(after: int) -> None:
    recompute.using(dedupe=f"promises:{after}").enqueue(after)

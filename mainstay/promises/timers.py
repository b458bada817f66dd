"""What time does to promises."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mainstay.jobs import every, task
from mainstay.promises.actions.break_overdue import BATCH, break_overdue


@every(seconds=15)
@task
def break_overdue_promises() -> Callable[[], None]:
    """Mark the promises whose time has passed; after a standstill as many times in a row as there are batches."""
    return partial(_break_batch, BATCH)


def _break_batch(size: int) -> None:
    if break_overdue(size) == size:
        break_overdue_promises.using(dedupe="more").enqueue()

"""Doing the jobs here and now, without a worker: for tests and for seeding the demo."""

from __future__ import annotations

from datetime import datetime, timedelta

from mainstay.jobs.outcome import GiveUp, Retry
from mainstay.kernel import clock

_LEASE = timedelta(hours=1)


def run_all(*, limit: int = 10_000, until: datetime | None = None, raise_errors: bool = True) -> int:
    """Run what is due, and what that enqueues, in this thread; how many jobs that were. Stops after `limit`.

    With `until`, also jobs due later, up to that moment, each with the clock standing at its own time. A failing job is put back as
    the worker would, and then its error is raised, unless `raise_errors` is false or the task asked for it (`Retry`, `GiveUp`).
    """
    done = _run_due(limit, raise_errors)
    while until is not None and done < limit:
        moment = _next_moment(until)
        if moment is None:
            break
        with clock.standing_at(moment):
            done += _run_due(limit - done, raise_errors)
    return done


def _run_due(limit: int, raise_errors: bool) -> int:
    from mainstay.jobs import store
    from mainstay.jobs.backend import QUEUES
    from mainstay.jobs.execution import attempt, settle

    done = 0
    while done < limit:
        # One at a time, so that a job whose error is raised leaves no claimed ones behind.
        claimed = next((jobs for queue in QUEUES if (jobs := store.claim(queue, worker="run_all", lease=_LEASE, limit=1))), None)
        if claimed is None:
            break
        error = attempt(claimed[0])
        done += 1
        if error is not None:
            settle(claimed[0], error)
            if raise_errors and not isinstance(error, (Retry, GiveUp)):
                raise error
    return done


def _next_moment(until: datetime) -> datetime | None:
    from django.db.models import Min

    from mainstay.jobs.models import Job

    later = Job.objects.filter(state=Job.State.WAITING, run_at__gt=clock.now(), run_at__lte=until)
    moment: datetime | None = later.aggregate(first=Min("run_at"))["first"]
    return moment

"""One claimed job: run it, and write its effects and its completion in one transaction."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks import TaskContext, TaskResult, TaskResultStatus

from mainstay.jobs import store
from mainstay.jobs.backend import DurableTask
from mainstay.jobs.outcome import GiveUp, LeaseLost, Retry, describe
from mainstay.jobs.store import Claimed
from mainstay.kernel import clock
from mainstay.kernel.faults import faultpoint
from mainstay.kernel.turns import writing

log = logging.getLogger("mainstay.jobs")

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=1)


def attempt(job: Claimed) -> BaseException | None:
    """Run the task and complete the job. None when it is done, or somebody else's by now; else what went wrong, still to `settle`."""
    try:
        finish = _call(job)
        faultpoint("job.ran")
        _complete(job, finish)
        faultpoint("job.done")
    except LeaseLost:
        log.warning("job %s (%s) took longer than its lease; its effects were rolled back and another worker has it", job.id, job.task)
    except (Exception, SystemExit) as error:  # a library that calls sys.exit must not end the thread
        if not connection.in_atomic_block:
            # Only now: the check costs a round trip, and a connection that just worked needs none.
            connection.close_if_unusable_or_obsolete()
        return error
    return None


def settle(job: Claimed, error: BaseException) -> None:
    """Write down how an attempt failed: put back with a growing pause, or failed for good."""
    told = describe(error)
    if isinstance(error, Retry):
        log.info("job %s (%s) comes back in %s: %s", job.id, job.task, error.after, told)
        store.put_back(job, run_at=clock.now() + error.after, counts=False, error=told)
    elif isinstance(error, GiveUp) or job.attempts >= job.max_attempts:
        log.error("job %s (%s) failed for good after %s attempts: %s", job.id, job.task, job.attempts, told)
        store.fail(job, told)
    else:
        pause = backoff(job.attempts)
        log.warning("job %s (%s) failed, attempt %s of %s: %s", job.id, job.task, job.attempts, job.max_attempts, told)
        store.put_back(job, run_at=clock.now() + pause, counts=True, error=told)


def backoff(attempts: int) -> timedelta:
    """5, 10, 20, 40 s ... up to an hour, each moved by up to a fifth so that what failed together does not return together."""
    pause: timedelta = min(_FIRST_PAUSE * 2 ** (attempts - 1), _LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)


def _call(job: Claimed) -> Callable[[], object] | None:
    declared = import_string(job.task)
    if not isinstance(declared, DurableTask):
        raise ImportError(f"{job.task} is not a task")
    if declared.takes_context:
        return _finish_of(declared.call(TaskContext(task_result=_result(job, declared)), *job.args, **job.kwargs))
    return _finish_of(declared.call(*job.args, **job.kwargs))


def _finish_of(returned: Any) -> Callable[[], object] | None:
    if returned is None:
        return None
    if callable(returned):
        return cast(Callable[[], object], returned)
    raise TypeError("a task returns nothing or its finish, a callable")


def _complete(job: Claimed, finish: Callable[[], object] | None) -> None:
    with writing():
        if finish is None:
            if not store.delete(job):
                raise LeaseLost
            return
        with transaction.atomic():
            # First, so that a lost lease costs nothing and nobody can take the job while we write.
            if not store.delete(job):
                raise LeaseLost
            finish()
            faultpoint("job.finished")


def _result(job: Claimed, declared: DurableTask[..., Any]) -> TaskResult[Any]:
    return TaskResult(
        task=declared,
        id=str(job.id),
        status=TaskResultStatus.RUNNING,
        enqueued_at=None,
        started_at=clock.now(),
        finished_at=None,
        last_attempted_at=clock.now(),
        args=job.args,
        kwargs=job.kwargs,
        backend=declared.backend,
        errors=[],
        worker_ids=[job.worker] * job.attempts,
    )

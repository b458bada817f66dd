"""Claimed jobs: run them, and write their effects and their completion in one transaction."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
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
Finish = Callable[[], object]
Ran = tuple[Claimed, Finish | None]

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=1)


def attempt(job: Claimed) -> BaseException | None:
    """Run the task and complete the job. None when it is done, or somebody else's by now; else what went wrong, still to `settle`."""
    return _guarded(job, lambda: _complete([(job, _ran(job))]))


def attempt_together(jobs: Iterable[Claimed]) -> list[tuple[Claimed, BaseException | None]]:
    """Run these one after another and complete them in one transaction, because a commit costs as much as what most jobs write.
    When anything goes wrong in it, nothing of it has happened, and each is attempted alone. Each job with what `attempt` says of it."""
    ran: list[Ran] = []
    ended = []
    for job in jobs:
        error = _guarded(job, partial(_run_into, ran, job))
        if error is not None:
            ended.append((job, error))
    try:
        if len(ran) > 1:
            _complete(ran)
            return [*ended, *((job, None) for job, _ in ran)]
    except (Exception, SystemExit) as error:
        log.info("%s jobs could not be completed together and are attempted one by one: %s", len(ran), describe(error))
        _look_after_connection()
        # A finish that was rolled back may not be called again: it may remember rows that never were.
        return [*ended, *((job, attempt(job) if finish else _guarded(job, partial(_complete, [(job, None)]))) for job, finish in ran)]
    return [*ended, *((job, _guarded(job, partial(_complete, ran))) for job, _ in ran)]


def _guarded(job: Claimed, work: Callable[[], object]) -> BaseException | None:
    try:
        work()
    except LeaseLost:
        log.warning("job %s (%s) took longer than its lease; its effects were rolled back and another worker has it", job.id, job.task)
    except (Exception, SystemExit) as error:  # a library that calls sys.exit must not end the thread
        _look_after_connection()
        return error
    return None


def _look_after_connection() -> None:
    """After an error only: the check costs a round trip, and a connection that just worked needs none."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


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


def _run_into(ran: list[Ran], job: Claimed) -> None:
    ran.append((job, _ran(job)))


def _ran(job: Claimed) -> Finish | None:
    finish = _call(job)
    faultpoint("job.ran")
    return finish


def _call(job: Claimed) -> Finish | None:
    declared = import_string(job.task)
    if not isinstance(declared, DurableTask):
        raise ImportError(f"{job.task} is not a task")
    if declared.takes_context:
        return _finish_of(declared.call(TaskContext(task_result=_result(job, declared)), *job.args, **job.kwargs))
    return _finish_of(declared.call(*job.args, **job.kwargs))


def _finish_of(returned: Any) -> Finish | None:
    if returned is None:
        return None
    if callable(returned):
        return cast(Finish, returned)
    raise TypeError("a task returns nothing or its finish, a callable")


def _complete(ran: Sequence[Ran]) -> None:
    jobs, finishes = [job for job, _ in ran], [finish for _, finish in ran if finish is not None]
    with writing():
        if not finishes:
            if not store.delete(jobs):
                raise LeaseLost
        else:
            with transaction.atomic():
                # First, so that a lost lease costs nothing and nobody can take a job while we write.
                if not store.delete(jobs):
                    raise LeaseLost
                for finish in finishes:
                    finish()
                    faultpoint("job.finished")
    faultpoint("job.done")


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

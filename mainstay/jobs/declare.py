"""Declaring tasks and schedules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar, cast, overload

import django_tasks

from mainstay.jobs.backend import MAX_ATTEMPTS, DurableTask
from mainstay.kernel.registry import Registry

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Rhythm:
    """A task without arguments and how often it is due."""

    task: DurableTask[..., Any]
    period: timedelta


rhythms: Registry[Rhythm] = Registry("schedule")


@overload
def task(function: Callable[P, T]) -> DurableTask[P, T]: ...


@overload
def task(
    *, priority: int = 0, queue_name: str = "default", lane: str = "", dedupe: str = "", max_attempts: int = MAX_ATTEMPTS
) -> Callable[[Callable[P, T]], DurableTask[P, T]]: ...


def task(function: Callable[P, T] | None = None, **options: Any) -> Any:
    """Make a module-level function a task: `remind.enqueue(case_id)` asks for it inside the caller's transaction.

    The function runs outside any transaction, at least once, and may take its time (network, CPU). It may return a callable, its
    *finish*: the worker calls that without arguments in one transaction with the job's completion, so what it writes is written once.
    An exception from either means another try after a growing pause. `priority` n from -100 to 100 is a head start of n times six
    seconds. `lane`: one at a time, in order of asking. `dedupe`: at most one waiting job of this task has the key, and asking again
    returns it with its own arguments. What may wait for another machine belongs on `queue_name="network"`: it has threads of its own,
    so that a server that hangs never holds up the rest.
    """
    return django_tasks.task(function, **options) if function else django_tasks.task(**options)


def every(*, seconds: float, name: str = "") -> Callable[[DurableTask[P, T]], DurableTask[P, T]]:
    """Enqueue the task every so many seconds, by one worker only; after a standstill it is due once, not once for each time missed.

    Put it above `@task`, in an app's `timers` module. The schedule is called `name`, or as its function ("cases.timers.wake_due_cases");
    a new name is due at once. Raises ValueError when the name is taken.
    """

    def register(declared: DurableTask[P, T]) -> DurableTask[P, T]:
        called = name or declared.module_path.removeprefix("mainstay.")
        rhythms.register(called, Rhythm(cast("DurableTask[..., Any]", declared), timedelta(seconds=seconds)))
        return declared

    return register

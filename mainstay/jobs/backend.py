"""Our engine behind Django's Tasks API: jobs are rows, written in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.exceptions import InvalidTaskError
from django_tasks.signals import task_enqueued

from mainstay.jobs import store
from mainstay.kernel import clock

P = ParamSpec("P")
T = TypeVar("T")

QUEUES = ("default", "network")
MAX_ATTEMPTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableTask(Task[P, T]):
    lane: str = ""
    """Jobs of one lane run one at a time, in the order they were asked for."""

    dedupe: str = ""
    """At most one waiting job of this task carries this key."""

    max_attempts: int = MAX_ATTEMPTS
    """How often it is tried before it stands in the list of failed jobs."""

    def using(  # type: ignore[override]  # wider than the standard's: three options more
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | timedelta | None = None,
        backend: str | None = None,
        lane: str | None = None,
        dedupe: str | None = None,
        max_attempts: int | None = None,
    ) -> DurableTask[P, T]:
        """The same task with other options. `run_after` is a moment, or how long from now."""
        wanted: dict[str, Any] = {
            "priority": priority,
            "queue_name": queue_name,
            "run_after": clock.now() + run_after if isinstance(run_after, timedelta) else run_after,
            "backend": backend,
            "lane": lane,
            "dedupe": dedupe,
            "max_attempts": max_attempts,
        }
        return replace(self, **{name: value for name, value in wanted.items() if value is not None})


class Durable(BaseTaskBackend):
    """Jobs survive whatever the database survives. Done ones leave no row, so results can't be asked for."""

    task_class = DurableTask
    supports_defer = True
    supports_priority = True

    def validate_task(self, task: Task[..., Any]) -> None:
        super().validate_task(task)
        if task.queue_name not in QUEUES:
            raise InvalidTaskError(f"No worker looks at the queue {task.queue_name!r}; there are {' and '.join(QUEUES)}.")

    def enqueue(self, task: Task[P, T], args: P.args, kwargs: P.kwargs) -> TaskResult[T]:  # type: ignore[valid-type]
        """One INSERT. Raises TypeError when an argument is not JSON, because the job has to outlive this process."""
        assert isinstance(task, DurableTask)
        now = clock.now()
        result: TaskResult[T] = TaskResult(
            task=task,
            id="",
            status=TaskResultStatus.READY,
            enqueued_at=now,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        wish = store.Wish(
            task=task.module_path,
            args=result.args,
            kwargs=result.kwargs,
            queue=task.queue_name,
            lane=task.lane,
            dedupe=task.dedupe,
            priority=task.priority,
            run_at=task.run_after or now,
            max_attempts=task.max_attempts,
        )
        object.__setattr__(result, "id", str(store.insert(wish)))
        task_enqueued.send(type(self), task_result=result)
        return result

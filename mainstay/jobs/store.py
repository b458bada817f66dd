"""The queue's statements, one each way, for SQLite and PostgreSQL. Hand-written: a job costs three statements, and each is hot.

Claims take FOR UPDATE SKIP LOCKED on PostgreSQL; on SQLite an UPDATE takes the one write lock first, which does the same.
The partial unique indexes hold what no query can promise alone: one waiting job per dedupe key, one running job per lane.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from mainstay.kernel import clock
from mainstay.kernel.turns import writing

HEAD_START = timedelta(seconds=6)
_MOST_BEHIND = 100 * HEAD_START


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    task: str
    args: Sequence[Any]
    kwargs: dict[str, Any]
    queue: str
    lane: str
    dedupe: str
    priority: int
    run_at: datetime
    max_attempts: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that is ours until the lease runs out; `fence` proves it."""

    id: int
    fence: int
    task: str
    args: list[Any]
    kwargs: dict[str, Any]
    priority: int
    attempts: int
    max_attempts: int
    worker: str


def rank(run_at: datetime, priority: int) -> datetime:
    return run_at - priority * HEAD_START


# A dedupe key that is taken touches the waiting row: the lock keeps a worker from claiming it before our transaction commits,
# else it could run without seeing what we are about to commit, and nobody would run again.
_INSERT = """
    INSERT INTO jobs_job (task, args, kwargs, queue, lane, dedupe, priority, run_at, rank, state, attempts, max_attempts, fence,
                          lease_until, worker, last_error, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting', 0, %s, 0, NULL, '', '', %s)
    ON CONFLICT (task, dedupe) WHERE state = 'waiting' AND NOT (dedupe = '')
    DO UPDATE SET run_at = CASE WHEN excluded.run_at < jobs_job.run_at THEN excluded.run_at ELSE jobs_job.run_at END,
                  rank = CASE WHEN excluded.rank < jobs_job.rank THEN excluded.rank ELSE jobs_job.rank END
    RETURNING id
"""


def insert(wish: Wish) -> int:
    """Store the job in the caller's transaction and return its id, or the id of the waiting one with the same dedupe key."""
    adapt = connection.ops.adapt_datetimefield_value
    values: list[Any] = [
        wish.task,
        json.dumps(wish.args),
        json.dumps(wish.kwargs),
        wish.queue,
        wish.lane,
        wish.dedupe,
        wish.priority,
        adapt(wish.run_at),
        adapt(rank(wish.run_at, wish.priority)),
        wish.max_attempts,
        adapt(clock.now()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        row = cursor.fetchone()
    return int(row[0])


# Of a lane, only the first may go, and only while none runs. The first is the earliest of those that are due or in the pause after a
# failure; one that was put off on purpose and never tried holds nobody back. Two scalar probes, because each is then one step into
# its index: as a single EXISTS, PostgreSQL reads the whole lane for every candidate.
_DUE = """
    SELECT j.id FROM jobs_job j
    WHERE j.state = 'waiting' AND j.queue = %(queue)s AND j.rank <= %(horizon)s AND j.run_at <= %(now)s
      AND (j.lane = '' OR (
        (SELECT r.id FROM jobs_job r WHERE r.lane = j.lane AND r.state = 'running' AND NOT (r.lane = '') LIMIT 1) IS NULL
        AND j.id = (SELECT e.id FROM jobs_job e
                    WHERE e.lane = j.lane AND e.state = 'waiting' AND NOT (e.lane = '') AND (e.run_at <= %(now)s OR e.attempts > 0)
                    ORDER BY e.id LIMIT 1)))
    ORDER BY j.rank, j.id LIMIT %(limit)s
"""
_LAPSED = """
    SELECT j.id FROM jobs_job j
    WHERE j.state = 'running' AND j.queue = %(queue)s AND j.lease_until < %(now)s
    ORDER BY j.lease_until, j.id LIMIT %(limit)s
"""
_TAKE = """
    UPDATE jobs_job
    SET state = 'running', fence = fence + 1, attempts = attempts + 1, lease_until = %(lease)s, worker = %(worker)s
    WHERE id IN ({chosen})
    RETURNING id, fence, task, args, kwargs, priority, attempts, max_attempts, worker, rank
"""


def is_due(queue: str) -> bool:
    """Whether a claim would find something; reads only, so an idle worker never takes SQLite's write lock. On PostgreSQL a claim that
    finds nothing disturbs nobody, and the question is left out."""
    if connection.vendor == "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(_DUE, _moment(queue, limit=1))
        return cursor.fetchone() is not None


def claim(queue: str, *, worker: str, lease: timedelta, limit: int) -> list[Claimed]:
    """Up to `limit` due jobs, at most one of each lane, in the order to run them."""
    return _take(_DUE, queue, worker, lease, limit)


def reclaim(queue: str, *, worker: str, lease: timedelta) -> list[Claimed]:
    """One job whose worker has stopped renewing its lease.

    Only one: it may be what killed that worker, and should not take nineteen bystanders along at every try.
    """
    with writing(), connection.cursor() as cursor:
        cursor.execute(_LAPSED, _moment(queue, limit=1))
        if cursor.fetchone() is None:
            return []
        cursor.execute(
            "UPDATE jobs_job SET state = 'failed', worker = '', lease_until = NULL, last_error = %(error)s WHERE state = 'running'"
            " AND queue = %(queue)s AND lease_until < %(now)s AND attempts >= max_attempts",
            _moment(queue, limit=1) | {"error": "its worker stopped in the middle of it at every try"},
        )
    return _take(_LAPSED, queue, worker, lease, 1)


def _take(chosen: str, queue: str, worker: str, lease: timedelta, limit: int) -> list[Claimed]:
    values = _moment(queue, limit) | {"worker": worker, "lease": connection.ops.adapt_datetimefield_value(clock.now() + lease)}
    if connection.vendor == "postgresql":
        # In a CTE, because PostgreSQL may run a subquery of IN more than once, each time with other rows.
        locked = f"WITH chosen AS MATERIALIZED ({chosen} FOR UPDATE OF j SKIP LOCKED) "
        statement = locked + _TAKE.format(chosen="SELECT id FROM chosen")
    else:
        statement = _TAKE.format(chosen=chosen)
    try:
        with writing(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall()
    except IntegrityError:
        # Two workers each saw a free lane at the same moment; the index let one of them have it. We come back for the others.
        return []
    rows.sort(key=lambda row: (row[9], row[0]))
    return [Claimed(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]), *row[5:9]) for row in rows]


def _moment(queue: str, limit: int) -> dict[str, Any]:
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    return {"queue": queue, "now": adapt(now), "horizon": adapt(now + _MOST_BEHIND), "limit": limit}


_MINE = "WHERE id = %s AND fence = %s AND state = 'running'"


def delete(jobs: Sequence[Claimed]) -> bool:
    """Done. False when a lease was lost; some may be gone then, so roll back, and write nothing else for these jobs."""
    if len(jobs) == 1:
        which, values = _MINE, [jobs[0].id, jobs[0].fence]
    else:
        which, values = _ours(jobs)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM jobs_job {which}", values)
        return int(cursor.rowcount) == len(jobs)


def _ours(jobs: Sequence[Claimed]) -> tuple[str, list[Any]]:
    places = ", ".join(["(%s, %s)"] * len(jobs))
    values = [value for job in jobs for value in (job.id, job.fence)]
    return f"WHERE (id, fence) IN (VALUES {places}) AND state = 'running'", values


def put_back(job: Claimed, *, run_at: datetime, counts: bool, error: str) -> bool:
    """Let it wait until `run_at`; `counts` says whether this was an attempt. False when the lease was lost."""
    adapt = connection.ops.adapt_datetimefield_value
    attempts = job.attempts if counts else job.attempts - 1
    return _wait(
        job, "run_at = %s, rank = %s, attempts = %s, last_error = %s", [adapt(run_at), adapt(rank(run_at, job.priority)), attempts, error]
    )


def release(job: Claimed) -> bool:
    """Claimed and not begun: somebody else may have it, as if we had never touched it."""
    return _wait(job, "attempts = %s", [job.attempts - 1])


def _wait(job: Claimed, changes: str, values: list[Any]) -> bool:
    statement = f"UPDATE jobs_job SET {changes}, state = 'waiting', lease_until = NULL, worker = '' {_MINE}"
    try:
        with writing(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [*values, job.id, job.fence])
            return bool(cursor.rowcount)
    except IntegrityError:
        # A job with its dedupe key is waiting already: that one does the work.
        with writing():
            return delete([job])


def fail(job: Claimed, error: str) -> bool:
    """No more tries; it stands in the list of failed jobs. False when the lease was lost."""
    with writing(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE jobs_job SET state = 'failed', lease_until = NULL, worker = '', last_error = %s {_MINE}", [error, job.id, job.fence]
        )
        return bool(cursor.rowcount)


def renew(jobs: Sequence[Claimed], until: datetime) -> None:
    """Move the leases of the jobs in hand; `until` in the past gives them up at once."""
    if not jobs:
        return
    which, values = _ours(jobs)
    with writing(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE jobs_job SET lease_until = %s {which}", [connection.ops.adapt_datetimefield_value(until), *values])

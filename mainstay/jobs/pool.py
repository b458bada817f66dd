"""Threads that share what they claim: one goes to the database for all, and they take turns to write."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from threading import Condition, Event, Thread

from django.db import Error as AnyDatabaseError
from django.db import connection

from mainstay.jobs import store
from mainstay.jobs.execution import attempt_together, settle
from mainstay.jobs.outcome import describe
from mainstay.jobs.store import Claimed
from mainstay.kernel import clock
from mainstay.kernel.faults import faultpoint

log = logging.getLogger("mainstay.jobs")

POLL = 0.1
_AHEAD = 0.2
_LAPSED_EVERY = 1.0
_STALE = 1.0
_LONGEST_PAUSE = 2.0
_TOGETHER_WITHIN = 0.02
_GATHER = 0.025


class Pool:
    """The threads of one queue in one worker process."""

    def __init__(
        self, queue: str, *, threads: int, worker: str, lease: timedelta, most: int, together: int = 1, poll: float = POLL
    ) -> None:
        self.queue = queue
        self.worker = worker
        self.lease = lease
        self.most = most
        self.together = together
        self.poll = poll
        self.threads = [Thread(target=self._serve, name=f"{queue}-{number + 1}", daemon=True) for number in range(threads)]
        self._stopping = Event()
        self._changed = Condition()
        self._ready: deque[Claimed] = deque()
        self._in_hand: dict[tuple[int, int], Claimed] = {}
        self._pace = _AHEAD / 4
        self._claimed_at = 0.0
        self._had_more = True
        self._look_again_at = 0.0
        self._looked_for_lapsed_at = 0.0

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is running, begin nothing more."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()

    def in_hand(self) -> list[Claimed]:
        """Every job whose lease this pool has to renew."""
        with self._changed:
            return [*self._in_hand.values(), *self._ready]

    def let_go(self, *, all_of_them: bool = False) -> None:
        """Give back what was claimed and not begun within a second: a long job here must not hold up what others could do."""
        with self._changed:
            if not all_of_them and time.monotonic() - self._claimed_at < _STALE:
                return
            given_up = list(self._ready)
            self._ready.clear()
        for job in given_up:
            store.release(job)

    def _serve(self) -> None:
        pause = self.poll
        while not self._stopping.is_set():
            try:
                self._do_some()
                pause = self.poll
            except AnyDatabaseError as error:
                log.warning("the database did not answer, next try in %.1f s: %s", pause, describe(error))
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                connection.close_if_unusable_or_obsolete()
        connection.close()

    def _next(self) -> Claimed | None:
        with self._changed:
            if not self._ready and not self._stopping.is_set():
                self._refill()
            if not self._ready:
                self._changed.wait(max(0.001, min(self.poll, self._look_again_at - time.monotonic())))
            return self._at_hand()

    def _at_hand(self) -> Claimed | None:
        with self._changed:
            if not self._ready or self._stopping.is_set():
                return None
            job = self._ready.popleft()
            self._in_hand[job.id, job.fence] = job
            return job

    def _refill(self) -> None:
        moment = time.monotonic()
        if moment < self._look_again_at:
            return
        jobs: list[Claimed] = []
        if moment - self._looked_for_lapsed_at >= _LAPSED_EVERY:
            jobs = store.reclaim(self.queue, worker=self.worker, lease=self.lease)
            if not jobs:
                self._looked_for_lapsed_at = moment
        limit = self._worth()
        if not jobs and store.is_due(self.queue):
            jobs = store.claim(self.queue, worker=self.worker, lease=self.lease, limit=limit)
        if not jobs:
            # However long a look takes (thousands behind one in a lane make it slow), nine tenths of the time are for others.
            looked = time.monotonic()
            self._look_again_at = looked + max(self.poll, 9 * (looked - moment))
            return
        faultpoint("job.claimed")
        self._claimed_at = time.monotonic()
        self._had_more = len(jobs) >= limit
        self._ready.extend(jobs)
        self._changed.notify(len(jobs) - 1)

    def _worth(self) -> int:
        """As many jobs as these threads can probably do in a fifth of a second: more would only wait here instead of elsewhere."""
        return max(1, min(self.most, int(_AHEAD * len(self.threads) / self._pace)))

    def _do_some(self) -> None:
        began = time.monotonic()
        taken: list[Claimed] = []
        try:
            for job, error in attempt_together(self._some(taken)):
                if error is not None:
                    self._settle(job, error)
        finally:
            if taken:
                self._put_down(taken, time.monotonic() - began)

    def _put_down(self, jobs: list[Claimed], seconds: float) -> None:
        with self._changed:
            for job in jobs:
                self._in_hand.pop((job.id, job.fence), None)
            self._pace += 0.2 * (seconds / len(jobs) - self._pace)
            # What they enqueued is due now, and whoever looked a moment ago may have looked too early. But when there was little, a few
            # at a time are worth the wait: a claim costs as much as a job.
            self._look_again_at = 0.0 if self._had_more else self._claimed_at + _GATHER

    def _some(self, taken: list[Claimed]) -> Iterator[Claimed]:
        """The next job, and while these take next to no time, a few more to complete together with it."""
        job = self._next()
        until = time.monotonic() + _TOGETHER_WITHIN
        while job is not None:
            taken.append(job)
            yield job
            job = self._at_hand() if len(taken) < self.together and time.monotonic() < until else None

    def _settle(self, job: Claimed, error: BaseException) -> None:
        """Written down even when the database is just coming back, as long as the lease is ours; else it lapses and is taken over."""
        until = clock.now() + self.lease
        while True:
            try:
                return settle(job, error)
            except AnyDatabaseError:
                if clock.now() >= until or self._stopping.is_set():
                    raise
                self._stopping.wait(1)
                connection.close_if_unusable_or_obsolete()

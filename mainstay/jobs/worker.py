"""The worker process: two pools of threads, and a heartbeat that keeps their leases and fires the schedules."""

from __future__ import annotations

import logging
import os
import socket
import time
from datetime import datetime, timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.db import connection

from mainstay.jobs import schedules, store
from mainstay.jobs.models import Worker as WorkerRow
from mainstay.jobs.outcome import describe
from mainstay.jobs.pool import Pool
from mainstay.kernel import clock, ids
from mainstay.kernel.turns import writing

log = logging.getLogger("mainstay.jobs")

BATCH = 20
TOGETHER = 6
_TICK = 0.5
_FORGET_AFTER = timedelta(days=1)


class Worker:
    """`run()` works until `stop()`; the jobs that are running then get `patience` seconds to end, and are given up after that."""

    def __init__(self, *, threads: int = 2, network_threads: int = 2, patience: float = 8.0) -> None:
        host = socket.gethostname()[:60]
        self.name = f"{host}:{os.getpid()}:{ids.token()[:8]}"
        self.host = host
        self.lease = timedelta(seconds=settings.JOB_LEASE_SECONDS)
        self.patience = patience
        self.started_at: datetime = clock.now()
        # Where one writes at a time anyway. Elsewhere two long transactions would wait for each other's rows, until one gives up.
        together = TOGETHER if connection.vendor == "sqlite" else 1
        self.pools = [
            Pool("default", threads=threads, worker=self.name, lease=self.lease, most=BATCH, together=together),
            # What another machine answered is written down at once, whatever the next one says.
            Pool("network", threads=network_threads, worker=self.name, lease=self.lease, most=BATCH, poll=0.25),
        ]
        self._stopping = Event()
        self._ended = Event()

    def run(self) -> None:
        heartbeat = Thread(target=self._beat, name="heartbeat", daemon=True)
        heartbeat.start()
        for pool in self.pools:
            pool.start()
        log.info("worker %s works", self.name)
        # In slices, because a signal's handler only runs when the main thread comes back from waiting.
        while not self._stopping.wait(1):
            pass
        self._end()
        heartbeat.join(1)

    def stop(self) -> None:
        """Safe in a signal handler."""
        self._stopping.set()

    def _end(self) -> None:
        for pool in self.pools:
            pool.stop()
        patience = time.monotonic() + self.patience
        for pool in self.pools:
            for thread in pool.threads:
                thread.join(max(0.0, patience - time.monotonic()))
        self._ended.set()
        try:
            for pool in self.pools:
                pool.let_go(all_of_them=True)
                store.renew(pool.in_hand(), clock.now())
            with writing():
                WorkerRow.objects.filter(pk=self.name).delete()
        except AnyDatabaseError as error:
            log.warning("the worker's jobs come back when their leases end: %s", describe(error))
        log.info("worker %s stops", self.name)

    def _beat(self) -> None:
        beat_at = 0.0
        while not self._ended.is_set():
            try:
                if time.monotonic() >= beat_at:
                    self._renew()
                    beat_at = time.monotonic() + self.lease.total_seconds() / 3
                for pool in self.pools:
                    pool.let_go()
                if not self._stopping.is_set():
                    schedules.fire_due()
            except AnyDatabaseError as error:
                log.warning("the heartbeat found no database: %s", describe(error))
                connection.close_if_unusable_or_obsolete()
            except Exception as error:
                # The leases of everything that runs depend on this thread.
                log.error("the heartbeat stumbled: %s", describe(error))  # noqa: TRY400 — its own text may be somebody's words
            self._ended.wait(_TICK)
        connection.close()

    def _renew(self) -> None:
        now = clock.now()
        for pool in self.pools:
            store.renew(pool.in_hand(), now + self.lease)
        with writing():
            if not WorkerRow.objects.filter(pk=self.name).update(seen_at=now):
                WorkerRow.objects.filter(seen_at__lt=now - _FORGET_AFTER).delete()
                WorkerRow.objects.create(name=self.name, host=self.host, pid=os.getpid(), started_at=self.started_at, seen_at=now)

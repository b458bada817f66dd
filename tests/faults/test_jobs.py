"""Workers that die at every point, stand still, or meet a busy database: nothing owed is lost, nothing is done twice.

A run is one point and one passing of it; two passings in `make test`, every one of them in `make faults`.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from mainstay.jobs import queries
from mainstay.jobs.models import Job, Worker
from mainstay.people.models import Organization
from tests.jobs import errands
from tests.jobs.processes import until, worker

pytestmark = pytest.mark.usefixtures("committed")

JOBS = 12
PASSINGS = range(1, JOBS + 1) if os.environ.get("MAINSTAY_ALL_SEEDS") else (1, 7)


def owed() -> None:
    """Letters in a lane, letters without, and one that asks for another."""
    with transaction.atomic():
        for number in range(4):
            errands.deliver.using(lane="case:1").enqueue(f"in the lane {number}")
            errands.deliver.enqueue(f"free {number}")
            errands.ask_for_more.enqueue(f"and more {number}")


OWED = sorted(
    [f"{kind} {number}" for kind in ("in the lane", "free", "and more") for number in range(4)]
    + [f"and more {number}, next" for number in range(4)]
)


def done() -> list[str]:
    """The effects that stand, each as often as it happened."""
    return sorted(Organization.objects.values_list("name", flat=True))


@pytest.mark.reliability("R-51")
@pytest.mark.parametrize("passing", PASSINGS)
@pytest.mark.parametrize("point", ["job.claimed", "job.ran", "job.finished", "job.done"])
def test_a_worker_killed_at_any_point_leaves_everything_done_once(point: str, passing: int) -> None:
    owed()
    killed_at = min(passing, 3) if point == "job.claimed" else passing
    with worker(lease=1, MAINSTAY_FAULT=f"{point}:kill:{killed_at}") as victim:
        until(lambda: victim.poll() is not None or not Job.objects.exists(), what=f"the kill at {point}")
    with worker(lease=1):
        until(lambda: not Job.objects.exists(), seconds=60, what="the end of every job")
    assert done() == OWED


@pytest.mark.reliability("R-51")
@pytest.mark.parametrize("point", ["job.ran", "job.finished"])
def test_an_error_at_any_point_is_an_attempt_and_no_more(point: str) -> None:
    owed()
    with worker(MAINSTAY_FAULT=f"{point}:raise:3"):
        until(lambda: not Job.objects.exists(), what="the second try")
    assert done() == OWED


@pytest.mark.reliability("R-52")
def test_a_worker_that_was_suspended_past_its_lease_writes_nothing_when_it_wakes(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    errands.slow_letter.enqueue(str(path), "the slow one", 2)
    with worker(lease=1) as sleeper:
        until(lambda: errands.lines(path), what="the beginning of the slow job")
        sleeper.send_signal(signal.SIGSTOP)
        with worker(lease=1):
            until(lambda: errands.effects("the slow one") == 1, what="the take-over")
            sleeper.send_signal(signal.SIGCONT)
            time.sleep(3)
        errands.deliver.enqueue("after it woke")
        until(lambda: errands.effects("after it woke") == 1, what="the next job of the one that slept")
    assert errands.effects("the slow one") == 1
    assert len(errands.lines(path)) == 2


@pytest.mark.reliability("R-25")
def test_a_worker_that_was_killed_is_missed_within_one_lease(settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 2
    with worker(lease=2) as killed:
        until(lambda: queries.workers_alive().exists(), what="its heartbeat")
        killed.kill()
        killed.wait()
        until(lambda: not queries.workers_alive().exists(), seconds=4, what="that it is missed")
    assert Worker.objects.get().pid == killed.pid, "its last sign of life stays, for the page that names it"


@pytest.mark.reliability("R-41")
def test_eight_writers_a_long_reader_and_a_worker_get_on_with_each_other() -> None:
    longest: list[float] = []
    troubles: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(25):
                began = time.monotonic()
                with transaction.atomic():
                    errands.effect(f"{writer}-{number}")
                    errands.deliver.enqueue(f"letter {writer}-{number}")
                longest.append(time.monotonic() - began)
                time.sleep(0.005)
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    with worker(), long_read():
        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join()
        until(lambda: not Job.objects.exists(), what="the end of every job")
    assert troubles == []
    assert max(longest) < 5
    assert Organization.objects.count() == 2 * 8 * 25
    assert not Job.objects.filter(state="failed").exists()


@contextmanager
def long_read() -> Iterator[None]:
    """A report that reads on one snapshot all the while, which also keeps SQLite's log from being folded back."""
    begun, done = threading.Event(), threading.Event()

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # a plain one: it only reads, so it must not take the write lock
            cursor.execute("SELECT count(*) FROM people_organization")
            begun.set()
            done.wait()
            cursor.execute("COMMIT")
        connection.close()

    reading = threading.Thread(target=read)
    reading.start()
    begun.wait(10)
    try:
        yield
    finally:
        done.set()
        reading.join()

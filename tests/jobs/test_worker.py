"""The worker process: what it had in hand is done by somebody, once, however it ends."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from mainstay.jobs import queries
from mainstay.jobs.models import Job, Worker
from mainstay.kernel import clock
from tests.jobs import errands
from tests.jobs.processes import until, worker

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.reliability("R-51")
def test_a_worker_killed_in_the_middle_of_a_job_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    errands.slow_letter.enqueue(str(path), "the slow one", 60)
    for number in range(30):
        errands.deliver.enqueue(f"letter {number}")
    with worker(lease=2) as first:
        until(lambda: errands.lines(path), what="the beginning of the slow job")
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert Job.objects.filter(state="running").exists()
    with worker(lease=2):
        until(lambda: not Job.objects.exists(), what="the end of every job")
    assert len(errands.lines(path)) == 2
    assert errands.effects("the slow one") == 1
    assert all(errands.effects(f"letter {number}") == 1 for number in range(30))


@pytest.mark.reliability("R-51")
def test_a_kill_between_the_effect_and_its_mark_leaves_it_done_once() -> None:
    errands.deliver.enqueue("letter")
    with worker(lease=2, MAINSTAY_FAULT="job.finished:kill:1") as first:
        first.wait(20)
    assert errands.effects("letter") == 0
    with worker(lease=2):
        until(lambda: not Job.objects.exists(), what="the end of the job")
    assert errands.effects("letter") == 1


def test_a_job_that_kills_every_worker_ends_in_the_list_and_takes_nobody_along(tmp_path: Path) -> None:
    path = tmp_path / "kills"
    with transaction.atomic():
        for number in range(10):
            errands.deliver.using(max_attempts=3).enqueue(f"before {number}")
        errands.kill_my_worker.using(max_attempts=3).enqueue(str(path))
        for number in range(10):
            errands.deliver.using(max_attempts=3).enqueue(f"after {number}")
    for _ in range(3):
        with worker(lease=2) as victim:
            victim.wait(30)
    with worker(lease=2):
        until(lambda: Job.objects.filter(state="failed").exists(), what="the failure of the poison")
        until(lambda: Job.objects.count() == 1, what="the end of the others")
    assert Job.objects.get().last_error == "its worker stopped in the middle of it at every try"
    assert len(errands.lines(path)) == 3
    assert errands.Organization.objects.count() == 20


def test_a_worker_that_is_asked_to_stop_finishes_what_runs_and_gives_back_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    errands.slow_letter.enqueue(str(path), "the slow one", 1.5)
    with worker("--threads", "1") as only:
        until(lambda: errands.lines(path), what="the beginning of the slow job")
        errands.deliver.enqueue("for the next worker")
        only.send_signal(signal.SIGTERM)
        assert only.wait(15) == 0
    assert errands.effects("the slow one") == 1
    left = Job.objects.get()
    assert (left.state, left.attempts) == ("waiting", 0)
    assert not Worker.objects.exists()


def test_a_job_outlasting_the_stop_is_free_for_the_next_worker_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    errands.slow_letter.enqueue(str(path), "the slow one", 120)
    with worker() as first:
        until(lambda: errands.lines(path), what="the beginning of the slow job")
        first.send_signal(signal.SIGTERM)
        assert first.wait(15) == 0
    with worker():
        until(lambda: errands.effects("the slow one") == 1, what="the second try")


def test_the_lease_of_a_long_job_is_renewed_while_its_worker_lives(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    errands.slow_letter.enqueue(str(path), "the slow one", 5)
    with worker(lease=2), worker(lease=2):
        until(lambda: errands.effects("the slow one") == 1, what="the end of the slow job")
    assert len(errands.lines(path)) == 1


def test_servers_that_hang_do_not_hold_up_the_rest(tmp_path: Path) -> None:
    with transaction.atomic():
        for _ in range(6):
            errands.hang.enqueue(str(tmp_path / "hanging"), 30)
    with worker() as only:
        until(lambda: len(errands.lines(tmp_path / "hanging")) == 2, what="two hanging deliveries")
        errands.deliver.enqueue("an acknowledgement")
        until(lambda: errands.effects("an acknowledgement") == 1, seconds=6, what="the acknowledgement")
        only.kill()


def test_a_slow_job_gives_back_what_was_claimed_along_with_it(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    with transaction.atomic():
        errands.slow_letter.enqueue(str(path), "the slow one", 60)
        for number in range(5):
            errands.deliver.enqueue(f"letter {number}")
    with worker("--threads", "1") as stuck:
        until(lambda: errands.lines(path), what="the beginning of the slow job")
        with worker("--threads", "1"):
            until(lambda: errands.Organization.objects.count() == 5, seconds=10, what="the other five")
        stuck.kill()


@pytest.mark.reliability("R-25")
def test_the_health_of_the_queue_names_what_stands_still() -> None:
    assert queries.health() == queries.Health(oldest_waiting=None, failed=0, workers=0)
    errands.never.enqueue()
    with worker():
        until(lambda: queries.health().workers == 1, what="the worker's first heartbeat")
        until(lambda: queries.health().failed == 1, what="the failure")
    assert queries.health().workers == 0
    errands.deliver.enqueue("nobody does this")
    with clock.standing_at(clock.now() + timedelta(minutes=6)):
        waiting = queries.health().oldest_waiting
    assert waiting is not None and waiting > timedelta(minutes=5)


@pytest.mark.reliability("R-40")
def test_a_worker_whose_connections_are_cut_goes_on_within_seconds(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    errands.slow_letter.enqueue(str(path), "begun before the cut", 2)
    with worker() as only:
        until(lambda: errands.lines(path), what="the beginning of the slow job")
        cut_connections(only.pid)
        errands.deliver.enqueue("asked after the cut")
        until(lambda: errands.effects("asked after the cut") == 1, seconds=30, what="the next job")
        until(lambda: errands.effects("begun before the cut") == 1, seconds=30, what="the job that was cut")
        assert only.poll() is None
    assert not Job.objects.exists()


def cut_connections(pid: int) -> None:
    """What a restart of PostgreSQL does to a worker; SQLite has no connections to cut, there the worker only has to go on."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
    assert Path(f"/proc/{pid}").exists()

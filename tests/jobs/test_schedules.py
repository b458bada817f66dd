"""Schedules: due once, whatever happened in between, by one worker only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mainstay.jobs import declare, every, run_all, schedules
from mainstay.jobs.models import Job, Schedule
from mainstay.kernel import clock
from mainstay.kernel.registry import Registry
from tests.jobs import errands
from tests.jobs.processes import until, worker


@pytest.fixture(autouse=True)
def one_schedule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the schedules of the test, so that those of the installed apps do not fire beside them."""
    alone: Registry[declare.Rhythm] = Registry("schedule")
    for module in (declare, schedules):
        monkeypatch.setattr(module, "rhythms", alone)
    every(seconds=60, name="tick")(errands.look_only)
    yield


@pytest.mark.django_db
@pytest.mark.reliability("R-50")
def test_after_a_standstill_it_is_due_once_and_keeps_its_rhythm() -> None:
    start = clock.now()
    with clock.standing_at(start):
        assert schedules.fire_due() == 1, "a new schedule is due at once"
        assert schedules.fire_due() == 0
        run_all()
    with clock.standing_at(start + timedelta(hours=8, seconds=20)):
        assert schedules.fire_due() == 1
        assert schedules.fire_due() == 0
        assert Schedule.objects.get().next_at == start + timedelta(hours=8, minutes=1)


@pytest.mark.django_db
@pytest.mark.reliability("R-52")
def test_a_clock_that_goes_back_neither_fires_early_nor_stops_the_schedule() -> None:
    start = clock.now()
    with clock.standing_at(start):
        schedules.fire_due()
    with clock.standing_at(start - timedelta(hours=1)):
        assert schedules.fire_due() == 0
        assert start - timedelta(hours=1) < Schedule.objects.get().next_at <= start - timedelta(minutes=59)
    with clock.standing_at(start - timedelta(minutes=58)):
        assert schedules.fire_due() == 1


@pytest.mark.django_db
def test_a_schedule_whose_last_job_still_waits_or_runs_does_not_pile_up() -> None:
    start = clock.now()
    for minute in range(5):
        with clock.standing_at(start + timedelta(minutes=minute)):
            schedules.fire_due()
    assert Job.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.reliability("R-53")
def test_schedules_due_at_one_instant_go_in_the_order_of_their_names() -> None:
    every(seconds=60, name="snooze")(errands.later)
    every(seconds=60, name="auto-close")(errands.never)
    schedules.fire_due()
    tasks = [task.rpartition(".")[2] for task in Job.objects.order_by("id").values_list("task", flat=True)]
    assert tasks == ["never", "later", "look_only"]


@pytest.mark.django_db
@pytest.mark.reliability("R-53")
def test_of_two_workers_that_saw_the_same_moment_one_fires() -> None:
    start = clock.now()
    Schedule.objects.create(name="tick", next_at=start)
    rhythm = declare.rhythms["tick"]
    assert schedules._fire("tick", rhythm, start, start)
    assert not schedules._fire("tick", rhythm, start, start)
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("committed")
@pytest.mark.reliability("R-53")
def test_two_worker_processes_fire_every_moment_once(tmp_path: Path) -> None:
    path = tmp_path / "ticks"
    with worker(MAINSTAY_TEST_TICKS=str(path)), worker(MAINSTAY_TEST_TICKS=str(path)):
        until(lambda: len(errands.lines(path)) >= 4, what="four ticks")
    moments = errands.lines(path)
    assert len(moments) == len(set(moments))

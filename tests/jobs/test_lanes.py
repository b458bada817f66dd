"""Lanes: one at a time, in the order they were asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from mainstay.jobs import store
from mainstay.jobs.models import Job
from mainstay.kernel import clock
from tests.jobs import errands
from tests.jobs.processes import until, worker

LEASE = timedelta(seconds=60)


def claim(limit: int = 20) -> list[store.Claimed]:
    return store.claim("default", worker="one", lease=LEASE, limit=limit)


@pytest.mark.django_db
def test_a_claim_takes_the_first_of_each_lane_and_waits_with_the_others() -> None:
    for name in ("a1", "a2"):
        errands.deliver.using(lane="a").enqueue(name)
    errands.deliver.using(lane="b").enqueue("b1")
    errands.deliver.enqueue("free")
    jobs = claim()
    assert [job.args[0] for job in jobs] == ["a1", "b1", "free"]
    assert claim() == []
    store.delete([jobs[0]])
    assert [job.args[0] for job in claim()] == ["a2"]


@pytest.mark.django_db
def test_a_failure_keeps_its_place_in_the_lane() -> None:
    for name in ("first", "second"):
        errands.deliver.using(lane="a").enqueue(name)
    later = clock.now() + timedelta(minutes=1)
    store.put_back(claim()[0], run_at=later, counts=True, error="broken")
    assert claim() == []
    with clock.standing_at(later):
        assert [job.args[0] for job in claim()] == ["first"]


@pytest.mark.django_db
def test_one_that_asked_to_come_back_later_steps_aside() -> None:
    for name in ("first", "second"):
        errands.deliver.using(lane="a").enqueue(name)
    store.put_back(claim()[0], run_at=clock.now() + timedelta(minutes=1), counts=False, error="451")
    assert [job.args[0] for job in claim()] == ["second"]


@pytest.mark.django_db
def test_one_that_is_put_off_on_purpose_does_not_hold_its_lane() -> None:
    errands.deliver.using(lane="a", run_after=timedelta(hours=1)).enqueue("tomorrow's letter")
    errands.deliver.using(lane="a").enqueue("now")
    assert [job.args[0] for job in claim()] == ["now"]


@pytest.mark.django_db
def test_the_database_itself_refuses_two_running_jobs_in_a_lane() -> None:
    for name in ("a1", "a2"):
        errands.deliver.using(lane="a").enqueue(name)
    claim()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(state="waiting").update(state="running")


@pytest.mark.usefixtures("committed")
def test_two_workers_keep_the_order_of_every_lane(tmp_path: Path) -> None:
    paths = [tmp_path / f"lane{number}" for number in range(3)]
    with transaction.atomic():
        for turn in range(15):
            for path in paths:
                errands.in_turn.using(lane=path.name).enqueue(str(path), str(turn), 0.01)
    with worker(), worker():
        until(lambda: not Job.objects.exists(), what="the end of all lanes")
    expected = [mark for turn in range(15) for mark in (f"+{turn}", f"-{turn}")]
    for path in paths:
        assert errands.lines(path) == expected

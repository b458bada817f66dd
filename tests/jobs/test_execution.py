"""Running a job: its effects happen once, and its failures stop nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mainstay.jobs import actions, queries, run_all, store
from mainstay.jobs.execution import attempt, backoff, settle
from mainstay.jobs.models import Job
from mainstay.kernel import clock
from tests.jobs import errands

LEASE = timedelta(seconds=60)


def claim_one(worker: str = "one", queue: str = "default") -> store.Claimed:
    return store.claim(queue, worker=worker, lease=LEASE, limit=1)[0]


@pytest.mark.django_db
def test_a_done_job_leaves_its_effect_and_no_row() -> None:
    errands.deliver.enqueue("letter")
    errands.look_only.enqueue()
    assert run_all() == 2
    assert errands.effects("letter") == 1
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_what_a_finish_asks_for_is_done_as_well() -> None:
    errands.ask_for_more.enqueue("letter")
    assert run_all() == 2
    assert errands.effects("letter, next") == 1


@pytest.mark.django_db
def test_a_worker_whose_lease_was_lost_writes_nothing() -> None:
    errands.deliver.enqueue("letter")
    mine = claim_one("slow")
    with clock.standing_at(clock.now() + LEASE * 2):
        theirs = store.reclaim("default", worker="other", lease=LEASE)[0]
    assert theirs.id == mine.id and theirs.fence > mine.fence
    assert attempt(mine) is None
    assert errands.effects("letter") == 0
    assert attempt(theirs) is None
    assert errands.effects("letter") == 1


@pytest.mark.django_db
def test_a_lost_lease_cannot_put_back_or_fail_the_job_of_another() -> None:
    errands.stumble.enqueue("x")
    mine = claim_one("slow")
    with clock.standing_at(clock.now() + LEASE * 2):
        store.reclaim("default", worker="other", lease=LEASE)
    settle(mine, ValueError())
    assert not store.fail(mine, "gone")
    assert not store.release(mine)
    assert Job.objects.get().worker == "other"


@pytest.mark.django_db
def test_an_error_in_the_finish_undoes_it_and_counts_as_an_attempt() -> None:
    errands.stumble_at_the_end.enqueue("letter")
    run_all(raise_errors=False)
    assert errands.effects("letter") == 0
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("waiting", 1)
    assert "No space left on device" in job.last_error


@pytest.mark.django_db
def test_a_failing_job_comes_back_after_growing_pauses_and_then_stands_in_the_list() -> None:
    start = clock.now()
    with clock.standing_at(start):
        errands.stumble.enqueue("x")
        run_all(raise_errors=False)
        first = Job.objects.get().run_at - start
        assert timedelta(seconds=4) <= first <= timedelta(seconds=6)
        assert run_all(raise_errors=False) == 0
        run_all(until=start + timedelta(hours=1), raise_errors=False)
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("failed", 3)
    assert list(queries.failed_jobs()) == [job]


def test_pauses_double_up_to_an_hour_and_are_spread() -> None:
    assert timedelta(seconds=16) <= backoff(3) <= timedelta(seconds=24)
    assert timedelta(minutes=48) <= backoff(30) <= timedelta(minutes=72)
    assert len({backoff(5) for _ in range(20)}) > 1


@pytest.mark.django_db
def test_the_error_that_is_kept_is_short_and_repeats_nobody_s_words() -> None:
    errands.stumble.enqueue("my password is swordfish " * 200)
    run_all(raise_errors=False)
    told = Job.objects.get().last_error
    assert "swordfish" not in told
    assert told.startswith("ValueError at ") and "errands.py" in told
    assert len(told) <= 1000


@pytest.mark.django_db
def test_a_job_may_ask_to_come_back_later_without_counting_as_a_failure() -> None:
    start = clock.now()
    with clock.standing_at(start):
        errands.later.enqueue(30)
        run_all()
        job = Job.objects.get()
        assert (job.attempts, job.run_at) == (0, start + timedelta(minutes=30))
        assert job.last_error == "451 try again later"


@pytest.mark.django_db
def test_a_job_that_gives_up_fails_at_once_with_its_reason() -> None:
    errands.never.enqueue()
    run_all(raise_errors=False)
    job = Job.objects.get()
    assert (job.state, job.last_error) == ("failed", "the mailbox is gone")


@pytest.mark.django_db
def test_a_library_that_exits_is_a_failure_and_no_end_of_the_worker() -> None:
    errands.leave.enqueue()
    errands.deliver.enqueue("the next one")
    run_all(raise_errors=False)
    assert errands.effects("the next one") == 1
    assert Job.objects.get().attempts == 1


@pytest.mark.django_db
@pytest.mark.reliability("R-45")
def test_a_job_that_no_worker_can_load_is_seen_and_stops_no_other() -> None:
    errands.deliver.enqueue("poison")
    Job.objects.update(task="tests.jobs.errands.of_a_version_we_do_not_have", max_attempts=2)
    errands.deliver.using(max_attempts=1).enqueue("a function, not a task")
    Job.objects.filter(args=["a function, not a task"]).update(task="tests.jobs.errands.effect")
    errands.deliver.enqueue("the next one")
    now = clock.now()
    with clock.standing_at(now):
        run_all(until=now + timedelta(hours=1), raise_errors=False)
    assert errands.effects("the next one") == 1
    assert [job.state for job in queries.failed_jobs()] == ["failed", "failed"]
    assert "of_a_version_we_do_not_have" in queries.failed_jobs()[0].last_error


@pytest.mark.django_db
def test_a_failed_job_can_be_tried_again_or_thrown_away() -> None:
    errands.never.enqueue()
    errands.never.using(dedupe="twice").enqueue()
    run_all(raise_errors=False)
    first, second = queries.failed_jobs()
    errands.never.using(dedupe="twice").enqueue()
    assert actions.retry_job(first.pk)
    assert Job.objects.get(pk=first.pk).state == "waiting"
    assert actions.retry_job(second.pk), "the same work waits already, so this one leaves the list"
    assert not Job.objects.filter(pk=second.pk).exists()
    assert not actions.retry_job(second.pk)
    run_all(raise_errors=False)
    assert actions.discard_job(first.pk)
    assert not actions.discard_job(first.pk)


@pytest.mark.django_db
def test_a_job_put_back_gives_way_to_a_waiting_one_with_its_key() -> None:
    errands.stumble.using(dedupe="7").enqueue("x")
    mine = claim_one()
    errands.stumble.using(dedupe="7").enqueue("y")
    settle(mine, ValueError())
    assert Job.objects.get().args == ["y"]


@pytest.mark.django_db
def test_a_task_may_ask_which_attempt_it_is(tmp_path: Path) -> None:
    errands.which_attempt.enqueue(str(tmp_path / "attempts"))
    run_all()
    assert errands.lines(tmp_path / "attempts") == ["1"]


@pytest.mark.django_db
def test_run_all_stands_at_the_time_of_each_later_job() -> None:
    start = clock.now()
    with clock.standing_at(start):
        errands.deliver.using(run_after=timedelta(hours=2)).enqueue("second")
        errands.deliver.using(run_after=timedelta(hours=1)).enqueue("first")
        errands.deliver.using(run_after=timedelta(hours=9)).enqueue("not yet")
        assert run_all(until=start + timedelta(hours=3)) == 2
        assert clock.now() == start
    made = list(errands.Organization.objects.order_by("id").values_list("name", "created_at"))
    assert made == [("first", start + timedelta(hours=1)), ("second", start + timedelta(hours=2))]


@pytest.mark.django_db
def test_run_all_raises_what_went_wrong_so_that_tests_see_it() -> None:
    errands.stumble.enqueue("x")
    with pytest.raises(ValueError, match="x"):
        run_all()

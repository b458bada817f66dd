"""Asking for work: it belongs to the transaction that asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks.exceptions import InvalidTaskError

from mainstay.jobs import run_all
from mainstay.jobs.models import Job
from mainstay.kernel import clock
from tests.jobs import errands


@pytest.mark.django_db
def test_a_job_and_the_data_it_belongs_to_commit_together() -> None:
    with transaction.atomic():
        errands.effect("a case")
        errands.deliver.enqueue("its acknowledgement")
    assert Job.objects.get().args == ["its acknowledgement"]
    assert errands.effects("a case") == 1


@pytest.mark.usefixtures("committed")
def test_a_job_vanishes_with_the_transaction_that_asked_for_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        errands.deliver.enqueue("never")
        raise ZeroDivisionError
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_an_enqueue_is_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        errands.deliver.using(dedupe="once", lane="case:1").enqueue("a")


@pytest.mark.django_db
def test_asking_twice_with_one_key_makes_one_job_at_the_earlier_time() -> None:
    soon = clock.now() + timedelta(minutes=5)
    first = errands.deliver.using(dedupe="digest:7", run_after=soon).enqueue("digest")
    again = errands.deliver.using(dedupe="digest:7").enqueue("other arguments, same work")
    assert first.id == again.id
    job = Job.objects.get()
    assert job.args == ["digest"]
    assert job.run_at < soon


@pytest.mark.django_db
def test_a_key_is_one_task_s_own_and_free_again_once_the_job_has_begun() -> None:
    errands.deliver.using(dedupe="7").enqueue("a")
    errands.look_only.using(dedupe="7").enqueue()
    assert Job.objects.count() == 2
    Job.objects.update(state=Job.State.RUNNING)
    errands.deliver.using(dedupe="7").enqueue("what happened meanwhile")
    assert Job.objects.filter(task=errands.deliver.module_path).count() == 2


@pytest.mark.django_db
def test_run_after_takes_a_moment_or_a_time_from_now() -> None:
    with clock.standing_at(clock.now()):
        errands.deliver.using(run_after=timedelta(seconds=10)).enqueue("undo is over")
        assert Job.objects.get().run_at == clock.now() + timedelta(seconds=10)


@pytest.mark.django_db
def test_what_is_no_json_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(TypeError):
        errands.deliver.enqueue(object())  # type: ignore[arg-type]
    with pytest.raises(InvalidTaskError):
        errands.deliver.using(queue_name="nobody looks here")
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_job_of_higher_priority_goes_first_but_never_starves_the_others() -> None:
    start = clock.now()
    with clock.standing_at(start):
        errands.deliver.enqueue("plain")
        errands.deliver.using(priority=10).enqueue("urgent")
    with clock.standing_at(start + timedelta(minutes=5)):
        errands.deliver.using(priority=10).enqueue("urgent, but five minutes later")
    with clock.standing_at(start + timedelta(minutes=6)):
        run_all()
    names = list(errands.Organization.objects.order_by("id").values_list("name", flat=True))
    assert names == ["urgent", "plain", "urgent, but five minutes later"]

"""What a person may do with a job that failed."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from mainstay.jobs.models import Job
from mainstay.jobs.store import rank
from mainstay.kernel import clock


def retry_job(job_id: int) -> bool:
    """Try a failed job again from the first attempt. False when it is not in the list any more.

    When the same work (its dedupe key) is waiting already, the failed one simply leaves the list.
    """
    job = Job.objects.filter(pk=job_id, state=Job.State.FAILED).first()
    if job is None:
        return False
    now = clock.now()
    failed = Job.objects.filter(pk=job_id, state=Job.State.FAILED)
    try:
        with transaction.atomic():
            return failed.update(state=Job.State.WAITING, attempts=0, run_at=now, rank=rank(now, job.priority)) == 1
    except IntegrityError:
        return failed.delete()[0] == 1


def discard_job(job_id: int) -> bool:
    """Give up a failed job for good. False when it is not in the list any more."""
    return Job.objects.filter(pk=job_id, state=Job.State.FAILED).delete()[0] == 1

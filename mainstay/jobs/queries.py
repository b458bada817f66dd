"""What the health page, the banner and `mainstay doctor` ask about the jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from mainstay.jobs.backend import QUEUES
from mainstay.jobs.models import Job, Worker
from mainstay.kernel import clock


@dataclass(frozen=True)
class Health:
    oldest_waiting: timedelta | None
    """How long the first job in the queue has been due; None when nothing is."""

    failed: int
    workers: int


def health() -> Health:
    """Three indexed queries, cheap enough for every look at /healthz."""
    return Health(oldest_waiting=oldest_waiting(), failed=failed_jobs().count(), workers=workers_alive().count())


def oldest_waiting() -> timedelta | None:
    now = clock.now()
    due = Job.objects.filter(state=Job.State.WAITING, run_at__lte=now)
    # Queue by queue in the order of the claims' index: the smallest run_at of all would read the whole backlog.
    firsts = [due.filter(queue=queue).order_by("rank", "id").values_list("run_at", flat=True).first() for queue in QUEUES]
    return max((now - first for first in firsts if first is not None), default=None)


def failed_jobs() -> QuerySet[Job]:
    """What was given up and waits for a person to retry or discard it, oldest first."""
    return Job.objects.filter(state=Job.State.FAILED).order_by("id")


def workers_alive() -> QuerySet[Worker]:
    """Those seen within one lease: an older one's jobs are being taken over."""
    return Worker.objects.filter(seen_at__gt=clock.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS))

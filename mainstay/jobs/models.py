"""Jobs, the workers that do them, and when schedules are due next. Times are UTC."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of work that somebody is waiting for. Done means deleted: what stands here is still owed.

    Enqueueing, claiming and completing are single statements in `store`; pages and queries read through this model.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        FAILED = "failed"

    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=20)
    lane = models.CharField(max_length=120, blank=True)
    dedupe = models.CharField(max_length=200, blank=True)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    rank = models.DateTimeField()
    """`run_at` less the head start that the priority gives: claims go in this order, so that low priorities never starve."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    max_attempts = models.SmallIntegerField()
    fence = models.BigIntegerField(default=0)
    """Rises with every claim: who comes back with an old one has lost the job."""
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=100, blank=True)
    last_error = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["queue", "rank", "id"], name="job_claim", condition=Q(state="waiting")),
            models.Index(fields=["lane", "id"], name="job_lane", condition=Q(state="waiting") & ~Q(lane="")),
            models.Index(fields=["lease_until"], name="job_lease", condition=Q(state="running")),
            models.Index(fields=["id"], name="job_failed", condition=Q(state="failed")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["task", "dedupe"], name="job_dedupe", condition=Q(state="waiting") & ~Q(dedupe="")),
            models.UniqueConstraint(fields=["lane"], name="job_one_running_in_lane", condition=Q(state="running") & ~Q(lane="")),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk} ({self.state})"


class Worker(models.Model):
    """A worker process that was alive at `seen_at`."""

    name = models.CharField(max_length=100, primary_key=True)
    host = models.CharField(max_length=80)
    pid = models.IntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """When an `@every` is due next; the row is what two workers race for."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at:%Y-%m-%d %H:%M:%S}"

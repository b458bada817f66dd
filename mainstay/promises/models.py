"""When we are here, how soon we answer, and what we owe to whom by when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models import Case, Severity
from mainstay.kernel import ids
from mainstay.people.models import Person, Team

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Calendar(models.Model):
    """When we are here, by a name. Teams without one of their own use the default."""

    name = models.CharField(max_length=120, unique=True)
    is_default = models.BooleanField(default=False)

    if TYPE_CHECKING:
        id: int
        revisions: RelatedManager[CalendarRevision]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_default"], condition=models.Q(is_default=True), name="one_default_calendar")]

    def __str__(self) -> str:
        return self.name


class CalendarRevision(models.Model):
    """What a calendar said from `since` on, until its next revision. Never changed: a promise names the revision that made it.

    `hours`: seven lists, Monday first, of ["09:00", "17:00"]. `holidays`: {"2026-12-25": "Christmas Day"}.
    `days`: days that differ, {"2026-12-24": [["09:00", "12:00"]]}.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="revisions")
    since = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    zone = models.CharField(max_length=64)
    hours = models.JSONField()
    holidays = models.JSONField(default=dict)
    days = models.JSONField(default=dict)

    if TYPE_CHECKING:
        id: int
        calendar_id: int


class CalendarUse(models.Model):
    """This team keeps this calendar."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="calendar_use", primary_key=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="uses")


class Target(models.Model):
    """How soon we read and answer a case of this severity, in open minutes. Empty: nothing is promised."""

    severity = models.OneToOneField(Severity, on_delete=models.CASCADE, related_name="target", primary_key=True)
    read_by = models.PositiveIntegerField(null=True)
    respond = models.PositiveIntegerField(null=True)


class Edition(models.Model):
    """The one row that changes whenever a calendar, its use or a target does: processes keep what they read while it stays the same.

    A random mark, not a counter: a rolled-back edition must never look like the one that came in its place.
    """

    mark = models.CharField(max_length=32, default=ids.token)


class Promise(models.Model):
    """What we owe on a case. Open until it is kept or withdrawn; `broken_at` when its time passed before that.

    `starts_at` is when the customer's words arrived, `minutes` the open minutes from there to `due_at`, in the hours of `revision`.
    """

    class What(models.TextChoices):
        READ = "read", _("A person reads it")
        RESPOND = "respond", _("A person answers")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="promises")
    what = models.CharField(max_length=16, choices=What.choices)
    made_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    revision = models.ForeignKey(CalendarRevision, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        id: int
        case_id: int
        revision_id: int

    OPEN: ClassVar[models.Q] = models.Q(kept_at=None, withdrawn_at=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "what"], condition=models.Q(kept_at=None, withdrawn_at=None), name="one_open_promise_of_a_kind"
            ),
            models.CheckConstraint(condition=models.Q(kept_at=None) | models.Q(withdrawn_at=None), name="kept_or_withdrawn"),
        ]
        indexes = [models.Index(fields=["due_at"], name="promise_due", condition=models.Q(kept_at=None, withdrawn_at=None, broken_at=None))]

    def __str__(self) -> str:
        return f"{self.what} by {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.withdrawn_at is None

    @property
    def was_broken(self) -> bool:
        return self.broken_at is not None

    def late_by(self, now: datetime) -> timedelta | None:
        """How long past its time it was kept, or is owed now; None when it was kept in time, is not due, or was withdrawn."""
        end = self.kept_at or now
        return end - self.due_at if self.withdrawn_at is None and end > self.due_at else None

"""What state a case is in, as rows: who, why, from when until when. Promises are computed from these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models.case import Case, Severity
from mainstay.people.models import Person


class SeveritySpan(models.Model):
    """From `since` on the case had this severity, until the next span."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="severity_spans")
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()


class OwnerSpan(models.Model):
    """From `since` on the case had this owner and backup (or none), until the next span."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="owner_spans")
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    backup = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()


class Wait(models.Model):
    """The case rests: on whom, and until when at the latest. It wakes by itself, by a reply, or by hand."""

    class On(models.TextChoices):
        CUSTOMER = "customer", _("the customer")
        FIX = "fix", _("a fix")
        THIRD = "third", _("somebody else")
        DATE = "date", _("a date")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="waits")
    on = models.CharField(max_length=8, choices=On.choices)
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)

    if TYPE_CHECKING:
        case_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=models.Q(ended_at=None), name="one_wait")]
        indexes = [models.Index(fields=["until"], name="wait_due", condition=models.Q(ended_at=None))]


class Resolution(models.Model):
    """The case was resolved: who, how, and was the answer known already. A reopening ends the row."""

    class How(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        WORKED_AROUND = "worked_around", _("Worked around")
        FIXED = "fixed", _("Fixed")
        DECLINED = "declined", _("Declined")
        DUPLICATE = "duplicate", _("Duplicate")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="resolutions")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    how = models.CharField(max_length=16, choices=How.choices)
    was_known = models.BooleanField(null=True)
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=models.Q(reopened_at=None), name="one_resolution")]


class SpamMark(models.Model):
    """Somebody called the case spam; taking it back ends the row and returns the case to the state it had."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="spam_marks")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    before = models.CharField(max_length=8, choices=Case.State.choices)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=models.Q(undone_at=None), name="one_spam_mark")]

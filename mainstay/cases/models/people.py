"""Who takes part in a case, and who saw which message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models.case import Case
from mainstay.cases.models.words import Message
from mainstay.kernel import clock
from mainstay.people.models import Person


class Participant(models.Model):
    """A customer who takes part. OFFERED: a later mail named them; they get nothing until an agent says so (S-029)."""

    class Role(models.TextChoices):
        REQUESTER = "requester", _("asked")
        COPIED = "copied", _("in copy")
        OFFERED = "offered", _("named by a later mail")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="participants", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="takes_part")
    role = models.CharField(max_length=10, choices=Role.choices)
    since = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        case_id: int
        person_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="takes_part_once")]


class Audience(models.Model):
    """This person was addressed by this message, and may see it. The whole case is seen only by its requester."""

    class Place(models.TextChoices):
        FROM = "from", _("From")
        TO = "to", _("To")
        CC = "cc", _("Cc")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="audience", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addressed_by")
    place = models.CharField(max_length=4, choices=Place.choices)
    address = models.CharField(max_length=320, blank=True)

    if TYPE_CHECKING:
        person_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="addressed_once")]

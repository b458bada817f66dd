"""What a team's automatic messages say, and which were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models import Case, Message
from mainstay.kernel import clock
from mainstay.people.models import Person, Team


class Kind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")


class LetterTemplate(models.Model):
    """A team's own words for one kind of letter. Without a row, or with an empty body, the house text speaks."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="letter_templates", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    body = models.TextField(blank=True)
    is_on = models.BooleanField(default=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "kind"], name="one_template_each")]


class Letter(models.Model):
    """One automatic message of a kind on a case: the row that makes writing it twice impossible."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="letter")
    at = models.DateTimeField()

    if TYPE_CHECKING:
        case_id: int
        message_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="one_letter_of_a_kind")]

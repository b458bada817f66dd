"""The case itself: slim, because what happens to it are rows of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.kernel import clock
from mainstay.people.models import Organization, Person, Team

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from mainstay.cases.models.people import Participant
    from mainstay.cases.models.state import Resolution, SpamMark, Wait
    from mainstay.cases.models.words import Message, Note


class Severity(models.Model):
    """One of three to five levels that the operator names; 1 is the worst."""

    level = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=60)
    meaning = models.CharField(max_length=200, blank=True)
    is_default = models.BooleanField(default=False)

    if TYPE_CHECKING:
        id: int

    class Meta:
        ordering: ClassVar[list[str]] = ["level"]

    def __str__(self) -> str:
        return _("Severity %(level)s · %(name)s") % {"level": self.level, "name": self.name}


class Case(models.Model):
    """One customer's need, from the cry for help to what was learnt.

    `state`, `severity`, `owner` and the due columns repeat what the rows of their own say (Resolution, Wait, SpamMark,
    SeveritySpan, OwnerSpan, promises), so that a queue is one index range; the verbs write both in one transaction.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting")
        RESOLVED = "resolved", _("Resolved")
        SPAM = "spam", _("Spam")

    number = models.PositiveIntegerField(unique=True)
    subject = models.CharField(max_length=500)
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases", db_index=False)
    organization = models.ForeignKey(Organization, null=True, on_delete=models.SET_NULL, related_name="cases")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases", db_index=False)
    channel = models.CharField(max_length=16)
    aim = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12, blank=True)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="owned_cases", db_index=False)
    backup = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    touched_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_what = models.CharField(max_length=16, blank=True)
    last_message_at = models.DateTimeField()
    last_was_ours = models.BooleanField(default=False)
    message_count = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    if TYPE_CHECKING:
        id: int
        requester_id: int
        organization_id: int | None
        team_id: int
        severity_id: int
        owner_id: int | None
        backup_id: int | None
        messages: RelatedManager[Message]
        notes: RelatedManager[Note]
        participants: RelatedManager[Participant]
        waits: RelatedManager[Wait]
        resolutions: RelatedManager[Resolution]
        spam_marks: RelatedManager[SpamMark]
        tags: RelatedManager[CaseTag]

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "severity"], name="case_next", condition=models.Q(state="open")),
            models.Index(fields=["owner", "due_at"], name="case_mine", condition=models.Q(state="open")),
            models.Index(fields=["team", "last_message_at"], name="case_open", condition=models.Q(state="open")),
            models.Index(fields=["last_message_at"], name="case_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["last_message_at"], name="case_resolved", condition=models.Q(state="resolved")),
            models.Index(fields=["requester", "opened_at"], name="case_of_person"),
        ]

    def __str__(self) -> str:
        return self.spoken_number

    @property
    def spoken_number(self) -> str:
        """The number as people read it out: 204 118 337."""
        digits = str(self.number)
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


class CaseCounter(models.Model):
    """The counter behind the case numbers (its one row) and the key of their permutation; a restore advances it by a million."""

    next = models.BigIntegerField(default=0)
    key = models.BinaryField(max_length=32)


class Tag(models.Model):
    """A word on a case."""

    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class CaseTag(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="cases")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="tag_once")]


class CaseLink(models.Model):
    """Two cases that have to do with each other, and why: a stranger quoted the number, or a late reply began a new case."""

    class Kind(models.TextChoices):
        HINT = "hint", _("mentions its number, without proof")
        LATE = "late", _("answers it long after it was resolved")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "other", "kind"], name="link_once")]

"""What was said. A Message is seen by the customer, a Note never is: two models, so that a leak needs a type error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models.case import Case
from mainstay.people.models import Person

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from mainstay.cases.models.people import Audience


class Message(models.Model):
    """Words between us and a customer. `body` is kept as it came, in its `format`; `cut` says how much of it is new text."""

    class Format(models.TextChoices):
        PLAIN = "plain", _("Plain text")
        MARKDOWN = "markdown", _("Markdown")
        HTML = "html", _("HTML")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    origin = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="messages")
    is_ours = models.BooleanField()
    is_letter = models.BooleanField(default=False)
    channel = models.CharField(max_length=16)
    body = models.TextField()
    format = models.CharField(max_length=8, choices=Format.choices, default=Format.PLAIN)
    cut = models.PositiveIntegerField(null=True)
    html = models.CharField(max_length=64, blank=True)
    message_id = models.CharField(max_length=300, blank=True)
    written_from = models.CharField(max_length=320, blank=True)
    is_proven = models.BooleanField(default=True)
    at = models.DateTimeField()
    dated = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        id: int
        case_id: int
        author_id: int | None
        attachments: RelatedManager[Attachment]
        audience: RelatedManager[Audience]

    class Meta:
        indexes = [
            models.Index(fields=["case", "at", "id"], name="message_of_case"),
            models.Index(fields=["message_id"], name="message_by_id", condition=~models.Q(message_id="")),
        ]

    @property
    def visible(self) -> str:
        """The part that is new; the rest (quoted text, mostly) can be unfolded."""
        return self.body if self.cut is None else self.body[: self.cut].rstrip()

    @property
    def folded(self) -> str:
        return "" if self.cut is None else self.body[self.cut :].strip()


class Note(models.Model):
    """Words among ourselves, in Markdown; no door and no mail ever shows one to a customer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes", db_index=False)
    origin = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="notes")
    body = models.TextField()
    at = models.DateTimeField()

    if TYPE_CHECKING:
        id: int
        case_id: int
        attachments: RelatedManager[Attachment]

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="note_of_case")]


class Attachment(models.Model):
    """A file of exactly one message or note. The bytes are kept by their hash; the name is what people see, cleaned."""

    key = models.CharField(max_length=32, unique=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    note = models.ForeignKey(Note, null=True, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=127)
    size = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(message__isnull=False, note__isnull=True) | models.Q(message__isnull=True, note__isnull=False),
                name="attachment_has_one_place",
            )
        ]

"""How words travel, without knowing how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models import Case, Message
from mainstay.kernel import clock, ids
from mainstay.people.models import Person

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Draft(models.Model):
    """What is being written, and waits to be sent. Until it is released nothing else exists: no Message, no event, no promise kept.

    `people` are the ids of those it goes to; `seen` is the newest message that its author had read; `then` is what is done
    with the release ({"wait": {...}} or {"resolve": {...}}).
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Note")

    class State(models.TextChoices):
        WRITING = "writing", _("being written")
        PRESSED = "pressed", _("waits to be sent")
        RELEASED = "released", _("sent")

    key = models.CharField(max_length=32, unique=True, default=ids.token)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.REPLY)
    body = models.TextField(blank=True)
    people = models.JSONField(default=list)
    then = models.JSONField(default=dict)
    seen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WRITING)
    pressed_at = models.DateTimeField(null=True)
    send_at = models.DateTimeField(null=True)
    message = models.OneToOneField(Message, null=True, on_delete=models.SET_NULL, related_name="draft")
    changed_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        id: int
        case_id: int
        author_id: int
        files: RelatedManager[DraftFile]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "author"], condition=models.Q(state="writing"), name="one_draft_each"),
        ]


class DraftFile(models.Model):
    """A file put to a draft; its key is secret and good for nobody but the draft's author."""

    key = models.CharField(max_length=32, unique=True, default=ids.token)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=127)
    size = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    is_inline = models.BooleanField(default=False)


class Delivery(models.Model):
    """One message on its way to one recipient, with what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("on its way")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be delivered")
        UNCERTAIN = "uncertain", _("delivery uncertain")
        BOUNCED = "bounced", _("came back")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=16)
    address = models.CharField(max_length=320)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    copy = models.CharField(max_length=64, blank=True)

    if TYPE_CHECKING:
        id: int
        message_id: int
        person_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="delivered_once")]
        indexes = [models.Index(fields=["state", "id"], name="delivery_open", condition=~models.Q(state="sent"))]


class ReplyToken(models.Model):
    """Proof that an answer belongs to a case: a secret that only this person was sent. Only its hash is kept."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reply_tokens")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        case_id: int
        person_id: int

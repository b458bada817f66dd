"""The addresses we answer, and every mail that was ever handed to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models import Message
from mainstay.kernel import clock, secrets
from mainstay.people.models import Team


class Mailbox(models.Model):
    """One address we answer (and its aliases), the team behind it, and the server by which its mail leaves.

    `password` is sealed. `paused_until`: the server refused us, so nothing is tried before then; `last_error` says why.
    """

    class Security(models.TextChoices):
        NONE = "none", _("none (this machine only)")
        STARTTLS = "starttls", "STARTTLS"
        TLS = "tls", "TLS"

    address = models.CharField(max_length=254, unique=True)
    aliases = models.JSONField(default=list)
    name = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="mailboxes")
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    host = models.CharField(max_length=255, blank=True)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.STARTTLS)
    user = models.CharField(max_length=255, blank=True)
    password = models.TextField(blank=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        id: int
        team_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_default"], condition=models.Q(is_default=True), name="one_default_mailbox")]

    def __str__(self) -> str:
        return self.address

    @property
    def addresses(self) -> list[str]:
        """Every address that is this mailbox, in lower case."""
        return [self.address, *self.aliases]

    @property
    def has_way_out(self) -> bool:
        return bool(self.host)

    @property
    def clear_password(self) -> str:
        """The password to sign in with. Raises `kernel.secrets.Unreadable` when the installation's key has changed."""
        return secrets.unseal(self.password) if self.password else ""


class RawMail(models.Model):
    """The receipt of one mail for one of our mailboxes: its bytes lie in the blob store under `hash` before the row exists.

    Every receipt is in exactly one state (P-02). `key` is what makes two deliveries the same one; `identity` what makes two
    copies the same mail. `header_id` is its Message-ID, bare. `verdicts` holds what was found out about it, and what a person wished
    for it ("let in", "case", "attach").
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        FILED = "filed", _("in a case")
        DUPLICATE = "duplicate", _("a copy of one that we have")
        SET_ASIDE = "set_aside", _("set aside")
        QUARANTINED = "quarantined", _("in quarantine")
        DISCARDED = "discarded", _("discarded")

    class Reason(models.TextChoices):
        """Why a mail is not simply in a case; the words stand on the Quarantine page."""

        BLOCKED = "blocked", _("The sender is blocked.")
        LOOP = "loop", _("It came from ourselves, or goes round in circles.")
        BOUNCE = "bounce", _("A delivery report about nothing that we sent.")
        AUTO_REPLY = "auto-reply", _("An automatic answer that belongs to no case.")
        TOO_MANY = "too many", _("Too many mails from this sender within an hour.")
        AGENT = "agent", _("It uses the address of an agent, without proof that the agent wrote it.")
        NO_SENDER = "no sender", _("It names no sender whom we could answer.")
        UNREADABLE = "unreadable", _("It could not be read.")
        PARSER_DIED = "parser died", _("Reading it took too long or too much memory, three times.")
        FAILING = "failing", _("Filing it failed again and again.")
        BYTES_GONE = "bytes gone", _("Its bytes are missing from the file store.")
        SAME_MAIL = "same mail", _("The same mail arrived before.")
        DELIVERED_AGAIN = "delivered again", _("The other server delivered it again.")

    hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="mails", db_index=False)
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.CharField(max_length=320)
    peer = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    key = models.CharField(max_length=64, null=True, unique=True)
    state = models.CharField(max_length=11, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True)
    defects = models.JSONField(default=list)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    header_id = models.CharField(max_length=900, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    identity = models.CharField(max_length=64, null=True, unique=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="raw_mails")
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies", db_index=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    verdicts = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        id: int
        mailbox_id: int | None
        message_id: int | None
        duplicate_of_id: int | None

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], name="mail_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["state", "-id"], name="mail_aside", condition=models.Q(state__in=["set_aside", "quarantined"])),
            models.Index(fields=["mailbox", "received_at"], name="mail_of_day"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} ({self.state})"

    @property
    def reason_in_words(self) -> str:
        return str(self.Reason(self.reason).label) if self.reason in self.Reason.values else ""

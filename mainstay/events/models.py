"""One line of what happened, in order, never changed; and the seals that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from mainstay.events.kinds import KINDS, EventKind


class Event(models.Model):
    """Integers without foreign keys: what they name may go, the line stays. Triggers refuse UPDATE, DELETE and TRUNCATE."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    version = models.SmallIntegerField(default=1)
    case = models.BigIntegerField(null=True)
    actor = models.BigIntegerField(null=True)
    organization = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    if TYPE_CHECKING:
        id: int

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="event_case", condition=models.Q(case__isnull=False)),
            models.Index(fields=["kind", "at"], name="event_kind"),
        ]

    def read(self) -> EventKind | None:
        """The typed event, or None when no installed app knows the kind (it still shows in the log, by its word)."""
        if self.kind not in KINDS:
            return None
        envelope: dict[str, Any] = {name: getattr(self, name) for name in ("id", "at", "case", "actor", "organization")}
        return KINDS[self.kind].read(data=self.data, **envelope)


class Seal(models.Model):
    """The hash of a range of events and of the seal before it: whoever alters one line breaks every later seal."""

    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

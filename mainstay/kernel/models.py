"""The kernel's only row: a counter of how often something was tried."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How often a key was counted in one window of time (RELIABILITY 9.5: limits live in the database, for all processes)."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.IntegerField()
    ends_at = models.DateTimeField(db_index=True)

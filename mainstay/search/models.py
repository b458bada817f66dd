"""What is in the index, as it is shown; the words themselves stand in a table that each database makes its own way."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """A document. Its id orders by time; the table `search_words` has the same ids."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    object = models.BigIntegerField()
    case = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    title = models.CharField(max_length=500)
    body = models.TextField()
    terms = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object"], name="indexed_once")]

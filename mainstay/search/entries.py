"""What the index has already, in plain SQL: it is asked with every mail, in as many shapes as there are documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection

from mainstay.search.documents import Document
from mainstay.search.models import Entry

STEPS = 4
_NAMES = ("id", "kind", "object", "case", "title", "body", "terms")


def known_entries(documents: Sequence[Document]) -> list[Entry]:
    """What the index has of these, and what has an id that one of them would get; locked, since readers are added to what is there.
    Without their moment, which never changes."""
    objects: dict[str, list[int]] = defaultdict(list)
    for document in documents:
        objects[document.kind].append(document.object)
    ids = [document.id + step for document in documents for step in range(STEPS)]
    parts = [f"kind = %s AND object IN ({_places(found)})" for found in objects.values()]
    where = " OR ".join(f"({part})" for part in [*parts, f"id IN ({_places(ids)})"])
    values: list[Any] = [value for kind, found in objects.items() for value in (kind, *found)]
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id, kind, object, "case", title, body, terms FROM search_entry WHERE {where}{lock}', [*values, *ids])
        return [Entry(**dict(zip(_NAMES, row, strict=True))) for row in cursor.fetchall()]


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))

"""Putting documents into the index and taking them out. Only what is shown elsewhere anyway: none of these is worth an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from mainstay.kernel.compiled import insert_all
from mainstay.search.documents import SOURCES, Document
from mainstay.search.engine import engine
from mainstay.search.entries import known_entries
from mainstay.search.models import Entry
from mainstay.search.words import TEXT_CAP, words_of

TITLE_CAP = 500
BATCH = 200
CHANGEABLE = ["case", "title", "body", "terms"]


@transaction.atomic(savepoint=False)
def index(documents: Iterable[Document]) -> int:
    """Put these into the index, in place of what it had of them; how many were new or different. Three queries, one more
    when something changed, whatever number: give it everything of one event at once."""
    wanted = {(document.kind, document.object): document for document in documents}
    there = known_entries(list(wanted.values())) if wanted else []
    known, taken = {(row.kind, row.object): row for row in there}, {row.id for row in there}
    fresh, changed = [], []
    for key, document in wanted.items():
        before = known.get(key)
        row = _row(document, before, taken)
        if before is None:
            taken.add(row.id)
            fresh.append(row)
        elif any(getattr(before, name) != getattr(row, name) for name in CHANGEABLE):
            changed.append(row)
    if changed:
        Entry.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=CHANGEABLE)
    insert_all(fresh)
    rows = [*fresh, *changed]
    if rows:
        engine().write([(row.id, [*words_of(row.title), *words_of(row.body)], row.terms.split()) for row in rows])
    return len(rows)


@transaction.atomic(savepoint=False)
def forget(kind: str, *objects: int) -> int:
    """Take these out of the index, words and all; how many there were."""
    ids = list(Entry.objects.filter(kind=kind, object__in=objects).values_list("id", flat=True))
    if ids:
        engine().remove(ids)
        Entry.objects.filter(id__in=ids).delete()
    return len(ids)


def reindex() -> Iterator[tuple[str, int]]:
    """Make the whole index anew from what the apps have, in batches; yields the source and how many of it are done. While it runs,
    search finds what is done so far."""
    with transaction.atomic():
        engine().clear()
        Entry.objects.all().delete()
    for name, source in SOURCES.items():
        done, documents = 0, source()
        while batch := list(islice(documents, BATCH)):
            index(batch)
            done += len(batch)
            yield name, done


def _row(document: Document, known: Entry | None, taken: set[int]) -> Entry:
    terms = document.terms | set(known.terms.split() if known and document.widens else ())
    return Entry(
        id=known.id if known else _free(document.id, taken),
        kind=document.kind,
        object=document.object,
        case=document.case,
        at=document.at,
        title=_storable(document.title)[:TITLE_CAP],
        body=_storable(document.body)[:TEXT_CAP],
        terms=" ".join(sorted(terms)),
    )


def _free(wanted: int, taken: set[int]) -> int:
    """The next id that is free: two documents of the same millisecond can want one, if their objects are 131,072 apart."""
    while wanted in taken:
        wanted += 1
    return wanted


def _storable(text: str) -> str:
    return text.replace("\x00", "")

"""Finding."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from mainstay.search.documents import KINDS, Scopes
from mainstay.search.engine import Question, engine
from mainstay.search.models import Entry
from mainstay.search.words import Piece, shown, wanted

COUNT_LIMIT = 1_000


@dataclass(frozen=True)
class Hit:
    """A document that was found. `title` and `snippet` are plain text in pieces: escape them, and mark those that match."""

    kind: str
    object: int
    case: int | None
    at: datetime
    title: Sequence[Piece]
    snippet: Sequence[Piece]


@dataclass(frozen=True)
class Found:
    """Hits, the newest first; `before` asks for the next page, and is None at the end."""

    hits: Sequence[Hit] = ()
    before: int | None = None


def find(query: str, *, scopes: Scopes, kinds: Collection[str] = (), limit: int = 20, before: int | None = None) -> Found:
    """What matches every word of the query and may be read under one of the scopes (`documents.for_teams`, `for_person`). Two
    queries; nothing when there is nothing to look for or nobody to look. Raises ValueError for a kind that there is not."""
    question = _question(query, scopes, kinds)
    if question is None:
        return Found()
    ids = engine().ids(question, limit + 1, before)
    rows = Entry.objects.in_bulk(ids[:limit])
    hits = [_hit(rows[pk], question) for pk in ids[:limit] if pk in rows]
    return Found(hits, ids[limit - 1] if len(ids) > limit else None)


def count(query: str, *, scopes: Scopes, kinds: Collection[str] = ()) -> int:
    """How many match; counted to a thousand at most, which then means "a thousand or more"."""
    question = _question(query, scopes, kinds)
    return len(engine().ids(question, COUNT_LIMIT, None)) if question else 0


def _question(query: str, scopes: Scopes, kinds: Collection[str]) -> Question | None:
    if unknown := set(kinds) - set(KINDS):
        raise ValueError(f"no documents are called {', '.join(sorted(unknown))}")
    asked = wanted(query)
    return Question(asked, scopes, kinds) if asked and scopes else None


def _hit(row: Entry, question: Question) -> Hit:
    title = shown(row.title, question.wanted, around=len(row.title) + 1)
    return Hit(row.kind, row.object, row.case, row.at, title, shown(row.body, question.wanted))

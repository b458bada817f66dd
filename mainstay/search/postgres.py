"""Full text in PostgreSQL: one tsvector of words and terms under a GIN index, written out by us, so that no parser or dictionary of
the server decides what a word is (https://www.postgresql.org/docs/15/datatype-textsearch.html)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from mainstay.search.engine import Question
from mainstay.search.words import Wanted

MAKE = (
    "CREATE TABLE search_words (id bigint PRIMARY KEY, vector tsvector NOT NULL);"
    "CREATE INDEX search_words_vector ON search_words USING gin (vector)"
)
# The type's own limits: a place is at most 16383, and a word has at most 255 of them.
_LAST_PLACE = 16_383
_PLACES = 255


class Postgres:
    """Terms begin with a sign that no folded word has, so that no word, however short, is the beginning of one."""

    def write(self, rows: Sequence[tuple[int, Sequence[str], Collection[str]]]) -> None:
        values: list[str | int] = [value for pk, words, terms in rows for value in (pk, vector(words, terms))]
        places = ", ".join(["(%s, %s::tsvector)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO search_words (id, vector) VALUES {places} ON CONFLICT (id) DO UPDATE SET vector = excluded.vector", values
            )

    def remove(self, ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_words WHERE id = ANY(%s)", [list(ids)])

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_words")

    def ids(self, question: Question, limit: int, before: int | None) -> list[int]:
        below = " AND id < %s" if before is not None else ""
        values: list[str | int] = [expression(question), *([before] if before is not None else []), limit]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM search_words WHERE vector @@ %s::tsquery{below} ORDER BY id DESC LIMIT %s", values)
            return [row[0] for row in cursor.fetchall()]


def vector(words: Sequence[str], terms: Iterable[str]) -> str:
    """A tsvector as PostgreSQL writes it: 'print':1,7 'fire':3 '~t12'."""
    places: dict[str, list[str]] = defaultdict(list)
    for number, word in enumerate(words, start=1):
        if len(places[word]) < _PLACES:
            places[word].append(str(min(number, _LAST_PLACE)))
    return " ".join([*(f"'{word}':{','.join(found)}" for word, found in places.items()), *(f"'~{term}'" for term in terms)])


def expression(question: Question) -> str:
    """The tsquery: words and terms in quotation marks, and they are letters and digits only."""
    parts = [_phrase(want) for want in question.wanted] + [_any(question.scopes)]
    if question.kinds:
        parts.append(_any(f"k{kind}" for kind in question.kinds))
    return " & ".join(parts)


def _phrase(want: Wanted) -> str:
    *front, last = want.words
    return "(" + " <-> ".join([*(f"'{word}'" for word in front), f"'{last}'{':*' if want.is_begun else ''}"]) + ")"


def _any(terms: Iterable[str]) -> str:
    return "(" + " | ".join(f"'~{term}'" for term in sorted(terms)) + ")"

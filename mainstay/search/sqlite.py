"""Full text in SQLite: an FTS5 table with the words and the terms as columns (https://sqlite.org/fts5.html)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from mainstay.search.engine import Question
from mainstay.search.words import Wanted

MAKE = "CREATE VIRTUAL TABLE search_words USING fts5(words, terms, prefix = '2 3', tokenize = \"unicode61 remove_diacritics 2\")"
DROP = "DROP TABLE search_words"


class Sqlite:
    """The table keeps its own words, so that taking a document out needs no knowledge of how it was once folded."""

    def write(self, rows: Sequence[tuple[int, Sequence[str], Collection[str]]]) -> None:
        values: list[str | int] = [value for pk, words, terms in rows for value in (pk, " ".join(words), " ".join(sorted(terms)))]
        places = ", ".join(["(%s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT OR REPLACE INTO search_words (rowid, words, terms) VALUES {places}", values)

    def remove(self, ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM search_words WHERE rowid IN ({', '.join(['%s'] * len(ids))})", list(ids))

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_words")

    def ids(self, question: Question, limit: int, before: int | None) -> list[int]:
        below = " AND rowid < %s" if before is not None else ""
        values: list[str | int] = [expression(question), *([before] if before is not None else []), limit]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT rowid FROM search_words WHERE search_words MATCH %s{below} ORDER BY rowid DESC LIMIT %s", values)
            return [row[0] for row in cursor.fetchall()]


def expression(question: Question) -> str:
    """The MATCH expression: words and terms in quotation marks, and they are letters and digits only."""
    parts = [f"words : ({' AND '.join(_phrase(want) for want in question.wanted)})", f"terms : ({_any(question.scopes)})"]
    if question.kinds:
        parts.append(f"terms : ({_any(f'k{kind}' for kind in question.kinds)})")
    return " AND ".join(parts)


def _phrase(want: Wanted) -> str:
    return f'"{" ".join(want.words)}"{" *" if want.is_begun else ""}'


def _any(terms: Iterable[str]) -> str:
    return " OR ".join(f'"{term}"' for term in sorted(terms))

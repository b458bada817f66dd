"""The one interface of the two databases' indexes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from mainstay.search.words import Wanted


@dataclass(frozen=True)
class Question:
    """What is asked for: all of `wanted`, readable under any of `scopes`, of any of `kinds` (all when empty)."""

    wanted: Sequence[Wanted]
    scopes: Collection[str]
    kinds: Collection[str] = ()


class Engine(Protocol):
    """Full text by id. Nothing that a person typed reaches the database but as folded words, which are letters and digits."""

    def write(self, rows: Sequence[tuple[int, Sequence[str], Collection[str]]]) -> None:
        """Put (id, words, terms) into the index, or in place of what it had under that id; one statement."""

    def remove(self, ids: Sequence[int]) -> None:
        """Take these out, words and all."""

    def clear(self) -> None:
        """Take everything out."""

    def ids(self, question: Question, limit: int, before: int | None) -> list[int]:
        """The newest matches, newest first, below `before`; one statement."""


def engine() -> Engine:
    if connection.vendor == "postgresql":
        from mainstay.search import postgres

        return postgres.Postgres()
    from mainstay.search import sqlite

    return sqlite.Sqlite()

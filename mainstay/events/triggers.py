"""The log is append-only, and the database holds it: triggers refuse UPDATE, DELETE and TRUNCATE on both databases."""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLES = ("events_event", "events_seal")
REFUSAL = "the event log is append-only"


def install(using: str = "default", **_: Any) -> None:
    """Make the triggers that are missing; runs after every migration, since a rebuilt SQLite table silently loses its own."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION mainstay_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
            )
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take the triggers away: for the tests' own clean-up between tests, and for nothing else."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in _names(table, connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(using: str = "default") -> list[str]:
    """The names of triggers that ought to stand and do not; `mainstay doctor` reports them."""
    connection = connections[using]
    catalogue = (
        "SELECT tgname FROM pg_trigger" if connection.vendor == "postgresql" else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        standing = {row[0] for row in cursor.fetchall()}
    return [name for table in TABLES for name in _names(table, connection.vendor) if name not in standing]


def _verbs(vendor: str) -> tuple[str, ...]:
    return ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")


def _names(table: str, vendor: str) -> list[str]:
    return [f"{table}_no_{verb}" for verb in _verbs(vendor)]


def _statements(vendor: str) -> list[str]:
    made = []
    for table in TABLES:
        for verb, name in zip(_verbs(vendor), _names(table, vendor), strict=True):
            if vendor == "postgresql":
                made.append(
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION mainstay_append_only()"
                )
            else:
                made.append(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
    return made

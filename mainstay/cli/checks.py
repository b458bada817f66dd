"""What `mainstay doctor` looks at in every installation, beside what the health page asks: is it set up so that nothing can be lost?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mainstay.kernel import health, secrets
from mainstay.kernel.checkup import CHECKS, Finding


def register() -> None:
    for name, check in {
        "1 database": database,
        "2 migrations": migrations,
        "3 event log": event_log,
        "4 data folder": data_folder,
        "5 jobs": jobs,
        "6 standing still": standing_still,
        "9 secrets": sealed_secrets,
    }.items():
        CHECKS.register(name, check)


def database() -> Iterator[Finding]:
    """Reachable, and set so that a commit survives a crash."""
    wanted = {"synchronous_commit": ("on", "remote_write", "remote_apply", "local"), "fsync": ("on",), "full_page_writes": ("on",)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            yield Finding(True, f"PostgreSQL answers (version {cursor.fetchone()[0]}).")
            for name, good in wanted.items():
                cursor.execute(f"SHOW {name}")
                yield from _setting("PostgreSQL", name, cursor.fetchone()[0], good)
            return
        yield Finding(True, f"The SQLite database {settings.DATABASES['default']['NAME']} opens.")
        for name, good in {"journal_mode": ("wal",), "synchronous": ("2", "3"), "foreign_keys": ("1",)}.items():
            cursor.execute(f"PRAGMA {name}")
            yield from _setting("SQLite", name, str(cursor.fetchone()[0]), good)


def _setting(what: str, name: str, value: str, good: tuple[str, ...]) -> Iterator[Finding]:
    if value in good:
        yield Finding(True, f"{what}'s {name} is {value}.")
    else:
        yield Finding(False, f"{what}'s {name} is {value}, so a crash could lose what was acknowledged; it has to be {good[0]}.")


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield Finding(False, f"{_count(len(missing), 'migration is', 'migrations are')} not applied; run `mainstay migrate`.")
    else:
        yield Finding(True, "Every migration is applied.")


def event_log() -> Iterator[Finding]:
    from mainstay.events import triggers

    if missing := triggers.missing():
        yield Finding(False, f"The event log could be changed: {', '.join(missing)} is missing. `mainstay migrate` puts it back.")
    else:
        yield Finding(True, "The event log is append-only.")


def data_folder() -> Iterator[Finding]:
    try:
        with tempfile.NamedTemporaryFile(dir=settings.DATA) as file:
            file.write(b"mainstay")
            file.flush()
        yield Finding(True, f"The data folder {settings.DATA} can be written.")
    except OSError as error:
        yield Finding(False, f"The data folder {settings.DATA} can't be written: {error.strerror}.")


def jobs() -> Iterator[Finding]:
    from mainstay.jobs.queries import failed_jobs

    given_up = failed_jobs().count()
    if given_up:
        told = _count(given_up, "job was", "jobs were")
        yield Finding(False, f"{told} given up; see the settings page, where they can be tried again or discarded.")
    else:
        yield Finding(True, "No job was given up.")


def sealed_secrets() -> Iterator[Finding]:
    """Whether what is stored sealed can be opened, and the earlier keys can go."""
    for name, found in secrets.standing().items():
        if found.lost:
            told = f"{found.lost} of the {name} can't be read by any key that is set"
            yield Finding(False, f"{told}: bring back the key in SECRETS_KEY_FALLBACKS, or enter them again.")
        elif found.earlier:
            yield Finding(True, f"{found.earlier} of the {name} still need an earlier key; `mainstay reseal` seals them anew.")
        else:
            yield Finding(True, f"Today's key opens all of the {name}.")


def standing_still() -> Iterator[Finding]:
    """What the banner and /healthz look at all day."""
    for name, troubles in health.ask().items():
        yield from (Finding(False, trouble) for trouble in troubles)
        if not troubles:
            yield Finding(True, f"Nothing stands still: {name}.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"

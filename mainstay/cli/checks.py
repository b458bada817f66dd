"""What `mainstay doctor` looks at in every installation: the database, the event log, the disk, the worker."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mainstay.kernel.checkup import CHECKS, Finding

DISK_RESERVE = 500 * 1024 * 1024
STUCK_AFTER = timedelta(minutes=5)


def register() -> None:
    for name, check in {
        "1 database": database,
        "2 migrations": migrations,
        "3 event log": event_log,
        "4 data folder": data_folder,
        "5 worker": worker,
        "6 jobs": jobs,
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
    free = shutil.disk_usage(settings.DATA).free
    told = f"{free / 1024**3:.1f} GB are free where the data are"
    if free < DISK_RESERVE:
        yield Finding(False, f"Only {told}; mail is refused for now below the reserve. Make room.")
    else:
        yield Finding(True, f"{told}.")


def worker() -> Iterator[Finding]:
    from mainstay.jobs.queries import workers_alive

    names = [f"{row.host} (process {row.pid})" for row in workers_alive()]
    if names:
        yield Finding(True, f"Workers alive: {', '.join(names)}.")
    else:
        yield Finding(
            False, "No worker is alive, so nothing is sent and no timer fires. Start one with `mainstay worker` or `mainstay start`."
        )


def jobs() -> Iterator[Finding]:
    from mainstay.jobs.queries import health

    state = health()
    if state.oldest_waiting is not None and state.oldest_waiting > STUCK_AFTER:
        yield Finding(False, f"The oldest job has been due for {state.oldest_waiting.total_seconds() / 60:.0f} minutes.")
    else:
        yield Finding(True, "No job waits for long.")
    if state.failed:
        yield Finding(
            False,
            f"{_count(state.failed, 'job was', 'jobs were')} given up; see the settings page, where they can be tried again or discarded.",
        )
    else:
        yield Finding(True, "No job was given up.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"

"""Bringing Django up for a command, and the database and the static files up to date."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import Any


def settings() -> Any:
    """The settings alone, without the apps: all that the supervisor needs. A wrong one ends the program with one plain sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.settings")
    from django.conf import settings as loaded

    return loaded


def boot() -> None:
    """Load the settings and the apps."""
    settings()
    import django

    django.setup()


def unreachable(error: BaseException) -> str:
    """One plain sentence, when the error is that the database did not let us in or is not there; else nothing."""
    from django.db import OperationalError, connection

    if not isinstance(error, OperationalError) or connection.connection is not None:
        return ""
    said = (str(error).splitlines() or [""])[0].strip().removeprefix("connection failed: ").rstrip(".")
    return f"Mainstay can't reach its database: {said}. DATABASE_URL says where it is; without it, it is a file in DATA."


def migrate(*, verbosity: int = 1) -> None:
    """Bring the database up to date; does nothing when it is."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=verbosity)


def collect_static() -> bool:
    """Gather and compress the static files when any of them has changed; whether that was needed. Of processes that start at the
    same moment one does it, and the others wait for it."""
    from django.core.management import call_command

    root = Path(settings().STATIC_ROOT)
    mark = root / ".collected"
    found = _fingerprint()
    with open(root.with_name(f"{root.name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if mark.is_file() and mark.read_text() == found:
            return False
        call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
        root.mkdir(parents=True, exist_ok=True)
        mark.write_text(found)
    return True


def _fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    running = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            stat = Path(storage.path(path)).stat()
            running.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return running.hexdigest()

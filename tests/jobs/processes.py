"""Real worker processes on the test's own database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def test_database() -> str:
    """The DATABASE_URL of the database that this test uses."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{Path(str(found['NAME'])).absolute()}"
    return f"postgresql://{found['USER']}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


def environment(**changes: str) -> dict[str, str]:
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return os.environ | {"DATABASE_URL": test_database(), "PYTHONPATH": paths} | changes


@contextmanager
def worker(*arguments: str, lease: int = 60, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, which is gone at the end of the block."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
        "MAINSTAY_TEST_SETTINGS": os.environ.get("DJANGO_SETTINGS_MODULE", "mainstay.settings"),
        "MAINSTAY_TEST_LEASE": str(lease),
    }
    command = [sys.executable, "-m", "mainstay", "worker", *arguments]
    process = subprocess.Popen(command, env=environment(**settings, **changes), cwd=ROOT)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()


def until(condition: Callable[[], object], *, seconds: float = 20.0, what: str = "it") -> None:
    """Wait for something that another process does; fails when it does not happen in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.05)

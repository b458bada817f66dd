"""`mainstay demo` as somebody meets it who tries Mainstay out: one command, and the whole runs."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.serving import children_of, free_port, memory_of
from tests.jobs.processes import ROOT, until

LIMIT = 400 * 1024


@contextmanager
def demo(data: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """The group with an SQLite database of its own: its process, its web port, and what it said until it ran."""
    port = free_port()
    changes = {"DATA": str(data), "HTTP": f"127.0.0.1:{port}", "SMTP": f"127.0.0.1:{free_port()}", "DATABASE_URL": ""}
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "mainstay", "demo", "--cases", "6", *arguments]
    process = subprocess.Popen(command, env=kept | changes, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        said: list[str] = []
        for line in process.stdout:
            said.append(line.strip())
            if line.strip().startswith("mail listener"):
                break
        yield process, port, said
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(15)


def test_the_demo_makes_itself_once_runs_small_starts_fast_and_stops_whole(tmp_path: Path) -> None:
    with demo(tmp_path) as (process, port, said):
        assert "Making a demo company with 6 cases ..." in said
        assert f"desk           http://127.0.0.1:{port}/" in said
        web = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        web.request("GET", "/healthz")
        assert web.getresponse().status in {200, 503}
        group = [process.pid, *children_of(process.pid)]
        assert len(group) == 4
        group += [grandchild for child in group[1:] for grandchild in children_of(child)]
        assert sum(memory_of(pid) for pid in group) < LIMIT
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert process.wait(15) == 0
        assert time.monotonic() - began < 10
        assert not any(Path(f"/proc/{pid}").exists() for pid in group)
    began = time.monotonic()
    with demo(tmp_path) as (_, _, said):
        assert time.monotonic() - began < 10
        assert "Making a demo company with 6 cases ..." not in said


def test_a_demo_that_was_stopped_while_it_was_being_made_says_so(tmp_path: Path) -> None:
    with demo(tmp_path, "--no-start") as (process, _, said):
        assert process.wait(60) == 0
        assert not any(line.startswith("mail listener") for line in said)
    (tmp_path / "demo.unfinished").touch()
    with demo(tmp_path, "--no-start") as (process, _, said):
        assert f"Remove {tmp_path} to begin anew." in said[-1]


def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    with demo(tmp_path) as (process, _, _):
        children = children_of(process.pid)
        process.kill()
        process.wait()
        until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), seconds=12, what="the end of the children")

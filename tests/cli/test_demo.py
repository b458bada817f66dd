"""`mainstay demo` as somebody meets it who tries Mainstay out: one command, and the whole runs."""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.serving import children_of, free_port, memory_of
from tests.jobs.processes import ROOT, until

LIMIT = 400 * 1024


def hear_ctrl_c() -> None:
    """A shell starts what it puts into the background deaf to it, and these tests may run there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def demo(data: Path, *arguments: str, until_line: str = "mail listener") -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """The group with an SQLite database of its own: its process, its web port, and what it said until it ran."""
    port = free_port()
    changes = {"DATA": str(data), "HTTP": f"127.0.0.1:{port}", "SMTP": f"127.0.0.1:{free_port()}", "DATABASE_URL": ""}
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "mainstay", "demo", "--cases", "6", *arguments]
    process = subprocess.Popen(
        command, env=kept | changes, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hear_ctrl_c
    )
    assert process.stdout is not None
    try:
        said: list[str] = []
        for line in process.stdout:
            said.append(line.strip())
            if line.strip().startswith(until_line):
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


def counted(data: Path) -> tuple[int, int]:
    """How many agents and how many cases the demo has."""
    with closing(sqlite3.connect(data / "mainstay.sqlite3")) as database:
        agents = database.execute("SELECT count(*) FROM people_agent").fetchone()[0]
        return agents, database.execute("SELECT count(*) FROM cases_case").fetchone()[0]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_demo_that_is_stopped_while_it_is_made_leaves_nothing_and_is_made_anew(tmp_path: Path, how: signal.Signals) -> None:
    with demo(tmp_path, "--cases", "60", "--no-start", until_line="6 of 60 cases") as (process, _, _):
        seeding = children_of(process.pid)
        process.send_signal(how)
        assert process.stdout is not None
        rest = process.stdout.read()
        assert process.wait(15) == (130 if how == signal.SIGINT else -how)
        assert ("nothing of it is kept; the next start makes it anew" in rest) == (how == signal.SIGINT)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in seeding), seconds=12, what="the end of the seeding")
    assert counted(tmp_path) == (0, 0)
    with demo(tmp_path, "--no-start") as (process, _, said):
        assert process.wait(60) == 0
        assert "Making a demo company with 6 cases ..." in said
    assert counted(tmp_path) == (6, 6)


def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    with demo(tmp_path) as (process, _, _):
        children = children_of(process.pid)
        assert len(children) == 3
        process.kill()
        process.wait()
        until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), seconds=12, what="the end of the children")
    assert not any(Path(f"/proc/{child}").exists() for child in children)

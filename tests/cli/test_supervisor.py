"""The group of processes: it starts together, comes back, and ends together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mainstay.cli.supervisor import Refused, check_free, only_one
from tests.cli.serving import children_of, free_port
from tests.jobs.processes import ROOT, until

GROUP = """
import sys
from pathlib import Path
from mainstay.cli.supervisor import Child, Supervisor, only_one
folder = Path(sys.argv[1])
lives = [sys.executable, "-c", "import time; time.sleep(600)"]
stubborn = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]
crashes = [sys.executable, "-c", "import sys; open(sys.argv[1], 'a').write('born '); sys.exit(3)", str(folder / "births")]
kinds = {"lives": lives, "stubborn": stubborn, "crashes": crashes}
with only_one(folder):
    group = Supervisor([Child(name, kinds[name]) for name in sys.argv[2:]], say=lambda line: print(line, flush=True))
    sys.exit(group.run(is_ready=lambda: True, announce=lambda: print("ready", flush=True)))
"""


@contextmanager
def group(folder: Path, *children: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", GROUP, str(folder), *children]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        assert "ready\n" in iter(process.stdout.readline, "")
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


def is_alive(pid: int) -> bool:
    path = Path(f"/proc/{pid}/stat")
    return path.exists() and ") Z " not in path.read_text()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_every_child_and_ends_well(tmp_path: Path, number: signal.Signals) -> None:
    with group(tmp_path, "lives", "lives") as running:
        until(lambda: len(children_of(running.pid)) == 2, what="both children")
        children = children_of(running.pid)
        running.send_signal(number)
        assert running.wait(10) == 0
    assert not any(is_alive(child) for child in children)


def test_children_that_will_not_stop_are_gone_within_ten_seconds(tmp_path: Path) -> None:
    with group(tmp_path, "stubborn", "stubborn") as running:
        until(lambda: len(children_of(running.pid)) == 2, what="both children")
        children = children_of(running.pid)
        time.sleep(0.5)
        running.send_signal(signal.SIGTERM)
        began = time.monotonic()
        running.wait(15)
        assert time.monotonic() - began < 10
    assert not any(is_alive(child) for child in children)


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    with group(tmp_path, "lives", "lives") as running:
        until(lambda: len(children_of(running.pid)) == 2, what="both children")
        children = children_of(running.pid)
        running.kill()
        running.wait()
    until(lambda: not any(is_alive(child) for child in children), seconds=5, what="the end of the children")


def test_a_killed_child_comes_back(tmp_path: Path) -> None:
    with group(tmp_path, "lives", "lives") as running:
        until(lambda: len(children_of(running.pid)) == 2, what="both children")
        victim = children_of(running.pid)[0]
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(children_of(running.pid)) == 2 and victim not in children_of(running.pid), seconds=5, what="its return")
        running.send_signal(signal.SIGTERM)
        running.wait(10)
        assert "The lives process ended (signal SIGKILL); it starts again in 0.5 s." in said(running)


def test_a_child_that_crashes_again_and_again_is_started_ever_more_slowly(tmp_path: Path) -> None:
    with group(tmp_path, "lives", "crashes") as running:
        time.sleep(6)
        running.send_signal(signal.SIGTERM)
        running.wait(10)
    births = (tmp_path / "births").read_text().split()
    assert 3 <= len(births) <= 4, "after 0.5, 1 and 2 seconds"


def test_a_second_start_on_the_same_data_is_refused_in_plain_words(tmp_path: Path) -> None:
    with group(tmp_path, "lives") as running:
        with pytest.raises(Refused) as refusal, only_one(tmp_path):
            pass
        assert str(refusal.value) == (
            f"Mainstay already runs on the data folder {tmp_path} (process {running.pid})."
            " Stop it first, or name another folder with DATA=."
        )
    with only_one(tmp_path):
        pass


def test_a_port_in_use_is_named_with_the_setting_that_changes_it() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Refused, match=rf"The web server can't listen on 127.0.0.1:{port} \(Address already in use\)\. .*HTTP="):
            check_free("web server", "HTTP", "127.0.0.1", port)
    check_free("web server", "HTTP", "127.0.0.1", free_port())

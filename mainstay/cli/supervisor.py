"""Several processes as one: they start together, a crashed one comes back, and none outlives the supervisor.

Kept free of Django: it only has to watch, and its memory counts against the whole.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

STOP_WITHIN = 9.5
STEADY = 60.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
_LOOK_EVERY = 0.1
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

Stops = list[int]


class Refused(Exception):  # noqa: N818 — not an error of ours
    """The group can't start; the text says why and what to do."""


@dataclass
class Child:
    """One process of the group: what it is called in messages, and its command line."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause: float = FIRST_PAUSE


def mainstay(name: str, *arguments: str) -> Child:
    """A child that runs one of Mainstay's own commands."""
    return Child(name, [sys.executable, "-m", "mainstay", name, *arguments])


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder. Raises `Refused` when another Mainstay runs on it; the lock goes with the process, however it ends."""
    path = folder / "mainstay.lock"
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise Refused(
                f"Mainstay already runs on the data folder {folder} (process {holder}). Stop it first, or name another folder with DATA=."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def check_free(what: str, variable: str, host: str, port: int) -> None:
    """Raises `Refused` when another program listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"The {what} can't listen on {host}:{port} ({error.strerror}). Choose another address with {variable}=."
            ) from None


class Supervisor:
    """`run()` starts the children and watches them until a signal comes; `say` gets one line for the operator at a time."""

    def __init__(self, children: Sequence[Child], *, say: Callable[[str], None] = print) -> None:
        self.children = list(children)
        self.say = say
        self._signals: Stops = []

    def run(self, *, is_ready: Callable[[], bool], announce: Callable[[], None], ready_within: float = 60.0) -> int:
        """Returns 0 after Ctrl-C or SIGTERM. `announce` is called once, as soon as `is_ready`."""
        before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        deadline: float | None = time.monotonic() + ready_within
        try:
            for child in self.children:
                self._start(child)
            while not self._signals:
                self._look_after()
                if deadline is not None and is_ready():
                    announce()
                    deadline = None
                elif deadline is not None and time.monotonic() > deadline:
                    self.say(f"Nothing has answered for {ready_within:.0f} s; the messages above may say why. Still trying.")
                    deadline = None
                time.sleep(_LOOK_EVERY)
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)
        return 0

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signals.append(number)

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(child.command, preexec_fn=_bind_to(os.getpid()))  # noqa: S603 — our own command
        child.started_at = time.monotonic()

    def _look_after(self) -> None:
        moment = time.monotonic()
        for child in self.children:
            if child.process is None:
                if moment >= child.restart_at:
                    self._start(child)
                continue
            code = child.process.poll()
            if code is None:
                continue
            if moment - child.started_at > STEADY:
                child.pause = FIRST_PAUSE
            self.say(f"The {child.name} process ended ({ending(code)}); it starts again in {child.pause:g} s.")
            child.process = None
            child.restart_at = moment + child.pause
            child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _stop(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _bind_to(supervisor: int) -> Callable[[], None]:
    def bind() -> None:
        # Ctrl-C in a terminal reaches the whole group at once; only the supervisor is to act on it, in its order.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        die_with(supervisor)

    return bind


def die_with(parent: int) -> None:
    """Called in a child: it gets SIGTERM when its parent ends, however that happens."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # it died before the kernel was told


def ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

"""Turns at writing to SQLite, for threads and for processes.

SQLite has one writer at a time, and its own way of waiting is blind: it sleeps, up to 100 ms at a stretch, and whoever comes by at the
right moment goes first. Under load the writers of a busy desk spent more time asleep than at work. A lock on a file beside the database
wakes the next one at once. It only saves time: who writes without asking for a turn waits as SQLite waits.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from django.db import connection

_one_thread = RLock()
_held = 0
_files: dict[str, int] = {}


@contextmanager
def writing() -> Iterator[None]:
    """Hold the turn: on SQLite one thread of one process has it, on PostgreSQL everybody. Who is in a transaction already has begun
    to write, and waits for nobody. No network and no file work inside."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _one_thread:
        _take(str(connection.settings_dict["NAME"]))
        try:
            yield
        finally:
            _give(str(connection.settings_dict["NAME"]))


def _take(place: str) -> None:
    global _held
    if _held == 0 and "memory" not in place:
        fcntl.flock(_file(place), fcntl.LOCK_EX)
    _held += 1


def _give(place: str) -> None:
    global _held
    _held -= 1
    if _held == 0 and "memory" not in place:
        fcntl.flock(_file(place), fcntl.LOCK_UN)


def _file(place: str) -> int:
    """Opened once in each process."""
    if place not in _files:
        _files[place] = os.open(f"{place}.turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    return _files[place]


def _begin_anew() -> None:
    """A forked child owes nobody a turn: a lock belongs to the opening of the file, which it would share with its parent."""
    global _one_thread, _held
    _one_thread, _held = RLock(), 0
    _files.clear()


os.register_at_fork(after_in_child=_begin_anew)

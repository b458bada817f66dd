"""One thread in each web process follows the event log and hands every open stream the hints that it may see."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable
from threading import Event, Lock, Thread

from django.db import connection

from mainstay.realtime.rights import Rights
from mainstay.realtime.tail import Change, Tail

log = logging.getLogger("mainstay.realtime")

LOOK_EVERY = 0.25
GAP = 5.0
"""Seconds that may pass between a page's reading of the rows and the opening of its stream: what happened since is told again."""

PENDING = 50
REFRESH = "refresh"


class Stream:
    """One open page's pending hints. All of it happens in the event loop; a hint that waits already is not added again."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self.is_over = False
        self.woken = asyncio.Event()
        self._pending: dict[str, None] = {}

    def offer(self, hints: Iterable[str]) -> None:
        before = len(self._pending)
        if REFRESH not in self._pending:
            self._pending.update(dict.fromkeys(hints))
        if len(self._pending) > PENDING:
            # A reader that far behind is served better by asking again for all it shows.
            self._pending = {REFRESH: None}
        if len(self._pending) != before:
            self.woken.set()

    def end(self) -> None:
        self.is_over = True
        self.woken.set()

    def take(self) -> list[str]:
        self.woken.clear()
        hints, self._pending = list(self._pending), {}
        return hints


class Hub:
    """The streams of this process. The thread runs while there are any, and begins at the present: there is no replay."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._recent: deque[tuple[float, Change]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = Lock()
        self._quiet = Event()
        self._thread: Thread | None = None

    def open(self, rights: Rights) -> Stream:
        """A new stream; called in the event loop."""
        stream = Stream(rights)
        self._loop = asyncio.get_running_loop()
        self._forget_old()
        stream.offer(hint for _, change in self._recent for hint in change.hints_for(rights))
        with self._lock:
            self.streams.add(stream)
            if self._thread is None:
                self._quiet.clear()
                self._thread = Thread(target=self._follow, name="hub", daemon=True)
                self._thread.start()
        return stream

    def close(self, stream: Stream) -> None:
        self.streams.discard(stream)

    def open_by(self, person: int) -> int:
        """How many streams this person holds in this process."""
        return sum(stream.rights.person == person for stream in self.streams)

    def end_all(self) -> None:
        """The process is stopping: let every reader go, they come back to whoever answers next. Safe in a signal handler."""
        self._quiet.set()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_streams)

    def _end_streams(self) -> None:
        for stream in list(self.streams):
            stream.end()

    def _follow(self) -> None:
        tail: Tail | None = None
        while not self._is_done():
            try:
                tail = tail or Tail(told_since=GAP)
                changes = tail.changes()
            except Exception as error:  # the one thread that every open page depends on
                log.warning("live updates could not read the event log: %s", type(error).__name__)
                connection.close_if_unusable_or_obsolete()
                changes = []
            if changes:
                self._pass_on(changes)
            self._quiet.wait(LOOK_EVERY)
        connection.close()

    def _pass_on(self, changes: list[Change]) -> None:
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._hand_out, changes)
        except RuntimeError:
            self._quiet.set()  # the loop was closed: the process is ending

    def _is_done(self) -> bool:
        with self._lock:
            if self.streams and not self._quiet.is_set():
                return False
            self._thread = None
            return True

    def _hand_out(self, changes: list[Change]) -> None:
        moment = time.monotonic()
        self._recent.extend((moment, change) for change in changes)
        self._forget_old()
        for stream in list(self.streams):
            stream.offer([hint for change in changes for hint in change.hints_for(stream.rights)])

    def _forget_old(self) -> None:
        moment = time.monotonic()
        while self._recent and self._recent[0][0] < moment - GAP:
            self._recent.popleft()


hub = Hub()
"""The hub of this process."""

"""The real listener in a thread of its own, on a free port; and words with it that no decent library would speak."""

from __future__ import annotations

import asyncio
import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connections

from mainstay.mail.smtpd import THREADS, Handler, open_listener


@dataclass
class Listener:
    port: int = 0
    is_lmtp: bool = False
    ready: threading.Event = field(default_factory=threading.Event)

    def send(self, raw: bytes, *to: str, sender: str = "luis@harbor.example") -> dict[str, tuple[int, bytes]]:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as server:
            return server.sendmail(sender, list(to) or ["support@journeyware.example"], raw)

    def speak(self, *pieces: bytes) -> list[bytes]:
        """Say these bytes, each after the answer to the one before; the answers, as they came."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            answers = [_answer(line)]
            for piece in pieces:
                line.sendall(piece)
                answers.append(_answer(line))
        return answers


def _close(together: threading.Barrier) -> None:
    """Each of the threads once, which is why they wait for each other."""
    together.wait(10)
    connections.close_all()


def _answer(line: socket.socket) -> bytes:
    """All that is said before it waits for us again: several lines after EHLO, several answers in LMTP."""
    said = b""
    line.settimeout(5)
    try:
        while piece := line.recv(65536):
            said += piece
            if re.search(rb"(?:^|\n)\d{3} [^\n]*\n\Z", said):
                line.settimeout(0.05)
    except TimeoutError:
        pass
    return said


@contextmanager
def listening(*, is_lmtp: bool = False) -> Iterator[Listener]:
    listener = Listener(is_lmtp=is_lmtp)
    loop = asyncio.new_event_loop()
    handler = Handler(is_lmtp=is_lmtp)

    async def begin() -> asyncio.Server:
        return await open_listener(handler, "127.0.0.1", 0)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        together = threading.Barrier(THREADS)
        for _ in range(THREADS):
            handler.threads.submit(_close, together)
        handler.threads.shutdown()
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)

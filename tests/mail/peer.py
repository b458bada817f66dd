"""Another company's mail server, scripted: what it answers at which step, when it hangs up, and what it took from us.

It counts what it accepted per recipient, byte for byte, so that a test can say "once".
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

HANG_UP = "hang up"
SILENT = "silent"


@dataclass
class Taken:
    sender: str
    recipient: str
    data: bytes


@dataclass
class Peer:
    """`script` maps a step ("connect", "EHLO", "AUTH", "MAIL", "RCPT", "RCPT luis@...", "DATA", "dot", "after dot") to its answers, used
    up one by one; without any the step goes well. "after dot" strikes when the mail has been taken already."""

    script: dict[str, list[str]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    extensions: list[str] = field(default_factory=lambda: ["8BITMIME"])

    def __enter__(self) -> Peer:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._open = True
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        self._open = False
        self._server.close()

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.recipient for one in self.taken)

    def _accept(self) -> None:
        while self._open:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(line,), daemon=True).start()

    def _next(self, *steps: str) -> str:
        for step in steps:
            if self.script.get(step):
                return self.script[step].pop(0)
        return ""

    def _converse(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, ConnectionError), line, line.makefile("rwb") as stream:
            if self._answer(stream, self._next("connect") or "220 mx.harbor.example"):
                self._commands(stream)

    def _commands(self, stream) -> None:
        sender = recipient = ""
        while words := stream.readline():
            command = words.decode("utf-8", "replace").strip()
            self.said.append(command)
            verb = command[:4].upper()
            if verb == "MAIL":
                sender = command.partition("<")[2].partition(">")[0]
            if verb == "RCPT":
                recipient = command.partition("<")[2].partition(">")[0]
            if verb == "EHLO":
                usual = "\r\n".join([f"250-{word}" for word in ("mx.harbor.example", *self.extensions)] + ["250 SIZE 50000000"])
            else:
                usual = {"QUIT": "221 Bye", "DATA": "354 Go on", "AUTH": "235 Welcome"}.get(verb, "250 OK")
            if not self._answer(stream, self._next(f"{verb} {recipient}", verb) or usual):
                return
            if verb == "DATA" and not self._data(stream, sender, recipient):
                return
            if verb == "QUIT":
                return

    def _data(self, stream, sender: str, recipient: str) -> bool:
        lines = []
        while (one := stream.readline()) not in (b".\r\n", b""):
            lines.append(one[1:] if one.startswith(b".") else one)
        if one == b"":
            return False
        answer = self._next(f"dot {recipient}", "dot")
        if not answer or answer.startswith("2"):
            self.taken.append(Taken(sender, recipient, b"".join(lines)))
        return self._answer(stream, self._next("after dot") or answer or "250 Taken")

    def _answer(self, stream, answer: str) -> bool:
        if answer == HANG_UP:
            return False
        if answer == SILENT:
            time.sleep(30)
            return False
        stream.write(f"{answer}\r\n".encode())
        stream.flush()
        return True

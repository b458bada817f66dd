"""The real web process on the test's own database, at a free port."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.jobs.processes import ROOT, environment, until

OUR_PAGES = {"DJANGO_SETTINGS_MODULE": "tests.cli.server_settings"}


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int

    def ask(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """One request on a connection of its own: the status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=body, headers=headers or {})  # type: ignore[arg-type]
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(**changes: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "mainstay", "serve"]
    process = subprocess.Popen(command, env=environment(**OUR_PAGES | {"HTTP": f"127.0.0.1:{port}"} | changes), cwd=ROOT)
    server = Server(process, port)
    try:
        until(lambda: answers(server), seconds=30, what="the first answer of the web process")
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(server: Server) -> bool:
    assert server.process.poll() is None, "the web process ended"
    try:
        server.ask("GET", "/healthz")
    except (OSError, http.client.HTTPException):
        return False
    return True


def memory_of(pid: int) -> int:
    """Proportional set size in kilobytes."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []

"""The one port: what reaches Django, and what does not."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.serving import Server, memory_of, serving

pytestmark = pytest.mark.usefixtures("committed")

MB = 1024 * 1024


@pytest.fixture
def server(committed: None) -> Iterator[Server]:
    with serving() as running:
        yield running


def pieces(size: int) -> Iterator[bytes]:
    """A body that is sent in pieces, without saying how long it will be."""
    for _ in range(size // MB):
        yield b"x" * MB


def test_bodies_arrive_whole_however_they_are_sent_and_too_large_ones_never_reach_django(server: Server) -> None:
    for body in (b"", b"x" * 10, b"x" * (3 * MB), b"x" * (25 * MB)):
        status, answer = server.ask("POST", "/echo", body)
        assert (status, json.loads(answer)["size"]) == (200, len(body))
    status, answer = server.ask("POST", "/echo", pieces(5 * MB))
    assert (status, json.loads(answer)["size"]) == (200, 5 * MB)
    status, answer = server.ask("POST", "/echo", b"x" * (27 * MB))
    assert status == 413 and b"25 MB" in answer
    assert server.ask("POST", "/echo", pieces(30 * MB))[0] == 413
    assert server.ask("GET", "/echo/%C3%BC%2F")[0] == 200
    assert memory_of(server.process.pid) < 150 * 1024, "large bodies wait on the disk"


def test_a_header_with_an_underscore_cannot_pose_as_one_of_a_proxy(server: Server) -> None:
    _, answer = server.ask("GET", "/echo", headers={"X_Real_Ip": "10.0.0.1", "X-Other": "kept"})
    headers = json.loads(answer)["headers"]
    assert headers["HTTP_X_OTHER"] == "kept"
    assert "HTTP_X_REAL_IP" not in headers


def test_uploads_that_trickle_in_do_not_hold_up_the_pages(server: Server) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
    for line in slow:
        line.sendall(b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx")
    began = time.monotonic()
    assert server.ask("GET", "/healthz")[0] == 200
    assert time.monotonic() - began < 2
    for line in slow:
        line.close()


def test_pages_are_answered_side_by_side(server: Server) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(lambda _: server.ask("GET", "/slow")[0], range(4)))
    assert answers == [200] * 4
    assert time.monotonic() - began < 5


def test_a_request_with_endless_headers_is_refused(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.settimeout(10)
        line.sendall(b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        try:
            for number in range(3000):
                line.sendall(f"X-Filler-{number}: {'x' * 100}\r\n".encode())
            answer = line.recv(100)
        except ConnectionError:
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert server.ask("GET", "/healthz")[0] == 200


def test_the_server_does_not_say_what_it_is_made_of(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert b"server:" not in answer.lower().split(b"\r\n\r\n")[0]


def test_it_stops_within_seconds_also_while_streams_are_open(server: Server) -> None:
    line = socket.create_connection(("127.0.0.1", server.port))
    line.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    server.process.terminate()
    began = time.monotonic()
    server.process.wait(10)
    assert time.monotonic() - began < 6
    line.close()
    assert not os.path.exists(f"/proc/{server.process.pid}")  # noqa: PTH110

"""Three hundred open pages on one web process, and everybody else's pages beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from mainstay.people.models import Agent, Person
from tests.cast import Cast
from tests.cli.serving import serving
from tests.realtime.streams import signed_in

pytestmark = pytest.mark.usefixtures("committed")

STREAMS = 300
AT_ONCE = 4


def hire(cast: Cast, number: int) -> Person:
    """One more agent of the team: nobody may hold three hundred streams alone."""
    person = Person.objects.create(name=f"Agent {number}", email=f"agent{number}@journeyware.example")
    Agent.objects.create(person=person).teams.set([cast.support])
    return person


async def open_stream(port: int, key: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    cookie = f"{settings.SESSION_COOKIE_NAME}={key}"
    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
    await writer.drain()
    assert b"200" in await reader.readline()
    await reader.readuntil(b"retry: 3000")
    return reader, writer


async def load_page(port: int) -> float:
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 "), answer[:80]
    return time.monotonic() - began


async def several(do: Callable[[], Awaitable[float]], times: int) -> list[float]:
    """`times` in all, `AT_ONCE` of them side by side."""

    async def some() -> list[float]:
        return [await do() for _ in range(times // AT_ONCE)]

    return [taken for taking in await asyncio.gather(*(some() for _ in range(AT_ONCE))) for taken in taking]


async def heard(reader: asyncio.StreamReader, hint: str, since: float) -> float:
    await reader.readuntil(f"data: {hint}\n".encode())
    return time.monotonic() - since


def test_three_hundred_streams_stay_open_beside_page_loads_and_all_hear_a_new_case(cast: Cast) -> None:
    agents = [hire(cast, number) for number in range(15)]
    keys = [signed_in(agents[number % len(agents)]) for number in range(STREAMS)]

    async def story(port: int) -> None:
        streams = [await open_stream(port, key) for key in keys]
        loading = sorted(await several(lambda: load_page(port), 200))
        since = time.monotonic()
        case = await sync_to_async(cast.case)()
        hearing = await asyncio.wait_for(asyncio.gather(*(heard(reader, f"case-{case.number}", since) for reader, _ in streams)), 10)
        for _, writer in streams:
            writer.close()
        await sync_to_async(connections.close_all)()
        print(f"pages: 95 in 100 within {loading[189] * 1000:.0f} ms; hints: the last of {STREAMS} after {max(hearing) * 1000:.0f} ms")
        assert loading[189] < 1.0
        assert max(hearing) < 2.0

    with serving() as server:
        asyncio.run(story(server.port))
        assert server.process.poll() is None

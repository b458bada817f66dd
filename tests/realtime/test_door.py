"""`/events`: who may open it, what it says, and when it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from mainstay.kernel import clock
from mainstay.people.models import Agent, Person
from mainstay.realtime import hub as hubs
from mainstay.realtime.door import PER_PERSON, Door
from mainstay.realtime.door import _checks as door_checks
from mainstay.realtime.hub import Hub, Stream
from mainstay.realtime.rights import Rights
from tests.cast import Cast
from tests.jobs.processes import until
from tests.realtime.streams import cookie, reading, signed_in

pytestmark = pytest.mark.usefixtures("committed")


def in_the_loop(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        await asyncio.wait_for(story(), 40)
        await sync_to_async(connections.close_all)()

    asyncio.run(told())
    door_checks.submit(connections.close_all).result()
    until(lambda: not any(thread.name == "hub" for thread in threading.enumerate()), what="the end of the hub's thread")


def test_an_agent_s_open_page_hears_of_a_new_case_within_a_second(cast: Cast) -> None:
    door, headers = Door(Hub()), cookie(signed_in(cast.maya))

    async def story() -> None:
        async with reading(door, headers) as page:
            assert page.status == 200
            assert page.headers["content-type"].startswith("text/event-stream")
            assert page.headers["cache-control"] == "no-store"
            case = await sync_to_async(cast.case)()
            await page.until(lambda: f"case-{case.number}" in page.hints, seconds=2)
            assert "queue" in page.hints

    in_the_loop(story)


@pytest.mark.security("S-056")
def test_a_customer_and_another_team_s_agent_hear_nothing_of_the_case(cast: Cast) -> None:
    door = Door(Hub())
    pages = {person.name: cookie(signed_in(person)) for person in (cast.maya, cast.nils, cast.dana)}

    async def story() -> None:
        async with (
            reading(door, pages["Maya Ortiz"]) as maya,
            reading(door, pages["Nils Brandt"]) as nils,
            reading(door, pages["Dana Whitfield"]) as dana,
        ):
            await sync_to_async(cast.case)()
            await maya.until(lambda: maya.hints)
            await asyncio.sleep(0.3)
            assert nils.hints == [] and dana.hints == []

    in_the_loop(story)


@pytest.mark.security("S-056")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"cookie": "session=madeup"}, 401),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example", "host": "evil.example"}, 403),
    ],
)
def test_strangers_and_foreign_pages_are_refused(cast: Cast, headers: dict[str, str], status: int) -> None:
    theirs = headers if status == 401 else cookie(signed_in(cast.maya)) | headers

    async def story() -> None:
        async with reading(Door(Hub()), theirs) as page:
            assert page.status == status
            assert "data:" not in page.text

    in_the_loop(story)


def test_our_own_page_may_open_it_under_any_of_our_names(cast: Cast) -> None:
    headers = cookie(signed_in(cast.maya)) | {"origin": "http://localhost:8000", "host": "localhost:8000", "sec-fetch-site": "same-origin"}

    async def story() -> None:
        async with reading(Door(Hub()), headers) as page:
            assert page.status == 200
        async with reading(Door(Hub()), headers, method="POST") as page:
            assert page.status == 405

    in_the_loop(story)


def disable(person: Person) -> None:
    Agent.objects.filter(person=person).update(disabled_at=clock.now())


def switch_off(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


def change_password(person: Person) -> None:
    person.set_password("another mast")
    person.save()


@pytest.mark.security("S-059")
@pytest.mark.parametrize("withdraw", [switch_off, change_password])
def test_a_stream_ends_when_its_person_or_session_does(cast: Cast, withdraw: Callable[[Person], Any]) -> None:
    door, headers = Door(Hub(), check_every=0.3), cookie(signed_in(cast.maya))

    async def story() -> None:
        async with reading(door, headers) as page:
            await sync_to_async(withdraw)(cast.maya)
            await page.until(lambda: page.has_ended, seconds=3)

    in_the_loop(story)


@pytest.mark.security("S-059")
def test_an_agent_who_is_disabled_hears_of_no_case_from_the_next_check_on(cast: Cast) -> None:
    door, headers = Door(Hub(), check_every=0.2), cookie(signed_in(cast.maya))

    async def story() -> None:
        async with reading(door, headers) as page:
            await sync_to_async(disable)(cast.maya)
            await asyncio.sleep(0.6)
            await sync_to_async(cast.case)()
            await asyncio.sleep(0.8)
            assert page.hints == []

    in_the_loop(story)


def test_a_quiet_stream_says_that_it_is_still_there(cast: Cast) -> None:
    door, headers = Door(Hub(), heartbeat=0.1), cookie(signed_in(cast.maya))

    async def story() -> None:
        async with reading(door, headers) as page:
            await page.until(lambda: page.text.count(": still here") >= 2, seconds=2)

    in_the_loop(story)


def test_one_person_holds_only_so_many_streams(cast: Cast) -> None:
    hub, headers = Hub(), cookie(signed_in(cast.maya))

    async def story() -> None:
        rights = Rights(person=cast.maya.pk, is_agent=True, teams=frozenset())
        streams = [hub.open(rights) for _ in range(PER_PERSON)]
        async with reading(Door(hub), headers) as page:
            assert page.status == 429
        for stream in streams:
            hub.close(stream)

    in_the_loop(story)


def test_a_slow_reader_is_told_to_ask_for_everything_again() -> None:
    async def story() -> None:
        stream = Stream(Rights(person=1, is_agent=True, teams=frozenset({1})))
        stream.offer(["queue", "queue", "case-100000001"])
        assert stream.take() == ["queue", "case-100000001"]
        stream.offer(f"case-{number}" for number in range(hubs.PENDING + 1))
        stream.offer(["queue"])
        assert stream.take() == ["refresh"]

    in_the_loop(story)


def test_a_page_that_opens_its_stream_late_hears_what_happened_since_it_was_read(cast: Cast) -> None:
    hub, headers = Hub(), cookie(signed_in(cast.maya))

    async def story() -> None:
        async with reading(Door(hub), headers) as first:
            case = await sync_to_async(cast.case)()
            await first.until(lambda: first.hints)
            async with reading(Door(hub), headers) as late:
                await late.until(lambda: f"case-{case.number}" in late.hints, seconds=2)

    in_the_loop(story)


def test_the_hub_s_thread_ends_with_the_last_stream_and_starts_again(cast: Cast) -> None:
    hub, headers = Hub(), cookie(signed_in(cast.maya))

    async def story() -> None:
        for _ in range(2):
            async with reading(Door(hub), headers) as page:
                await sync_to_async(cast.case)()
                await page.until(lambda: page.hints)
            await page.until(lambda: hub._thread is None, seconds=3)

    in_the_loop(story)


def test_when_the_process_stops_every_stream_ends(cast: Cast) -> None:
    hub, headers = Hub(), cookie(signed_in(cast.maya))

    async def story() -> None:
        async with reading(Door(hub), headers) as page:
            hub.end_all()
            await page.until(lambda: page.has_ended, seconds=2)

    in_the_loop(story)

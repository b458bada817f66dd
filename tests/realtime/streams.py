"""Reading `/events`: by calling its handler, and over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from mainstay.people.models import Person
from mainstay.realtime.door import Door


def signed_in(person: Person) -> str:
    """The key of a session as a sign-in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    assert session.session_key is not None
    return session.session_key


def cookie(key: str) -> dict[str, str]:
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}


class Reader:
    """One open page, seen from the browser."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.has_ended = False
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.text += message.get("body", b"").decode()
        self.has_ended = not message.get("more_body", False)

    @property
    def hints(self) -> list[str]:
        return [line.removeprefix("data: ") for line in self.text.splitlines() if line.startswith("data: ")]

    async def until(self, condition: object, seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # type: ignore[operator]
                await asyncio.sleep(0.01)


@asynccontextmanager
async def reading(door: Door, headers: dict[str, str], method: str = "GET") -> AsyncIterator[Reader]:
    """A stream that is open for the block, or already refused."""
    reader = Reader()
    scope = {"type": "http", "method": method, "path": "/events", "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}
    answering = asyncio.ensure_future(door(scope, reader.receive, reader.send))
    try:
        await reader.until(lambda: "hello" in reader.text or reader.has_ended)
        yield reader
    finally:
        reader.left.set()
        await asyncio.wait_for(answering, 5)

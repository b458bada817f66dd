"""`/events`: server-sent events (WHATWG HTML, 9.2) that carry hints, never content. A plain ASGI handler: no thread, no
connection per stream."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import parse_cookie

from mainstay.realtime.hub import Hub, Stream
from mainstay.realtime.rights import Rights, rights_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT = 15.0
CHECK_EVERY = 30.0
PER_PERSON = 24

# One thread, and so one database connection, for all the sign-in checks of the process.
_checks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="streams")


class Door:
    """Answers one request for the stream; `hub` is where the hints come from."""

    def __init__(self, hub: Hub, *, heartbeat: float = HEARTBEAT, check_every: float = CHECK_EVERY) -> None:
        self.hub = hub
        self.heartbeat = heartbeat
        self.check_every = check_every

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] != "GET":
            return await _refuse(send, HTTPStatus.METHOD_NOT_ALLOWED)
        if not comes_from_us(headers):
            return await _refuse(send, HTTPStatus.FORBIDDEN)
        key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
        rights = await _check(key) if key else None
        if rights is None:
            return await _refuse(send, HTTPStatus.UNAUTHORIZED)
        if self.hub.open_by(rights.person) >= PER_PERSON:
            return await _refuse(send, HTTPStatus.TOO_MANY_REQUESTS)
        stream = self.hub.open(rights)
        leaving = asyncio.ensure_future(_until_they_leave(receive, stream))
        try:
            await self._serve(stream, key, send)
        finally:
            leaving.cancel()
            self.hub.close(stream)

    async def _serve(self, stream: Stream, key: str, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _say(send, b": hello\nretry: 3000\n\n")
        said_at = checked_at = time.monotonic()
        while not stream.is_over:
            rest = min(said_at + self.heartbeat, checked_at + self.check_every) - time.monotonic()
            await _wait(stream, max(0.0, rest))
            moment = time.monotonic()
            if moment >= checked_at + self.check_every:
                rights = await _check(key)
                if rights is None:
                    break
                stream.rights, checked_at = rights, moment
            hints = stream.take()
            if hints or moment >= said_at + self.heartbeat:
                lines = [f"data: {hint}" for hint in hints] or [": still here"]
                await _say(send, "\n".join([*lines, "", ""]).encode())
                said_at = moment
        await send({"type": "http.response.body", "body": b"", "more_body": False})


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def comes_from_us(headers: dict[str, str]) -> bool:
    """Whether our own page asks (S-056). Browsers send Sec-Fetch-Site or Origin; who sends neither is no page at all."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    asked = urlsplit(origin)
    ours = urlsplit(settings.BASE_URL)
    if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
        return True
    return asked.scheme in {"http", "https"} and asked.netloc == headers.get("host") and asked.hostname in settings.ALLOWED_HOSTS


async def _check(key: str) -> Rights | None:
    return await asyncio.get_running_loop().run_in_executor(_checks, _ask, key)


def _ask(key: str) -> Rights | None:
    connection.close_if_unusable_or_obsolete()
    return rights_of(key)


async def _wait(stream: Stream, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stream.woken.wait(), seconds)


async def _until_they_leave(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _say(send: Send, words: bytes) -> None:
    await send({"type": "http.response.body", "body": words, "more_body": True})


async def _refuse(send: Send, status: HTTPStatus) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": f"{status.phrase}\n".encode()})

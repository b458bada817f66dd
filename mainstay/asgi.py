"""One port: `/events` is answered in the event loop, everything else by Django in a pool of threads."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from tempfile import SpooledTemporaryFile
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

django_pages = get_wsgi_application()

from mainstay.realtime.door import Door  # noqa: E402 — models can be imported only now
from mainstay.realtime.hub import hub  # noqa: E402

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

THREADS = 8
_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024
_ROOM_FOR_FIELDS = 1024 * 1024
_PATIENCE = 4
"""A browser shows our answer only when it could send its whole body, so one that is a little too large is read and thrown away."""

_events = Door(hub)
_pages: Any = WSGIMiddleware(cast(Any, django_pages), workers=THREADS)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"] == "/events":
        await _events(scope, receive, send)
    else:
        await _page(scope, receive, send)


async def _page(scope: Message, receive: Receive, send: Send) -> None:
    """Take the whole body in first, so that a slow or endless upload holds a file and not one of the threads."""
    limit = settings.UPLOAD_LIMIT + _ROOM_FOR_FIELDS
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
        size = await _take_in(scope, receive, body, limit)
        if size is None:
            return
        if size > limit:
            await _too_large(send)
            return
        await _pages(_for_django(scope, size), _replay(body, receive), send)


async def _take_in(scope: Message, receive: Receive, body: SpooledTemporaryFile[bytes], limit: int) -> int | None:
    """The body's size, past `limit` when it is too large; None when they left before its end."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > _PATIENCE * limit:
        return limit + 1
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += len(message.get("body", b""))
        if size <= limit:
            body.write(message.get("body", b""))
        if size > _PATIENCE * limit:
            return size
        if not message.get("more_body", False):
            body.seek(0)
            return size


def _for_django(scope: Message, size: int) -> Message:
    """WSGI writes `x_real_ip` and `x-real-ip` as one name, so a header with an underscore could pose as a proxy's; none of ours has one."""
    headers = [
        (name, value) for name, value in scope["headers"] if b"_" not in name and name not in {b"content-length", b"transfer-encoding"}
    ]
    if size:
        headers.append((b"content-length", str(size).encode()))
    return {**scope, "headers": headers}


def _replay(body: SpooledTemporaryFile[bytes], receive: Receive) -> Receive:
    ended = False

    async def again() -> Message:
        nonlocal ended
        if ended:
            return await receive()
        piece = body.read(_PIECE)
        ended = len(piece) < _PIECE
        return {"type": "http.request", "body": piece, "more_body": not ended}

    return again


async def _too_large(send: Send) -> None:
    limit = settings.UPLOAD_LIMIT // (1024 * 1024)
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": f"This is larger than the {limit} MB that can be sent at once.\n".encode()})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            hub.end_all()
            await send({"type": "lifespan.shutdown.complete"})
            return

"""`mainstay serve`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "answer web requests on HTTP (127.0.0.1:8000 when unset)"

_HEADERS_AT_MOST = 64 * 1024


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()
    boot.collect_static()

    import logging
    from types import FrameType

    import uvicorn
    from django.conf import settings

    from mainstay.realtime.hub import hub

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            # Open streams would otherwise be waited for until the patience below ends.
            hub.end_all()
            super().handle_exit(sig, frame)

    _tell_the_code()
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        "mainstay.asgi:application",
        host=settings.HTTP_HOST,
        port=settings.HTTP_PORT,
        # h11 refuses endless headers and doubtful framing, which httptools lets pass; a page costs more than either.
        http="h11",
        h11_max_incomplete_event_size=_HEADERS_AT_MOST,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )
    Server(config).run()
    return 0


def _tell_the_code() -> None:
    """Whoever reads the log may be the first administrator, from wherever they sit (S-057)."""
    import logging

    from django.conf import settings
    from django.db import DatabaseError, connection

    from mainstay.setup.code import pending_code

    try:
        code = pending_code()
    except DatabaseError:  # not migrated yet: the pages will say so
        return
    finally:
        connection.close()
    if code:
        words = "nobody has set Mainstay up yet: open %s/setup/ (from another machine with the set-up code %s)"
        logging.getLogger("mainstay.setup").warning(words, settings.BASE_URL, code)

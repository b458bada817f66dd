"""The mail listener: SMTP, or LMTP behind a real mail server. It answers 250 when the mail is on the disk, and not before (P-01).

Line ends are strict: only CR LF . CR LF ends a mail (S-041); what comes in one mail stays one mail.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections

from mainstay.channels import tokens
from mainstay.jobs.outcome import describe
from mainstay.kernel.faults import faultpoint
from mainstay.mail import guard
from mainstay.mail.addresses import Directory
from mainstay.mail.keep import NoRoom, NotOurs, keep

log = logging.getLogger("mainstay.mail")

THREADS = 4
CONNECTIONS = 100
CONNECTIONS_OF_ONE = 20
RECIPIENTS = 100  # RFC 5321 section 4.5.3.1.8: no server has to take more in one go
STRANGERS = 20
LONGEST_LINE = 4 * 1024 * 1024
SECONDS = 600.0
CALLS = {"MAIL": 1_000, "RCPT": 5_000, "DATA": 1_000, "RSET": 1_000, "NOOP": 100, "*": 20}

OK = "250 2.0.0 It is on our disk"
LATER = "451 4.3.0 Not now; please try again later"
FULL = "452 4.3.1 There is no room at the moment; please try again later"
UNKNOWN = "550 5.1.1 Nobody here has this address"
CROWDED = "421 4.7.0 Too many connections; please try again later"


class Handler:
    """What the SMTP conversation asks of us. Everything that may block runs in threads."""

    def __init__(self, *, is_lmtp: bool = False) -> None:
        self.directory = Directory()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="keep")
        self.is_lmtp = is_lmtp
        self.strangers: WeakKeyDictionary[Session, int] = WeakKeyDictionary()
        self.open_from: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Ours, or 550: also a reply address whose token we never gave away (S-035)."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients in one mail"
        if self.strangers.get(session, 0) >= STRANGERS:
            return "421 4.7.0 Too many unknown recipients"
        try:
            known = await self._in_thread(self._is_known, address)
        except Exception as error:
            _tell("a recipient could not be looked up", error)
            return LATER
        if not known:
            self.strangers[session] = self.strangers.get(session, 0) + 1
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        faultpoint("k2")
        said = await self._store(session, envelope)
        faultpoint("k5" if said == OK else "refused")
        # LMTP (RFC 2033, section 4.2) answers once for each recipient.
        return "\r\n".join([said] * len(envelope.rcpt_tos)) if self.is_lmtp else said

    async def handle_VRFY(self, server: SMTP, session: Session, envelope: Envelope, address: str) -> str:  # noqa: N802
        return "252 2.5.0 Send a mail, and see"

    async def handle_exception(self, error: Exception) -> str:
        _tell("a conversation failed", error)
        return LATER

    async def _store(self, session: Session, envelope: Envelope) -> str:
        data = envelope.original_content or b""
        arrived = guard.Envelope(envelope.mail_from or "", tuple(envelope.rcpt_tos))
        peer = str(session.peer[0]) if session.peer else ""
        try:
            await self._in_thread(lambda: keep(data, arrived, peer=peer, directory=self.directory))
        except NoRoom:
            log.warning("there is no room for a mail of %s bytes; it was refused for now", len(data))
            return FULL
        except NotOurs:
            return UNKNOWN
        except Exception as error:
            _tell("a mail could not be stored and was refused for now", error)
            return LATER
        return OK

    def _is_known(self, address: str) -> bool:
        place = self.directory.place(address)
        return place is not None and (not place.token or tokens.find(place.token) is not None)

    async def _in_thread(self, work: Callable[[], Any] | Callable[[str], Any], *arguments: str) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _again, work, *arguments)


def _tell(what: str, error: Exception) -> None:
    """Without the traceback's values, which may be somebody's mail."""
    log.error("%s: %s", what, describe(error))


def _again(work: Callable[..., Any], *arguments: str) -> Any:
    """A database that was restarted is met again at the second try, on a fresh connection (P-18)."""
    try:
        return work(*arguments)
    except (OperationalError, InterfaceError):
        # Not asked whether it still works: one that was terminated can answer the question and nothing after it.
        connection.close()
    return work(*arguments)


class _Limits:
    """Both protocols: no line limit of a thousand bytes, a bounded number of connections, faultpoints at both ends of a mail."""

    line_length_limit = LONGEST_LINE
    event_handler: Handler
    _counted = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[misc]
        if not self._counted:
            peer = transport.get_extra_info("peername")
            self._counted = str(peer[0]) if peer else "local"
            open_from = self.event_handler.open_from
            open_from[self._counted] += 1
            faultpoint("k1")
            if open_from.total() > CONNECTIONS or open_from[self._counted] > CONNECTIONS_OF_ONE:
                transport.write(f"{CROWDED}\r\n".encode())  # type: ignore[attr-defined]
                transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self._counted:
            self.event_handler.open_from[self._counted] -= 1
            self._counted = ""
        super().connection_lost(error)  # type: ignore[misc]

    async def push(self, status: str | bytes) -> None:
        await super().push(status)  # type: ignore[misc]
        if status == OK:
            faultpoint("k6")


class _SMTP(_Limits, SMTP):
    pass


class _LMTP(_Limits, LMTP):
    pass


def protocol(handler: Handler) -> asyncio.Protocol:
    """One conversation."""
    kind = _LMTP if handler.is_lmtp else _SMTP
    return kind(
        handler,
        data_size_limit=settings.MAIL_LIMIT,
        enable_SMTPUTF8=True,
        hostname=settings.MESSAGE_ID_HOST,
        ident="Mainstay",
        timeout=SECONDS,
        command_call_limit=CALLS,
        auth_exclude_mechanism=["LOGIN", "PLAIN"],
        loop=asyncio.get_running_loop(),
    )


async def open_listener(handler: Handler, host: str, port: int) -> asyncio.Server:
    """Take connections from now on."""
    return await asyncio.get_running_loop().create_server(lambda: protocol(handler), host, port, backlog=100)


async def listen(host: str, port: int, *, is_lmtp: bool = False) -> None:
    """Take mail until SIGTERM or SIGINT; mails whose last byte has arrived by then are still stored and answered."""
    handler = Handler(is_lmtp=is_lmtp)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await open_listener(handler, host, port)
    log.info("listening for mail on %s:%s", host, port)
    await stop.wait()
    server.close()
    await loop.run_in_executor(None, handler.threads.shutdown)
    await asyncio.sleep(0.2)


def run(*, is_lmtp: bool = False) -> None:
    """`mainstay listen`."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    connections.close_all()
    asyncio.run(listen(settings.SMTP_HOST, settings.SMTP_PORT, is_lmtp=is_lmtp))

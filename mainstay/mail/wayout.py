"""One mail to one recipient over SMTP, with exact knowledge of how far it came (P-07).

The connection is checked (kernel.net), encrypted unless it stays on this machine, and signed in where the mailbox says so.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from mainstay.kernel import net, secrets
from mainstay.kernel.faults import faultpoint
from mainstay.mail.models import Mailbox
from mainstay.mail.wire import one_line

# RFC 5321 section 4.5.3.2.6: a server may take this long to answer the final dot, and giving up earlier sends twice.
FINAL_DOT_SECONDS = 600.0
TOLD_CAP = 300


class Fate(StrEnum):
    SENT = "sent"
    LATER = "later"  # nothing was taken; it may be tried again
    REFUSED = "refused"  # this mail will never be taken
    UNCERTAIN = "uncertain"  # the last byte had left when the connection broke
    ROUTE = "route"  # the way out itself is shut: name or password, certificate, address


@dataclass(frozen=True)
class Outcome:
    """What became of it, and what the server said, in one line; or that it said nothing for as long as one waits."""

    fate: Fate
    answer: str
    was_silent: bool = False


@dataclass(frozen=True)
class Route:
    """A server and how to speak to it."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, mailbox: Mailbox) -> Route:
        return cls(mailbox.host, mailbox.port, mailbox.security, mailbox.user, mailbox.clear_password)


class Shut(Exception):  # noqa: N818
    """The route can't be used; the text is one sentence for the operator."""


def send(mailbox: Mailbox, sender: str, recipient: str, data: bytes, *, before_data: Callable[[], object]) -> Outcome:
    """Hand one mail over. `before_data` is called when the recipient is accepted and nothing of the mail has left; from then on a
    silence is `UNCERTAIN`. Never raises for what servers and networks do."""
    try:
        connection = open_route(Route.of(mailbox))
    except (Shut, secrets.Unreadable) as shut:
        return Outcome(Fate.ROUTE, str(shut) if isinstance(shut, Shut) else _LOST_KEY)
    except _TROUBLE as trouble:
        return Outcome(Fate.LATER, told(trouble), was_silent=_is_silence(trouble))
    try:
        return _hand_over(connection, sender, recipient, data, before_data)
    finally:
        connection.close()


def open_route(route: Route) -> smtplib.SMTP:
    """A connection after EHLO, encryption and sign-in. Raises Shut when the route is wrong, one of the troubles when it may be
    right later."""
    try:
        if route.security == Mailbox.Security.NONE and not _is_this_machine(route.host):
            raise Shut("A connection without encryption is only made to this machine; choose STARTTLS or TLS.")
        connection = _connected(route)
    except net.Forbidden:
        raise Shut("This server can't be used: its address is not a public one, and ALLOWED_NETWORKS does not name it.") from None
    except ssl.SSLCertVerificationError as error:
        raise Shut(f"The server's certificate can't be trusted: {one_line(error.verify_message)[:100].rstrip('.')}.") from None
    try:
        connection.ehlo_or_helo_if_needed()
        if route.security == Mailbox.Security.STARTTLS:
            _encrypt(connection)
        if route.user:
            _sign_in(connection, route)
    except BaseException:
        connection.close()
        raise
    return connection


def told(trouble: BaseException) -> str:
    """A failure in one line, as far as it is fit for a case's page."""
    if isinstance(trouble, smtplib.SMTPResponseException):
        return said(trouble.smtp_code, trouble.smtp_error)
    if _is_silence(trouble):
        return "The server did not answer in time."
    if isinstance(trouble, smtplib.SMTPServerDisconnected | ConnectionError):
        return "The server closed the connection."
    if isinstance(trouble, socket.gaierror):
        return "The server's name is not known."
    if isinstance(trouble, ssl.SSLError):
        return "The encrypted connection failed."
    return "The server can't be reached."


def _is_silence(trouble: BaseException) -> bool:
    return isinstance(trouble, TimeoutError) or isinstance(trouble.__context__, TimeoutError)  # smtplib calls it a disconnection


def said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {one_line(text)}"[:TOLD_CAP]


_LOST_KEY = "The mailbox's password was stored under another SECRETS_KEY; enter it again."
_TROUBLE = (OSError, smtplib.SMTPException)  # SMTPException is an OSError; named, because it is what we mean


class _Checked(smtplib.SMTP):
    """Connects to the address that was checked, and verifies certificates against the name."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return net.connect(host, port, timeout=timeout)


class _CheckedTLS(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _tls().wrap_socket(net.connect(host, port, timeout=timeout), server_hostname=host)


def _connected(route: Route) -> smtplib.SMTP:
    kind = _CheckedTLS if route.security == Mailbox.Security.TLS else _Checked
    return kind(route.host, route.port, local_hostname=settings.MESSAGE_ID_HOST, timeout=float(settings.EMAIL_TIMEOUT))


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _encrypt(connection: smtplib.SMTP) -> None:
    if not connection.has_extn("starttls"):
        raise Shut("The server offers no STARTTLS, and nothing is sent in the clear.")
    try:
        connection.starttls(context=_tls())
    except ssl.SSLCertVerificationError as error:
        raise Shut(f"The server's certificate can't be trusted: {one_line(error.verify_message)[:100].rstrip('.')}.") from None
    connection.ehlo_or_helo_if_needed()


def _sign_in(connection: smtplib.SMTP, route: Route) -> None:
    try:
        connection.login(route.user, route.password)
    except smtplib.SMTPAuthenticationError as error:
        # 454 is a server that can't look now (RFC 4954, section 6); it says nothing about the password.
        if 400 <= error.smtp_code < 500:
            raise
        raise Shut(f"The server refuses the name or the password: {said(error.smtp_code, error.smtp_error)}") from None
    except smtplib.SMTPNotSupportedError:
        raise Shut("The server offers no way to sign in.") from None


def _is_this_machine(host: str) -> bool:
    try:
        return all(address.is_loopback for address in net.checked(host, 25))
    except net.Forbidden:
        raise
    except OSError:
        return False


def _hand_over(connection: smtplib.SMTP, sender: str, recipient: str, data: bytes, before_data: Callable[[], object]) -> Outcome:
    has_left = False
    try:
        for code, words in _envelope(connection, sender, recipient):
            if code // 100 != 2:
                return _refusal(code, words)
        faultpoint("k11")
        before_data()
        code, words = connection.docmd("DATA")
        if code != 354:
            return _refusal(code, words)
        connection.send(_stuffed(data))
        has_left = True
        connection.send(b".\r\n")
        faultpoint("k12")
        if connection.sock is not None:
            connection.sock.settimeout(FINAL_DOT_SECONDS)
        code, words = connection.getreply()
        if code == -1:
            raise smtplib.SMTPServerDisconnected("no answer")
        faultpoint("k13")
        return Outcome(Fate.SENT, said(code, words)) if code // 100 == 2 else _refusal(code, words)
    except _TROUBLE as trouble:
        return Outcome(Fate.UNCERTAIN if has_left else Fate.LATER, told(trouble), was_silent=_is_silence(trouble))


def _envelope(connection: smtplib.SMTP, sender: str, recipient: str) -> Iterator[tuple[int, bytes]]:
    yield connection.mail(sender)
    yield connection.rcpt(recipient)


def _refusal(code: int, words: bytes) -> Outcome:
    """4yz may pass, 5yz never will (RFC 5321, 4.2.1); a sentence that starts otherwise is no refusal of this mail."""
    return Outcome(Fate.REFUSED if code // 100 == 5 else Fate.LATER, said(code, words))


def _stuffed(data: bytes) -> bytes:
    """The mail as it goes over the wire: a dot before a line's first dot (RFC 5321, 4.5.2), and CR LF at the end."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"

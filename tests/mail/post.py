"""Mails of the cast, and the way they take."""

from __future__ import annotations

from mainstay.channels import tokens
from mainstay.jobs import run_all
from mainstay.mail.addresses import with_token
from mainstay.mail.keep import Envelope, keep
from mainstay.mail.models import RawMail

SUPPORT = "support@journeyware.example"
LUIS = "Luis Almeida <luis@harbor.example>"
_counter = iter(range(1, 10**9))


def letter(
    body: str | bytes = "The holiday is counted twice.\r\n", *headers: str, sender: str = LUIS, to: str = SUPPORT, subject: str = "Overtime"
) -> bytes:
    """A mail as Luis's program writes it, with an id of its own unless the headers name one."""
    named = {header.partition(":")[0].lower() for header in headers}
    usual = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "Date: Mon, 2 Mar 2026 09:42:00 +0100"]
    usual.append(f"Message-ID: <{next(_counter)}@harbor.example>")
    lines = [line for line in usual if line.partition(":")[0].lower() not in named] + list(headers)
    data = body if isinstance(body, bytes) else body.encode()
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + data


def arrive(raw: bytes, *to: str, sender: str = "luis@harbor.example") -> RawMail:
    """Kept, and everything that follows; the first receipt."""
    rows = keep(raw, Envelope(sender, to or (SUPPORT,)), peer="192.0.2.7")
    run_all()
    row = rows[0]
    row.refresh_from_db()
    return row


def reply_address(case, person) -> str:
    """The address that this person was given for this case."""
    return with_token(SUPPORT, tokens.token_for(case, person))

"""The demo's "Sent mail": answer one of our own mails as its reader would, through the real listener."""

from __future__ import annotations

import smtplib
from email.utils import format_datetime

from django.conf import settings

from mainstay.channels.models import Delivery
from mainstay.kernel import blobs, clock, ids
from mainstay.mail import wire
from mainstay.mail.compose import answering
from mainstay.mail.parse import Letter, parse
from mainstay.mail.wire import Part

_LISTENS_ON_ALL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — names to compare with
TIMEOUT = 15.0


def kept(delivery: Delivery) -> Letter:
    """Our own mail as its reader has it. Raises LookupError when no copy was kept."""
    if not delivery.copy:
        raise LookupError("no copy of this mail was kept")
    return parse(blobs.read(delivery.copy))


def answer_as_customer(delivery: Delivery, text: str) -> None:
    """Answer as a mail program does: to the reply address, threaded, with the original quoted below. Raises OSError when the
    listener does not run, smtplib.SMTPException when it refuses."""
    mail = kept(delivery)
    quoted = "\n".join(f"> {line}".rstrip() for line in mail.text.split("\n"))
    sender = mail.from_.name if mail.from_ else ""
    words = f"{text.rstrip()}\n\nOn {format_datetime(clock.now())}, {sender} wrote:\n{quoted}\n"
    head = _head(delivery, mail, answering(mail.subject))
    _hand_in(_person(delivery), _reply_address(mail), head, wire.text_part(words, "plain"), delivery.address)


def out_of_office(delivery: Delivery) -> None:
    """The answer of a mail server whose owner is away (RFC 3834), to the return path; a letter's is empty, and gets none."""
    mail = kept(delivery)
    to = _return_path(mail)
    if not to:
        return
    head = [*_head(delivery, mail, f"Out of office: {mail.subject}"), "Auto-Submitted: auto-replied (vacation)\r\n"]
    words = "I am away until Monday and will answer your mail then.\n"
    _hand_in(_person(delivery), to, head, wire.text_part(words, "plain"), "")


def bounce(delivery: Delivery) -> None:
    """A delivery report that this mail could not be delivered for good (RFC 3464), to the return path."""
    mail = kept(delivery)
    to = _return_path(mail) or _reply_address(mail)
    words = f"Your mail to {delivery.address} could not be delivered.\n\n550 5.1.1 unknown user\n"
    status = (
        f"Reporting-MTA: dns; mx.customer.example\r\n\r\nFinal-Recipient: rfc822; {delivery.address}\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown user\r\n"
    )
    original = f"Message-ID: <{mail.message_id}>\r\nSubject: {wire.one_line(mail.subject)}\r\n"
    report = Part(
        "multipart/report; report-type=delivery-status",
        children=(
            wire.text_part(words, "plain"),
            Part("message/delivery-status", body=status.encode()),
            Part("text/rfc822-headers; charset=utf-8", body=original.encode()),
        ),
    )
    head = [*_head(delivery, mail, "Undelivered Mail Returned to Sender"), "Auto-Submitted: auto-replied\r\n"]
    _hand_in("Mail Delivery System <MAILER-DAEMON@mx.customer.example>", to, head, report, "")


def _person(delivery: Delivery) -> str:
    return wire.mailbox(delivery.person.name, delivery.address)


def _reply_address(mail: Letter) -> str:
    return mail.reply_to[0].address if mail.reply_to else mail.from_.address if mail.from_ else ""


def _return_path(mail: Letter) -> str:
    return mail.header("Return-Path").strip().strip("<>")


def _head(delivery: Delivery, mail: Letter, subject: str) -> list[str]:
    chain = [f"<{one}>" for one in (*mail.references, mail.message_id)]
    return [
        wire.text_header("Subject", subject),
        f"Date: {format_datetime(clock.now())}\r\n",
        f"Message-ID: <{ids.token()}@{delivery.address.rpartition('@')[2]}>\r\n",
        f"In-Reply-To: <{mail.message_id}>\r\n",
        wire.fold("References", wire.message_ids(chain), between=" "),
    ]


def _hand_in(sender: str, to: str, head: list[str], content: Part, return_path: str) -> None:
    """Over SMTP to our own listener, as any other server would."""
    data = "".join([f"From: {sender}\r\n", f"To: {to}\r\n", *head]).encode() + b"MIME-Version: 1.0\r\n" + content.written(ids.token()[:24])
    host = _LISTENS_ON_ALL.get(settings.SMTP_HOST, settings.SMTP_HOST)
    with smtplib.SMTP(host, settings.SMTP_PORT, local_hostname="mx.customer.example", timeout=TIMEOUT) as connection:
        connection.sendmail(return_path, [to], data)

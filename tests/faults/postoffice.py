"""The post office between the installations of a test and everybody else: it carries, counts, and is as badly run as a test wants."""

from __future__ import annotations

import asyncio
import email.policy
import email.utils
import smtplib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from itertools import count

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.product import free_port

# By these a program says that it is one, or whose mail went round.
MARKS = ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "X-Loop", "X-Mainstay-Instance", "X-Mainstay-Letter")
# And by these, which mail it answers.
THREAD = ("In-Reply-To", "References", "Reply-To")

_POLICY = email.policy.SMTP.clone(max_line_length=None)
_numbers = count(1)


@dataclass
class Carried:
    sender: str
    recipient: str
    mail: Message


Machine = Callable[[Carried], "Carried | None"]


@dataclass
class PostOffice:
    """`desks`: the port behind each domain. `machines`: what answers by itself, by the domain of the recipient. `lost`: headers that
    get lost here; with them goes the empty return path, as with a gateway that wants to be able to send back."""

    desks: dict[str, int] = field(default_factory=dict)
    machines: dict[str, Machine] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    carried: list[Carried] = field(default_factory=list)
    port: int = 0

    def to(self, recipient: str) -> int:
        """How many mails went to this person."""
        return Counter(one.recipient for one in self.carried)[recipient]

    def post(self, sender: str, recipient: str, subject: str, *, words: str = "Hello", **headers: str) -> None:
        """Somebody's mail program hands a mail in."""
        mail = letter(sender, recipient, subject, words)
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        self.carry(Carried(sender, recipient, mail))

    def carry(self, one: Carried) -> None:
        """To the desk behind the address, or to the machine that answers there; who answers is carried at once."""
        for name in self.lost:
            del one.mail[name]
        if self.lost and not one.sender:
            one.sender = _address(one.mail["From"])
        self.carried.append(one)
        domain = one.recipient.rpartition("@")[2]
        if domain in self.desks:
            with smtplib.SMTP("127.0.0.1", self.desks[domain], timeout=30) as line:
                line.sendmail(one.sender, [one.recipient], one.mail.as_bytes(policy=_POLICY))
        answer = self.machines[domain](one) if domain in self.machines else None
        if answer is not None:
            self.carry(answer)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = BytesParser(policy=email.policy.compat32).parsebytes(envelope.original_content or b"")
        one = Carried((envelope.mail_from or "").strip("<>"), envelope.rcpt_tos[0], mail)
        await asyncio.get_running_loop().run_in_executor(None, self.carry, one)
        return "250 2.0.0 Carried"


def letter(sender: str, recipient: str, subject: str, words: str) -> Message:
    mail = Message()
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
    mail["Message-ID"] = f"<{next(_numbers)}@{sender.rpartition('@')[2]}>"
    mail["Date"] = "Mon, 2 Mar 2026 09:42:00 +0000"
    mail.set_payload(f"{words} {next(_numbers)}\r\n", "utf-8")
    return mail


def is_away(one: Carried) -> Carried:
    """An out-of-office that answers everything, always, to whoever stands in Reply-To or From."""
    back = _address(one.mail["Reply-To"] or one.mail["From"])
    answer = letter(one.recipient, back, f"Automatic reply: {one.mail['Subject']}", "I am at sea until May.")
    answer["Auto-Submitted"], answer["In-Reply-To"] = "auto-replied", one.mail["Message-ID"]
    return Carried("", back, answer)


def refuses_late(one: Carried) -> Carried | None:
    """A server that takes every mail and reports afterwards that nobody is there: to the return path, as it should, or to From."""
    back = one.sender or _address(one.mail["From"])
    if back.startswith("mailer-daemon@"):
        return None
    domain = one.recipient.rpartition("@")[2]
    report = BytesParser().parsebytes(
        REPORT.format(domain=domain, back=back, gone=one.recipient, id=one.mail["Message-ID"], number=next(_numbers)).encode()
    )
    return Carried("", back, report)


REPORT = """From: mailer-daemon@{domain}
To: {back}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@{domain}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="xyz"

--xyz
Content-Type: text/plain

I am sorry, but nobody here is called that. {number}

--xyz
Content-Type: message/delivery-status

Reporting-MTA: dns; {domain}

Final-Recipient: rfc822; {gone}
Action: failed
Status: 5.1.1

--xyz
Content-Type: text/rfc822-headers

Message-ID: {id}

--xyz--
"""


def _address(header: str) -> str:
    return email.utils.parseaddr(str(header))[1]


@contextmanager
def opened() -> Iterator[PostOffice]:
    """The post office, with people at its counter."""
    office = PostOffice(port=free_port())
    counter = Controller(office, hostname="127.0.0.1", port=office.port)
    counter.start()
    try:
        yield office
    finally:
        counter.stop()

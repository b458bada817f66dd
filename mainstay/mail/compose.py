"""A mail of ours as bytes. Pure: everything it says is in `Outgoing`, and the same Outgoing gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from mainstay.kernel import html, markdown
from mainstay.mail import wire
from mainstay.mail.wire import Part, Unsendable

__all__ = ["Outgoing", "OutgoingFile", "Quoted", "Unsendable", "answering", "compose", "marker_line"]

REFERENCES_CAP = 20
QUOTED_CAP = 4_000
SUBJECT_CAP = 300
_ANSWERED = re.compile(r"\s*(?:re|aw|sv|antw|vs|ref|rif|odp)(?:\[\d+\])?\s*:", re.I)
_CONTENT_ID = re.compile(r"[\w.+-]{1,100}@[\w.-]{1,100}", re.A)

Named = tuple[str, str]


@dataclass(frozen=True)
class OutgoingFile:
    """A file with its bytes; `content_id` for a picture that the text shows."""

    name: str
    type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Quoted:
    """What is answered: the line above it ("On 2 March, Luis Almeida wrote:"), and its text."""

    heading: str
    text: str


@dataclass(frozen=True)
class Outgoing:
    """A mail before it is bytes. `to` and `cc` are everybody it goes to, as all of them see it; `reply_to` is this recipient's own
    reply address; `format` is "markdown" or "plain"; `instance` marks letters, so that ours never answer each other."""

    message_id: str
    at: datetime
    sender: Named
    reply_to: Named
    to: Sequence[Named]
    subject: str
    body: str
    format: str = "markdown"
    cc: Sequence[Named] = ()
    signature: str = ""
    footer: str = ""
    marker: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    quoted: Quoted | None = None
    files: Sequence[OutgoingFile] = ()
    is_letter: bool = False
    instance: str = ""


def compose(mail: Outgoing) -> bytes:
    """The whole mail, ready for DATA: threaded, plain and HTML, CR LF, seven bits. Raises Unsendable when an address is none."""
    root = _content(mail)
    seed = hashlib.sha256(mail.message_id.encode()).hexdigest()[:24]
    return "".join(_headers(mail)).encode("ascii") + b"MIME-Version: 1.0\r\n" + root.written(seed)


def marker_line(words: str) -> str:
    """The line above which an answer is written; `parse.quotes` cuts there in any language."""
    return f"##- {' '.join(words.split())[:150]} -##"


def answering(subject: str) -> str:
    """The subject of an answer: the customer's own words behind one "Re:"."""
    words = wire.one_line(subject)[:SUBJECT_CAP]
    return words if _ANSWERED.match(words) else f"Re: {words}".rstrip()


def _headers(mail: Outgoing) -> list[str]:
    if not wire.message_ids([mail.message_id]):
        raise Unsendable("The message has no Message-ID of ours.")
    lines = [
        wire.fold("From", [wire.mailbox(*mail.sender)], between=","),
        wire.fold("To", [wire.mailbox(*one) for one in mail.to], between=","),
    ]
    if mail.cc:
        lines.append(wire.fold("Cc", [wire.mailbox(*one) for one in mail.cc], between=","))
    lines += [
        wire.fold("Reply-To", [wire.mailbox(*mail.reply_to)], between=","),
        wire.text_header("Subject", mail.subject),
        f"Date: {format_datetime(mail.at)}\r\n",
        f"Message-ID: {mail.message_id}\r\n",
    ]
    if answered := wire.message_ids([mail.in_reply_to]):
        lines.append(f"In-Reply-To: {answered[0]}\r\n")
    if chain := wire.message_ids(mail.references):
        # The first one too, since it is what a thread is known by (RFC 5322, 3.6.4).
        lines.append(wire.fold("References", [*chain[:1], *chain[1:][-REFERENCES_CAP:]], between=" "))
    if mail.is_letter:
        lines += ["Auto-Submitted: auto-replied\r\n", "X-Auto-Response-Suppress: All\r\n", "Precedence: bulk\r\n"]
        lines.append(wire.text_header("X-Loop", mail.instance) if mail.instance else "")
    return lines


def _content(mail: Outgoing) -> Part:
    shown = _html(mail)
    inline = [one for one in mail.files if _CONTENT_ID.fullmatch(one.content_id) and f"cid:{one.content_id}" in shown]
    attached = [one for one in mail.files if one not in inline]
    rich = wire.text_part(shown, "html")
    if inline:
        pictures = (wire.file_part(one.name, one.type, one.data, content_id=one.content_id) for one in inline)
        rich = Part('multipart/related; type="text/html"', children=(rich, *pictures))
    body = Part("multipart/alternative", children=(wire.text_part(_plain(mail), "plain"), rich))
    if not attached:
        return body
    return Part("multipart/mixed", children=(body, *(wire.file_part(one.name, one.type, one.data) for one in attached)))


def _plain(mail: Outgoing) -> str:
    words = markdown.to_plain(mail.body) if mail.format == "markdown" else mail.body
    blocks = [marker_line(mail.marker) if mail.marker else "", words.strip("\n")]
    if mail.signature.strip():
        blocks.append(f"-- \n{mail.signature.strip()}")
    blocks.append(mail.footer)
    if mail.quoted:
        quoted = "\n".join(f"> {line}".rstrip() for line in mail.quoted.text[:QUOTED_CAP].strip("\n").split("\n"))
        blocks.append(f"{mail.quoted.heading}\n{quoted}")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _html(mail: Outgoing) -> str:
    """Everything in it was escaped or cleaned a moment ago, whatever was done to it before (S-011)."""
    body = markdown.render(mail.body) if mail.format == "markdown" else html.plain_to_html(mail.body)
    blocks = (
        [f'<p data-mainstay-reply-above=""><font size="1" color="#767676">{escape(marker_line(mail.marker))}</font></p>']
        if mail.marker
        else []
    )
    blocks.append(f"<div>{body}</div>")
    if mail.signature.strip():
        blocks.append(f"<div>--<br>{html.plain_to_html(mail.signature.strip())}</div>")
    if mail.footer:
        blocks.append(f'<div><font size="2" color="#767676">{html.plain_to_html(mail.footer)}</font></div>')
    if mail.quoted:
        quoted = html.plain_to_html(mail.quoted.text[:QUOTED_CAP])
        blocks.append(f'<p>{escape(mail.quoted.heading)}</p><blockquote type="cite">{quoted}</blockquote>')
    head = '<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
    return f"<!DOCTYPE html>\n<html>{head}<body>\n" + "\n".join(blocks) + "\n</body></html>\n"

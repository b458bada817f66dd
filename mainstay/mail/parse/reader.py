"""The whole way from bytes to a Letter. Total: whatever the bytes, a Letter comes back, and its defects tell the rest."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from mainstay.kernel.htmltext import render

from . import addresses, auto, bodies, bounce, quotes
from .charsets import storable
from .headers import Headers
from .letter import File, Letter, Mailbox
from .mime import Part, Reader
from .phrases import SUBJECT_FORWARD

HTML_CAP = 1_000_000
HEADERS_CAP = 400
VALUE_CAP = 10_000
REFERENCES_CAP = 200
_ID = re.compile(r"<([^<>]{1,900})>")
_SPACE = re.compile(r"\s+")


def parse(raw: bytes) -> Letter:
    """Reads one mail. Never raises for any bytes; takes time and memory linear in the size, apart from what a defect names."""
    try:
        return _read(raw)
    except MemoryError:
        raise  # not the mail's fault: the caller has less room than it promised
    except Exception as error:  # the promise of R-20: a mail that we can't read is still a mail
        return Letter(
            text=(rest := _last_resort(raw)), cut=len(rest), quoted_from=len(rest), defects=(f"unreadable: {type(error).__name__}",)
        )


def _last_resort(raw: bytes) -> str:
    return storable(raw[:100_000].decode("utf-8", "replace"))


def _read(raw: bytes) -> Letter:
    reader = Reader(raw)
    root = reader.read()
    head = root.headers
    head.charset = _charset(root)
    content = bodies.gather(root)
    defects = content.defects
    defects += reader.defects
    lists = {name: _mailboxes(head, name, defects) for name in ("from", "sender", "reply-to", "to", "cc")}
    text, html, cut, quoted_from = _text(content, bool(SUBJECT_FORWARD.match(head.text("subject"))))
    values = {name.lower(): value for name, value in reversed([*head.decoded()][:HEADERS_CAP])}
    sender = _sender(lists, defects)
    own = {box.address.lower() for name in ("from", "to") for box in lists[name]}
    failure = bounce.read(root, content.reports, text, values, sender, own)
    return Letter(
        message_id=_first_id(head.raw("message-id")),
        in_reply_to=_first_id(head.raw("in-reply-to")),
        references=_ids(head.raw("references")),
        from_=sender,
        sender=next(iter(lists["sender"]), None),
        reply_to=lists["reply-to"],
        to=lists["to"],
        cc=lists["cc"],
        subject=storable(head.text("subject"))[:VALUE_CAP],
        date=_date(head.raw("date")),
        headers=tuple((name, storable(value)[:VALUE_CAP]) for name, value in [*head.decoded()][:HEADERS_CAP]),
        text=text,
        cut=cut,
        quoted_from=quoted_from,
        html=html,
        format="html" if html is not None and not any(text.strip() for text in content.plain) else "plain",
        attachments=tuple(_storable_file(file) for file in content.files),
        bounce=failure,
        auto_reply=None if failure else auto.reason(values),
        list_id=storable(head.text("list-id"))[:500],
        defects=tuple(dict.fromkeys(defects)),
    )


def _charset(root: Part) -> str:
    """The body's charset tells how raw eight-bit headers were meant."""
    if root.charset:
        return root.charset
    return next((child.charset for child in root.children if child.charset), "")


def _mailboxes(head: Headers, name: str, defects: list[str]) -> tuple[Mailbox, ...]:
    found: list[Mailbox] = []
    for raw in head.all(name)[:10]:
        some, defect = addresses.read(raw)
        found += some
        if defect:
            defects.append(defect)
    return tuple(Mailbox(storable(box.name), storable(box.address)) for box in found[: addresses.CAP])


def _sender(lists: dict[str, tuple[Mailbox, ...]], defects: list[str]) -> Mailbox | None:
    """The first author with an address; a mail without one shows who asks for the answer, and a defect says so."""
    named = next(iter(lists["from"]), None)
    found = next((box for box in lists["from"] if "@" in box.address), None)
    if found is not None:
        return found
    other = next((box for name in ("sender", "reply-to") for box in lists[name] if "@" in box.address), None)
    if other is None:
        return named
    defects.append("no address in From; taken from Sender or Reply-To")
    return Mailbox(other.name or (named.name if named else ""), other.address)


def _text(content: bodies.Content, forward: bool) -> tuple[str, str | None, int, int]:
    html = "\n".join(content.html)[:HTML_CAP] if content.html else None
    plain = "\n".join(content.plain)
    if len(plain) > bodies.TEXT_CAP:
        content.defects.append("the text is longer than is shown")
        plain = plain[: bodies.TEXT_CAP]
    if plain.strip() or html is None:
        return plain, html, *quotes.cut(plain, None, forward)
    rendered = render(html, quotes.QUOTE_ELEMENTS, quotes.QUOTE_OPENINGS)
    answered = rendered.behind is not None and not quotes.is_signature(rendered.text[rendered.behind :])
    return rendered.text, html, *quotes.cut(rendered.text, rendered.place, forward or answered)


def _ids(raw: str) -> tuple[str, ...]:
    found = _ID.findall(raw[:100_000])
    bare = [_SPACE.sub("", one) for one in found] if found else [word for word in raw[:100_000].split() if "@" in word]
    return tuple(dict.fromkeys(storable(one)[:900] for one in bare if one))[-REFERENCES_CAP:]


def _first_id(raw: str) -> str:
    found = _ids(raw)
    if found:
        return found[0]
    return storable(raw.strip("<> \t").split()[0])[:900] if raw.strip("<> \t") else ""


def _date(raw: str) -> datetime | None:
    """What the sender claims, aware; without a zone it is taken as UTC."""
    try:
        parts = parsedate_tz(raw[:200])
        if parts is None or parts[0] < 1970:
            return None
        offset = parts[9] or 0
        zone = timezone(timedelta(seconds=offset)) if abs(offset) < 86_400 else UTC
        return datetime(*parts[:6], tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _storable_file(file: File) -> File:
    return File(storable(file.name), storable(file.type), file.data, storable(file.content_id), file.inline, file.sha256)

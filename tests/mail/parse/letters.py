"""Mails of our own making, one for each thing that real ones do; the mutants start from these too."""

from __future__ import annotations

import base64
import struct

PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def mail(*headers: str, body: str | bytes = "The ship's log won't open.\n", charset: str = "utf-8") -> bytes:
    """A mail from Luis to support, with more headers and a body."""
    named = {header.split(":", 1)[0].lower() for header in headers}
    usual = (
        "From: Luis Almeida <luis@harbor.example>",
        "To: support@journeyware.example",
        "Subject: The log won't open",
        "Message-ID: <first@harbor.example>",
        "Date: Mon, 2 Mar 2026 09:42:00 +0100",
    )
    lines = [line for line in usual if line.split(":", 1)[0].lower() not in named] + list(headers)
    head = "\r\n".join(lines).encode(charset, "surrogateescape")
    return head + b"\r\n\r\n" + (body.encode(charset) if isinstance(body, str) else body)


def plain(text: str) -> bytes:
    return mail("MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "In-Reply-To: <n1@journeyware.example>", body=text)


def html(text: str) -> bytes:
    return mail("MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", body=text)


def parts(*pieces: tuple[str, bytes | str], kind: str = "mixed", boundary: str = "harbor-wall") -> bytes:
    """A multipart mail; each piece is its header lines (joined by newlines) and its body."""
    return mail("MIME-Version: 1.0", f'Content-Type: multipart/{kind}; boundary="{boundary}"', body=inside(*pieces, boundary=boundary))


def inside(*pieces: tuple[str, bytes | str], boundary: str) -> bytes:
    out = b""
    for head, body in pieces:
        raw = body if isinstance(body, bytes) else body.encode()
        out += (
            b"--"
            + boundary.encode()
            + b"\r\n"
            + head.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
            + b"\r\n\r\n"
            + raw
            + b"\r\n"
        )
    return out + b"--" + boundary.encode() + b"--\r\n"


def attached(disposition: str, data: bytes = PICTURE, type_: str = "image/png") -> bytes:
    """A mail with one file, whose Content-Disposition or Content-Type line is given."""
    head = f"Content-Type: {type_}\nContent-Transfer-Encoding: base64\n{disposition}"
    return parts(("Content-Type: text/plain", "See the picture."), (head, base64.encodebytes(data)))


def report(
    action: str = "failed", status: str = "5.1.1", diagnosis: str = "smtp; 550 5.1.1 No such user", recipient: str = "dana@corvid.example"
) -> bytes:
    """A delivery status notification as RFC 3464 has it."""
    fields = (
        "Reporting-MTA: dns; mx.corvid.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnosis}\r\n"
    )
    body = inside(
        ("Content-Type: text/plain", f"Your mail to {recipient} came to nothing."),
        ("Content-Type: message/delivery-status", fields),
        (
            "Content-Type: message/rfc822",
            "From: support@journeyware.example\r\nMessage-ID: <sent-7@journeyware.example>\r\nSubject: Re: The log\r\n\r\nHi",
        ),
        boundary="dsn",
    )
    return mail(
        "From: Mail Delivery System <MAILER-DAEMON@mx.corvid.example>",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"',
        body=body,
    )


def winmail(*files: tuple[str, bytes]) -> bytes:
    """A TNEF stream as Outlook packs it: each file by its short title, its bytes, and its long name among the properties."""

    def attribute(level: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x00069007, struct.pack("<I", 1252))
    for name, data in files:
        text = name.encode("utf-16-le") + b"\x00\x00"
        long_name = struct.pack("<HHII", 0x1F, 0x3707, 1, len(text)) + text + b"\x00" * (-len(text) % 4)
        named = struct.pack("<HH16sIII", 0x03, 0x8001, b"g" * 16, 0, 7, 42)
        out += attribute(2, 0x00069002, b"\x00" * 14) + attribute(2, 0x00018010, b"SHORT~1.TXT\x00")
        out += attribute(2, 0x0006800F, data) + attribute(2, 0x00069005, struct.pack("<I", 2) + named + long_name)
    return out


EVERY_KIND: dict[str, bytes] = {
    "plain": plain("Good morning,\r\n\r\nthe log won't open.\r\n\r\n-- \r\nLuis\r\n"),
    "reply": plain(
        "It opens now.\r\n\r\nOn Mon, Mar 2, 2026 at 9:42 AM, Maya Ortiz <maya@journeyware.example> wrote:\r\n> Please try again.\r\n"
    ),
    "html": html("<p>It <b>opens</b></p><blockquote type=cite><p>Try again</p></blockquote>"),
    "both": parts(
        ("Content-Type: text/plain; charset=utf-8", "It opens ü"),
        ("Content-Type: text/html; charset=utf-8", "<p>It opens ü <img src='cid:mast@harbor'></p>"),
        kind="alternative",
    ),
    "file": attached('Content-Disposition: attachment; filename="mast.png"'),
    "nested": parts(
        (
            'Content-Type: multipart/alternative; boundary="inner"',
            inside(("Content-Type: text/plain", "a"), ("Content-Type: text/html", "<b>a</b>"), boundary="inner"),
        ),
        ("Content-Type: message/rfc822", mail("Subject: The first one")),
    ),
    "encoded": mail(
        "Subject: =?utf-8?b?w5xiZXJmYWhydA==?= =?iso-8859-1?q?_f=FCr_zwei?=",
        "To: =?utf-8?q?Maya=2C_Tom?= <support@journeyware.example>, (a note) tom@journeyware.example",
    ),
    "japanese": mail('Content-Type: text/plain; charset="iso-2022-jp"', body="船が出ます".encode("iso2022_jp")),
    "bounce": report(),
    "away": mail("Auto-Submitted: auto-replied", "Subject: Out of office"),
    "list": mail("List-Id: <sailors.harbor.example>", "Precedence: list"),
    "quoted-printable": mail(
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", body="Sch=C3=B6n =\r\nso"
    ),
    "names": attached("Content-Disposition: attachment;\n filename*0*=utf-8''%E2%82%AC%20; filename*1=rates.xls"),
    "winmail": attached(
        'Content-Disposition: attachment; filename="winmail.dat"',
        winmail(("Überfahrt.txt", b"tides"), ("mast.png", PICTURE)),
        "application/ms-tnef",
    ),
}

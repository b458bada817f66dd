"""A mail's tree of parts (RFC 2045 and 2046), cut by searching for boundary lines: linear, and bounded in depth and count.

The standard library's feed parser isn't used: it is recursive (56 kB of nested multiparts raise RecursionError), takes seconds
for a hundred thousand empty parts, and decodes the whole mail to text first. Searching bytes can't fail in those ways.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from . import headers, parameters
from .words import base64_bytes

DEPTH_CAP = 30
PART_CAP = 1_000
_FIRST_BOUNDARY = re.compile(rb"^--([^\r\n]{1,100}?)[ \t]*\r?\n(?=Content-)", re.I | re.M)
_UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,200})\r?$")


@dataclass(slots=True)
class Part:
    """One part: where its body stands in the mail, and the parts inside it."""

    headers: headers.Headers
    type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    raw: bytes
    start: int
    end: int
    children: list[Part] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return self.raw[self.start : self.end]

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "")


class Reader:
    """Reads one mail's tree; `defects` tells what was wrong or left out."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.parts = 0
        self.defects: list[str] = []

    def read(self) -> Part:
        return self._part(0, len(self.raw), 0, "text/plain", top=True)

    def _part(self, start: int, end: int, depth: int, default: str, outer: str = "", top: bool = False) -> Part:
        self.parts += 1
        found, body = headers.split(self.raw, start, end, top)
        self.defects += found.defects
        found.charset = outer
        type_, given = parameters.read(found.raw("content-type"))
        found.charset = given.get("charset", outer)
        disposition, more = parameters.read(found.raw("content-disposition"))
        type_ = type_ if type_.count("/") == 1 and len(type_) < 130 else _repaired(type_, default)
        part = Part(found, type_, given, disposition, more, self.raw, body, end)
        if type_.startswith("multipart/"):
            self._open(part, depth)
        return part

    def _open(self, part: Part, depth: int) -> None:
        if depth >= DEPTH_CAP:
            self.defects.append("parts are nested too deep")
            part.type = "text/plain"
            return
        boundary = part.parameters.get("boundary", "").encode("utf-8", "surrogatepass").rstrip(b" \t")
        spans = self._spans(boundary, part) if boundary else []
        if not spans:
            self.defects.append("a multipart without its boundary")
            guessed = _FIRST_BOUNDARY.search(self.raw, part.start, part.end)
            spans = self._spans(guessed[1], part) if guessed else []
        if not spans:
            part.type = "text/plain"
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        for start, end in spans:
            if self.parts >= PART_CAP:
                self.defects.append("too many parts")
                break
            part.children.append(self._part(start, end, depth + 1, default, part.headers.charset))

    def _spans(self, boundary: bytes, part: Part) -> list[tuple[int, int]]:
        """Where the parts between the boundary's lines begin and end."""
        raw, mark = self.raw, b"--" + boundary
        spans: list[tuple[int, int]] = []
        begun, place, closed = -1, part.start, False
        while len(spans) <= PART_CAP:
            found = raw.find(mark, place, part.end)
            if found < 0:
                break
            place = found + len(mark)
            if found > part.start and raw[found - 1] not in b"\r\n":
                continue
            stop = _line_end(raw, place, part.end)
            rest = raw[place : min(stop, place + 200)].strip()
            if rest not in (b"", b"--"):
                continue
            if begun >= 0:
                spans.append((begun, _before(raw, found, begun)))
            begun, place = stop, stop
            if rest == b"--":
                closed = True
                break
        if begun >= 0 and not closed:
            spans.append((begun, part.end))
            self.defects.append("a multipart without its end")
        return spans


def _line_end(raw: bytes, place: int, end: int) -> int:
    stop = raw.find(b"\n", place, end)
    if stop < 0:
        stop = raw.find(b"\r", place, end)
    return end if stop < 0 else stop + 1


def _before(raw: bytes, found: int, begun: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if found > begun and raw[found - 1 : found] == b"\n":
        found -= 1
    if found > begun and raw[found - 1 : found] == b"\r":
        found -= 1
    return max(found, begun)


def _repaired(type_: str, default: str) -> str:
    first = type_.split()[0] if type_.split() else ""
    if first.count("/") == 1 and first[0] != "/" and first[-1] != "/":
        return first.rstrip(",")[:130]
    if first in {"text", "plain", "html"}:
        return "text/html" if first == "html" else "text/plain"
    return default if not first else "application/octet-stream"


def payload(part: Part, defects: list[str]) -> bytes:
    """The body with its transfer encoding undone; what can't be undone comes as it stands, with a defect."""
    encoding = part.headers.raw("content-transfer-encoding").lower().split(";")[0].strip(" \t\"'")
    body = part.body
    if encoding == "base64":
        return _base64(body, defects)
    if encoding in {"quoted-printable", "quoted_printable", "quotedprintable"}:
        return binascii.a2b_qp(body)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        data = uudecode(body)
        return body if data is None else data
    if encoding not in {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none"}:
        defects.append("an unknown transfer encoding")
    return body


def _base64(body: bytes, defects: list[str]) -> bytes:
    text = body.translate(None, b"\r\n\t ")
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        defects.append("broken base64")
    head, equals, tail = text.partition(b"=")
    if equals and len(tail.lstrip(b"=")) > 0 and _is_words(tail):
        text = head  # a footer that a list server put behind the encoded text
    data = base64_bytes(text)
    return body if data is None else data


def _is_words(tail: bytes) -> bool:
    return re.search(rb"[^A-Za-z0-9+/=]", tail[:2_000]) is not None


def uudecode(body: bytes) -> bytes | None:
    """The first file of a uuencoded block, with or without its "begin" line; None when it isn't one."""
    begin = _UU_BEGIN.search(body)
    out: list[bytes] = []
    for line in body[begin.end() if begin else 0 :].lstrip(b"\r\n").split(b"\n"):
        bare = line.rstrip(b"\r")
        if bare in {b"end", b"`", b""}:
            break
        decoded = _uu_line(bare)
        if decoded is None:
            return None
        out.append(decoded)
    return b"".join(out)


def _uu_line(bare: bytes) -> bytes | None:
    count = (((bare[0] - 32) & 63) * 4 + 5) // 3 + 1
    for tried in (bare, bare[:count]):  # some programs write a checksum behind the line
        try:
            return binascii.a2b_uu(tried)
        except binascii.Error:
            continue
    return None

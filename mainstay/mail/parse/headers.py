"""A header block, split: bounded, unfolded, in order. Tolerates what stands before the first header and between two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .words import decode_words, raw_text

BLOCK_CAP = 512_000
COUNT_CAP = 1_000
VALUE_CAP = 100_000
_NAME = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_STRAY_CAP = 20


class Headers:
    """One part's headers: names in lower case, values raw and unfolded. `pairs` keeps the order and the names as written."""

    def __init__(self, pairs: list[tuple[str, bytes]], defects: list[str]) -> None:
        self.pairs = pairs
        self.defects = defects
        self.charset = ""
        self._first: dict[str, bytes] = {}
        for name, value in pairs:
            self._first.setdefault(name.lower(), value)

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def raw(self, name: str) -> str:
        """The first value, eight-bit bytes read, encoded words still encoded; empty when absent."""
        value = self._first.get(name)
        return "" if value is None else raw_text(value, self.charset).strip()

    def text(self, name: str) -> str:
        """The first value, decoded for people."""
        return decode_words(self.raw(name)).strip()

    def all(self, name: str) -> list[str]:
        return [raw_text(value, self.charset).strip() for key, value in self.pairs if key.lower() == name]

    def decoded(self) -> Iterator[tuple[str, str]]:
        for name, value in self.pairs:
            yield name, decode_words(raw_text(value, self.charset)).strip()


def split(data: bytes, start: int, end: int, top: bool = False) -> tuple[Headers, int]:
    """The headers between two positions, and where the body begins."""
    defects: list[str] = []
    pairs: list[tuple[str, list[bytes]]] = []
    place, stray = start, 0
    while place < end:
        line, following = _line(data, place, end)
        bare = line.rstrip(b"\r\n")
        if not bare.strip(b" \t"):
            if (pairs or not top) and not (bare and pairs and _goes_on(data, following, end)):
                place = following
                break
        elif bare[0] in b" \t" and pairs:
            _continue(pairs[-1][1], bare)
        else:
            found = _NAME.match(bare)
            if found is not None:
                if len(pairs) < COUNT_CAP:
                    pairs.append((found[1].decode("ascii"), [bare[found.end() :]]))
            elif not _is_stray(bare, data, following, end, bool(pairs), top) or (stray := stray + 1) > _STRAY_CAP:
                defects.append("the headers end without an empty line")
                break
            elif not bare.startswith((b"From ", b">From ")):
                defects.append("a stray line among the headers")
        place = following
        if place - start > BLOCK_CAP:
            defects.append("the headers are too long")
            place = _body_start(data, place, end)
            break
    if len(pairs) >= COUNT_CAP:
        defects.append("too many headers")
    return Headers([(name, b"".join(value)[:VALUE_CAP]) for name, value in pairs], list(dict.fromkeys(defects))), place


def _continue(value: list[bytes], bare: bytes) -> None:
    if len(value) < 20_000:
        value.append(b" " + bare.strip(b" \t"))


def _is_stray(bare: bytes, data: bytes, following: int, end: int, begun: bool, top: bool) -> bool:
    """Whether headers go on after this line: an mbox "From " line, or one broken line before a header."""
    if not begun and (bare.startswith((b"From ", b">From ")) or top):
        return _headers_near(data, following, end, 1 if not top else _STRAY_CAP)
    following_line = _line(data, following, end)[0]
    return _NAME.match(following_line) is not None and _known(following_line)


def _headers_near(data: bytes, place: int, end: int, lines: int) -> bool:
    for _ in range(lines):
        line, place = _line(data, place, end)
        if _NAME.match(line) is not None and (_known(line) or lines == 1):
            return True
    return False


def _goes_on(data: bytes, place: int, end: int) -> bool:
    """Whether headers go on after a line of mere spaces, which is a folded line to some programs and an empty one to others."""
    line, following = _line(data, place, end)
    return (line[:1] in (b" ", b"\t") and _headers_near(data, following, end, 5)) or (_NAME.match(line) is not None and _known(line))


_KNOWN = (
    b"from:", b"to:", b"subject:", b"date:", b"received:", b"return-path:", b"message-id:", b"mime-version:", b"content-type:",
    b"content-transfer-encoding:", b"content-disposition:", b"reply-to:", b"cc:", b"delivered-to:", b"x-", b"references:", b"in-reply-to:",
)  # fmt: skip


def _known(line: bytes) -> bool:
    return line[:40].lower().replace(b" :", b":").startswith(_KNOWN)


def _line(data: bytes, place: int, end: int) -> tuple[bytes, int]:
    """One line with its end and where the next begins; LF, CR LF, and lone CR where a block has no LF at all."""
    stop = data.find(b"\n", place, end)
    if stop < 0:
        stop = data.find(b"\r", place, end)
    following = end if stop < 0 else stop + 1
    return data[place:following], following


def _body_start(data: bytes, place: int, end: int) -> int:
    ends = [found for found in (data.find(b"\n\n", place, end) + 2, data.find(b"\r\n\r\n", place, end) + 4) if found > place + 3]
    return min(ends, default=end)

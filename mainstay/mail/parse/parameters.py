"""Content-Type and Content-Disposition: a value and its parameters, with RFC 2231's pieces, charsets and percent signs."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from .charsets import decode
from .words import decode_words

CAP = 200
LENGTH_CAP = 20_000
_PARAMETER = re.compile(r"""(?:;|(?<=\s))\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^;]*+))""", re.S)
_PIECE = re.compile(r"^([^*]+)\*(?:(\d{1,3})(\*?))?$")
_ESCAPED = re.compile(r"\\([\"\\])")


def read(raw: str) -> tuple[str, dict[str, str]]:
    """The value in lower case, and the parameters decoded for people; the first of two of one name counts."""
    raw = raw[:LENGTH_CAP]
    value = raw.partition(";")[0].strip().lower()
    if "=" in value:  # the semicolon after the value is missing
        value = value.split()[0]
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(raw)):
        if count >= CAP:
            break
        name = found[1].lower()
        content = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3].strip()
        piece = _PIECE.match(name)
        if piece is None:
            plain.setdefault(name, content)
        else:
            numbered = piece[2] is not None
            pieces.setdefault(piece[1], []).append((int(piece[2] or 0), not numbered or piece[3] == "*", content))
    parameters = {name: decode_words(content) for name, content in plain.items()}
    for name, parts in pieces.items():
        parameters[name] = _joined(parts) or parameters.get(name, "")
    return value, parameters


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """RFC 2231 section 3 and 4: the pieces in their order; the charset stands before the first encoded one."""
    parts.sort(key=lambda part: part[0])
    label, data = "", b""
    for place, (_, encoded, content) in enumerate(parts):
        if encoded and place == 0 and content.count("'") >= 2:
            label, _, content = content.split("'", 2)
        raw = content.encode("utf-8", "surrogatepass")
        data += unquote_to_bytes(raw) if encoded else raw
    return decode_words(decode(data, label)[0])

"""Headers and parts as bytes that any server takes: CR LF, seven bits, short lines, one header per value (S-037).

Written by hand because the standard library encodes a long Message-ID in References as if it were a word, which no mail program
decodes, and since a letter composed this way costs a tenth of the time.
"""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LINE = 76
_NO_WORDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,10}[A-Za-z0-9-]{2,63}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,900}>")
_BARE_NAME = frozenset(string.ascii_letters + string.digits + " !#$%&'*+-/=?^_`{|}~")
_TOKEN = frozenset(string.ascii_letters + string.digits + "!#$&+-.^_`{|}~")


class Unsendable(ValueError):  # noqa: N818
    """This can't be put into a mail; the text is a plain sentence for the agent."""


def one_line(value: str) -> str:
    """Words as a header may hold them: no control characters, no line ends of any alphabet, no marks that turn the direction."""
    return " ".join(_NO_WORDS.sub(" ", value).split())


def address(value: str) -> str:
    """Exactly one address in ASCII, its domain by IDNA; never a list, a group or a comment. Raises Unsendable (S-038)."""
    local, _, domain = value.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        raise Unsendable(f"{one_line(value)[:100]} is no address that mail can be sent to.") from None
    if not _LOCAL.fullmatch(local) or local[0] == "." or local[-1] == "." or ".." in local or not _DOMAIN.fullmatch(domain):
        raise Unsendable(f"{one_line(value)[:100]} is no address that mail can be sent to.")
    return f"{local}@{domain}"


def mailbox(name: str, value: str) -> str:
    """A name and an address as one entry of From, To, Cc or Reply-To."""
    shown = one_line(name)[:120]
    if not shown:
        return address(value)
    return f"{_phrase(shown)} <{address(value)}>"


def message_ids(values: Iterable[str]) -> list[str]:
    """Those of the ids that are ids, in angle brackets."""
    return [value for value in values if _MESSAGE_ID.fullmatch(value)]


def text_header(name: str, value: str) -> str:
    """A header of free words, encoded (RFC 2047) when it has to be, folded at spaces."""
    words = one_line(value)
    if words.isascii() and "=?" not in words and all(len(word) < 900 for word in words.split()):
        return fold(name, words.split(), between=" ")
    return fold(name, encoded(words), between=" ")


def fold(name: str, pieces: Sequence[str], *, between: str) -> str:
    """A header whose lines break between the pieces, each line at most 76 characters where the pieces allow it."""
    lines = [f"{name}:"]
    for number, piece in enumerate(pieces):
        told = piece + (between.rstrip() if number < len(pieces) - 1 else "")
        if len(lines[-1]) + 1 + len(told) > LINE and lines[-1].strip() and len(lines[-1]) > len(name) + 1:
            lines.append("")
        lines[-1] += f" {told}"
    return "\r\n".join(lines) + "\r\n"


def encoded(words: str) -> list[str]:
    """Encoded words of UTF-8 in base64, none of which splits a character (RFC 2047, section 5)."""
    pieces, piece = [], b""
    for character in words:
        data = character.encode("utf-8")
        if len(piece) + len(data) > 42:
            pieces.append(piece)
            piece = b""
        piece += data
    return [f"=?utf-8?b?{base64.b64encode(one).decode()}?=" for one in [*pieces, piece] if one]


def _phrase(name: str) -> str:
    if not name.isascii() or "=?" in name:
        return "\r\n ".join(encoded(name))
    if set(name) <= _BARE_NAME:
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class Part:
    """A MIME part: its headers and encoded body, or its children between boundaries."""

    type: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    children: tuple[Part, ...] = field(default=())

    def written(self, seed: str, path: str = "r") -> bytes:
        """Headers, an empty line, the body. `seed` makes the boundaries: "=_" stands in no encoded body, so they can't occur there,
        and none begins like another."""
        head = [f"{name}: {value}\r\n" for name, value in self.headers]
        if not self.children:
            return "".join([f"Content-Type: {self.type}\r\n", *head]).encode() + b"\r\n" + self.body
        mark = f"=_{path}_{seed}"
        lines = [f'Content-Type: {self.type};\r\n boundary="{mark}"\r\n', *head]
        pieces = [f"--{mark}\r\n".encode() + child.written(seed, f"{path}{number}.") for number, child in enumerate(self.children)]
        return "".join(lines).encode() + b"\r\n" + b"\r\n".join(pieces) + f"\r\n--{mark}--\r\n".encode()


def text_part(words: str, kind: str) -> Part:
    """Text in UTF-8 as quoted-printable: seven bits, short lines, and still readable in the raw mail."""
    data = "\r\n".join(words.replace("\r\n", "\n").replace("\r", "\n").split("\n")).encode("utf-8", "replace")
    body = binascii.b2a_qp(data, istext=True)
    # b2a_qp leaves a soft break as it finds the first line's end; every line of ours ends with CR LF.
    body = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return Part(f"text/{kind}; charset=utf-8", (("Content-Transfer-Encoding", "quoted-printable"),), body)


def file_part(name: str, type: str, data: bytes, *, content_id: str = "") -> Part:
    """A file in base64; with a Content-ID it is shown in the text, else it is attached under its name (RFC 2231)."""
    kind = type if re.fullmatch(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}", type) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"  # a mail inside may not be base64 (RFC 2046, 5.2.1); as plain bytes it arrives whole
    disposition = "inline" if content_id else "attachment"
    headers = [("Content-Transfer-Encoding", "base64"), ("Content-Disposition", f"{disposition}{_parameter('filename', name)}")]
    if content_id:
        headers.append(("Content-ID", f"<{content_id}>"))
    return Part(f"{kind}{_parameter('name', name)}", tuple(headers), base64.encodebytes(data).replace(b"\n", b"\r\n"))


def _parameter(key: str, value: str) -> str:
    shown = one_line(value)[:120] or "file"
    if set(shown) <= _TOKEN:
        return f"; {key}={shown}"
    if shown.isascii() and not set(shown) & set('"\\'):
        return f';\r\n {key}="{shown}"'
    safe = "".join(chr(byte) if chr(byte) in _TOKEN - set("'*%&!") else f"%{byte:02X}" for byte in shown.encode())
    pieces = _pieces(f"utf-8''{safe}")
    if len(pieces) == 1:
        return f";\r\n {key}*={pieces[0]}"
    return "".join(f";\r\n {key}*{number}*={piece}" for number, piece in enumerate(pieces))


def _pieces(text: str) -> list[str]:
    """Slices of at most 50 characters that don't split a %XX."""
    pieces = []
    while text:
        end = 50
        while end < len(text) and "%" in text[end - 2 : end]:
            end -= 1
        pieces.append(text[:end])
        text = text[end:]
    return pieces

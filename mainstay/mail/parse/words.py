"""Encoded words (RFC 2047) and raw eight-bit headers, read as tolerantly as mail programs write them."""

from __future__ import annotations

import binascii
import re

from .charsets import codec, decode

_WORD = re.compile(r"=\?([^?\s=]{1,80})\?([bBqQ])\?([^?]*+(?:\?(?!=)[^?=]*+){0,20}+)\?=")
_GAP = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_BREAKS = re.compile(r"[\r\n\t\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
CAP = 4_000


def raw_text(data: bytes, hint: str = "") -> str:
    """Header bytes as text: ASCII or UTF-8 by right (RFC 6532), else what the body's charset or a guess makes of them."""
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        return decode(data, hint if codec(hint) != "ascii" else "")[0]


def decode_words(text: str) -> str:
    """The text with its encoded words decoded; a word that can't be read stays as it came. Line breaks become spaces (S-037)."""
    if "=?" in text:
        text = _decode_runs(_GAP.sub(r"\1", text))
    if text.isprintable():
        return text
    return _CONTROL.sub("", _BREAKS.sub(" ", text))


def _decode_runs(text: str) -> str:
    out: list[str] = []
    pending, label, end = b"", "", 0
    for count, word in enumerate(_WORD.finditer(text)):
        if count >= CAP:
            break
        data = _bytes(word[2], word[3])
        charset = word[1].split("*", 1)[0]  # RFC 2231 adds a language after an asterisk
        if data is None or (codec(charset) is None and not data.isascii() and _is_refused(charset)):
            continue
        # Words that touch in one charset are one run: mail programs cut them in the middle of a letter.
        if not word[3].isascii():  # letters where only ASCII may stand are what they are, whatever the label says
            charset = "utf-8"
        if word.start() > end or charset.lower() != label.lower():
            out.append(decode(pending, label)[0])
            out.append(text[end : word.start()])
            pending, label = b"", charset
        pending += data
        end = word.end()
    out.append(decode(pending, label)[0])
    out.append(text[end:])
    return "".join(out)


def _is_refused(charset: str) -> bool:
    return charset.lower() in {"idna", "hex", "rot13", "unicode_escape", "base64", "zlib"}


def _bytes(encoding: str, content: str) -> bytes | None:
    raw = content.encode("utf-8", "surrogatepass")
    if encoding in "qQ":
        return _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), raw.replace(b"_", b" "))
    return base64_bytes(raw)


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def base64_bytes(raw: bytes) -> bytes | None:
    """Base64 with stray characters, missing padding or a lost last letter; None when nothing can be read."""
    try:
        return binascii.a2b_base64(raw, strict_mode=True)
    except binascii.Error:
        pass
    packed = _NOT_BASE64.sub(b"", raw)
    if len(packed) % 4 == 1:
        packed = packed[:-1]
    try:
        return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4))
    except binascii.Error:
        return None

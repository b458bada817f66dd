"""Address lists (RFC 5322 section 3.4), read in one linear pass that no input can break.

Encoded words are decoded after the list has been split, so a comma or an angle bracket inside one can't make a second address
(S-042). A semicolon separates as a comma does, comments nest, and what is no address keeps its words as a name.
"""

from __future__ import annotations

import re

from .letter import Mailbox
from .words import decode_words

CAP = 1_000
LENGTH_CAP = 200_000
_TOKEN = re.compile(
    r"""(?P<word>=\?[^?\s]{1,80}\?[bBqQ]\?[^?]*+\?=)
      | (?P<quoted>"(?:[^"\\]|\\.)*+")
      | (?P<angle><[^<>]*+>?)
      | (?P<sign>[,;:()"])
      | (?P<space>[\s]+)
      | (?P<text>(?:(?!=\?)[^\s,;:()"<])++|.)""",
    re.X | re.S,
)
# The first word with an at sign inside. Possessive, so that each letter is looked at once.
_WORD = re.compile(r"""[^\s<>()\[\],;:"']++(?:\[[0-9A-Fa-f:.]{3,45}\])?""")
_ESCAPED = re.compile(r"\\(.)", re.S)
_SPACES = re.compile(r"[ \t\r\n]+")


def read(raw: str) -> tuple[tuple[Mailbox, ...], str]:
    """The mailboxes of a header's raw value, and a defect or an empty string."""
    if len(raw) > LENGTH_CAP:
        found, _ = read(raw[:LENGTH_CAP])
        return found, "an address list is too long"
    reader = _Reader()
    for token in _TOKEN.finditer(raw):
        reader.take(token.lastgroup or "text", token[0])
        if len(reader.found) >= CAP:
            return tuple(reader.found), "too many addresses in one header"
    reader.close()
    return tuple(reader.found), ""


def _address_in(text: str) -> re.Match[str] | None:
    if "@" not in text:
        return None
    words = (word for word in _WORD.finditer(text) if "@" in word[0][1:])
    return next((word for word in words if word[0][-1] != "@"), None)


class _Reader:
    """Collects one entry's words, comments and angle address until a separator closes it."""

    def __init__(self) -> None:
        self.found: list[Mailbox] = []
        self.group = False
        self._fresh()

    def _fresh(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.comment: list[str] = []
        self.depth = 0
        self.angle: str | None = None

    def take(self, kind: str, piece: str) -> None:
        if kind == "sign" and piece in "()":
            self._comment(piece)
        elif self.depth:
            self.comment.append(piece)
        elif kind == "angle":
            self._angle(piece)
        elif kind == "sign" and piece in ",;":
            self._separate()
        elif kind == "sign" and piece == ":":
            self._colon()
        elif kind == "quoted":
            self.words.append(_ESCAPED.sub(r"\1", piece[1:-1]))
        elif piece != '"':
            self.words.append(piece)

    def _comment(self, piece: str) -> None:
        self.depth += 1 if piece == "(" else -1
        if self.depth < 0:  # a closing bracket without an opening one is a letter like any other
            self.depth = 0
            self.words.append(piece)
        elif self.depth == 0:
            self.comments.append("".join(self.comment))
            self.comment = []
        elif self.depth > 1 or piece == ")":
            self.comment.append(piece)

    def _angle(self, piece: str) -> None:
        inner = piece.strip("<> \t")
        if self.angle and "@" in self.angle:
            if "@" in inner:  # a second address with no comma between
                self.close()
                self.angle = inner
        else:
            self.angle = inner

    def _colon(self) -> None:
        label = "".join(self.words).strip()
        if label.lower() in {"mailto", "smtp"}:
            self.words = []
        elif "@" in label or self.angle is not None:
            self.words.append(":")
        else:
            self.words, self.group = [], True

    def _separate(self) -> None:
        # "Doe, Jane <jane@x>" without quotes: one person, not two.
        if self.angle is None and not self.comments and "@" not in "".join(self.words) and "".join(self.words).strip():
            self.words.append(",")
            return
        self.close()

    def close(self) -> None:
        if self.depth:
            self.comments.append("".join(self.comment))
        mailbox = self._mailbox()
        if mailbox is not None:
            self.found.append(mailbox)
        self._fresh()

    def _mailbox(self) -> Mailbox | None:
        name = "".join(self.words)
        comment = " ".join(self.comments)
        if self.angle is not None and (self.angle or name.strip()):
            return _made(name or comment, self.angle)
        bare = _address_in(name)
        if bare is not None:
            rest = name[: bare.start()] + " " + name[bare.end() :]
            return _made(rest if rest.strip(" '\"[]\t\r\n") else comment, bare[0])
        return _hidden(name or comment)


def _made(name: str, address: str) -> Mailbox:
    if "=?" in address:
        address = decode_words(address)
    route = address.rpartition(":")[2] if address.startswith("@") or address.lower().startswith(("mailto:", "smtp:")) else address
    found = _address_in(route) if " " in route or "'" in route else None
    clean = found[0] if found else route.strip().strip(".,'\"")
    return Mailbox(_named(name), _SPACES.sub("", clean)[:1_000])


def _named(name: str) -> str:
    words = _SPACES.sub(" ", decode_words(name)).strip(" ,")
    if len(words) > 1 and words[0] == words[-1] and words[0] in "'\"":
        words = words[1:-1].strip()
    return words[:1_000]


def _hidden(name: str) -> Mailbox | None:
    """An entry without an address in the clear: some programs encode the whole of it in one word (zammad#3303)."""
    words = _SPACES.sub(" ", decode_words(name)).strip(" ,")
    if not words:
        return None
    found = _address_in(words)
    if found is None:
        return Mailbox(_named(name), "")
    rest = words[: found.start()].strip(" <\"'")
    return Mailbox(rest[:1_000], found[0][:1_000])

"""What a mail becomes once it has been read: plain values that can be stored on any database and sent over any pipe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as they stood in a header; either may be empty, never both."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class File:
    """An attached file. `name` is safe to show and holds no path; `content_id` is bare, without angle brackets."""

    name: str
    type: str
    data: bytes
    content_id: str = ""
    inline: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report. `status` is an enhanced code of RFC 3463 or empty; `hard` says that the address itself is dead.

    `permanent` says that the server has given up on this mail. `original_message_id` is bare, empty when nothing came back.
    """

    recipient: str
    status: str
    permanent: bool
    original_message_id: str = ""
    recipients: tuple[str, ...] = ()
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, read. Every string is free of NUL and of lone surrogates; message ids are bare, without angle brackets.

    `text[:cut]` is the visible reply, `text[cut:quoted_from]` the signature, the rest what was quoted; nothing is lost by a
    wrong cut, and when in doubt both are `len(text)`. `date` is what the sender claims: it is shown, never trusted.
    `headers` are in the order of the mail. `defects` tell in plain words what was wrong with the bytes.
    """

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_: Mailbox | None = None
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    cut: int = 0
    quoted_from: int = 0
    html: str | None = None
    format: str = "plain"
    attachments: tuple[File, ...] = ()
    bounce: Bounce | None = None
    auto_reply: str | None = None
    list_id: str = ""
    defects: tuple[str, ...] = ()

    @property
    def reply(self) -> str:
        """The newest words: without quotes and signature."""
        return self.text[: self.cut]

    def header(self, name: str) -> str:
        """The first header of this name in any case, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

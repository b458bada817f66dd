"""What happens to mailboxes, and to mails that are not simply in a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mainstay.events import EventKind


@dataclass(frozen=True, kw_only=True)
class MailboxMade(EventKind):
    kind: ClassVar[str] = "mailbox.made"
    mailbox: int


@dataclass(frozen=True, kw_only=True)
class MailboxChanged(EventKind):
    """`fields` names what changed; a password's value is nowhere."""

    kind: ClassVar[str] = "mailbox.changed"
    mailbox: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class MailboxPaused(EventKind):
    """Its server refused our name and password; nothing is tried for a while."""

    kind: ClassVar[str] = "mailbox.paused"
    mailbox: int


@dataclass(frozen=True, kw_only=True)
class MailSetAside(EventKind):
    """A mail waits where anybody can let it in; `reason` is one of RawMail.Reason."""

    kind: ClassVar[str] = "mail.set_aside"
    mail: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MailQuarantined(EventKind):
    """A mail could not be read or filed, and is somebody's work now."""

    kind: ClassVar[str] = "mail.quarantined"
    mail: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MailRetried(EventKind):
    kind: ClassVar[str] = "mail.retried"
    mail: int


@dataclass(frozen=True, kw_only=True)
class MailLetIn(EventKind):
    """A person said that it is welcome, whatever the guard thought."""

    kind: ClassVar[str] = "mail.let_in"
    mail: int


@dataclass(frozen=True, kw_only=True)
class MailReleased(EventKind):
    """A person made it a case of its own."""

    kind: ClassVar[str] = "mail.released"
    mail: int


@dataclass(frozen=True, kw_only=True)
class MailAttached(EventKind):
    """A person put it to a case."""

    kind: ClassVar[str] = "mail.attached"
    mail: int


@dataclass(frozen=True, kw_only=True)
class MailDiscarded(EventKind):
    """A person threw it away; its bytes and its receipt stay."""

    kind: ClassVar[str] = "mail.discarded"
    mail: int

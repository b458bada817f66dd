"""What happens to a case: one word each, ids and values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mainstay.events import EventKind


@dataclass(frozen=True, kw_only=True)
class CaseOpened(EventKind):
    """A case exists, with its first message. `answerable` is False where an automatic answer would be wrong (an auto-reply, a list)."""

    kind: ClassVar[str] = "case.opened"
    message: int
    channel: str
    team: int
    severity: int
    answerable: bool = True


@dataclass(frozen=True, kw_only=True)
class MessageReceived(EventKind):
    """The customer wrote again; `wakes` is False for a machine's answer, which is owed none."""

    kind: ClassVar[str] = "message.received"
    message: int
    channel: str
    answerable: bool = True
    wakes: bool = True


@dataclass(frozen=True, kw_only=True)
class ReplySent(EventKind):
    """An agent's words went out to the customer."""

    kind: ClassVar[str] = "reply.sent"
    message: int
    pressed_at: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterWritten(EventKind):
    """An automatic message was written; it answers nothing and keeps no promise."""

    kind: ClassVar[str] = "letter.written"
    message: int
    letter: str


@dataclass(frozen=True, kw_only=True)
class NoteAdded(EventKind):
    kind: ClassVar[str] = "note.added"
    note: int


@dataclass(frozen=True, kw_only=True)
class CaseTouched(EventKind):
    """A person of ours opened the case for the first time."""

    kind: ClassVar[str] = "case.touched"


@dataclass(frozen=True, kw_only=True)
class SeveritySet(EventKind):
    kind: ClassVar[str] = "severity.set"
    severity: int
    before: int


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(EventKind):
    kind: ClassVar[str] = "case.assigned"
    owner: int | None
    backup: int | None
    before: int | None


@dataclass(frozen=True, kw_only=True)
class CaseMoved(EventKind):
    """To another team."""

    kind: ClassVar[str] = "case.moved"
    team: int
    before: int


@dataclass(frozen=True, kw_only=True)
class SubjectChanged(EventKind):
    kind: ClassVar[str] = "subject.changed"


@dataclass(frozen=True, kw_only=True)
class AimSet(EventKind):
    kind: ClassVar[str] = "aim.set"


@dataclass(frozen=True, kw_only=True)
class WaitBegun(EventKind):
    kind: ClassVar[str] = "wait.begun"
    on: str
    until: str | None


@dataclass(frozen=True, kw_only=True)
class WaitEnded(EventKind):
    """`by`: "reply", "date", "agent" or "resolve"."""

    kind: ClassVar[str] = "wait.ended"
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseResolved(EventKind):
    kind: ClassVar[str] = "case.resolved"
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(EventKind):
    """`by`: "reply" or "agent"."""

    kind: ClassVar[str] = "case.reopened"
    by: str


@dataclass(frozen=True, kw_only=True)
class SpamMarked(EventKind):
    kind: ClassVar[str] = "spam.marked"


@dataclass(frozen=True, kw_only=True)
class SpamUnmarked(EventKind):
    kind: ClassVar[str] = "spam.unmarked"


@dataclass(frozen=True, kw_only=True)
class TagAdded(EventKind):
    kind: ClassVar[str] = "tag.added"
    tag: int


@dataclass(frozen=True, kw_only=True)
class TagRemoved(EventKind):
    kind: ClassVar[str] = "tag.removed"
    tag: int


@dataclass(frozen=True, kw_only=True)
class CasesLinked(EventKind):
    kind: ClassVar[str] = "cases.linked"
    other: int
    why: str


@dataclass(frozen=True, kw_only=True)
class ParticipantAdded(EventKind):
    """`role`: "copied", or "offered" until an agent says yes."""

    kind: ClassVar[str] = "participant.added"
    person: int
    role: str


@dataclass(frozen=True, kw_only=True)
class ParticipantRemoved(EventKind):
    kind: ClassVar[str] = "participant.removed"
    person: int


@dataclass(frozen=True, kw_only=True)
class SeveritiesChanged(EventKind):
    """The operator renamed, added or removed levels."""

    kind: ClassVar[str] = "severities.changed"
    levels: list[int]

"""What is owed on a case, told from what happened on it. Pure: no database, no clock, no calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

READ, RESPOND = "read", "respond"


@dataclass(frozen=True)
class Happening:
    """One line of the case's log, as far as promises care. `at` is when it was done; `since` when a message had arrived, or when
    Send was pressed for a reply; `by_us`: the case was opened by an agent; `wakes`: somebody wrote it, no machine."""

    kind: str
    at: datetime
    since: datetime
    by_us: bool = False
    wakes: bool = True
    because: str = ""


@dataclass(frozen=True)
class Duty:
    """Something owed from `starts_at` on: open, kept, or withdrawn."""

    what: str
    starts_at: datetime
    kept_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.withdrawn_at is None


def duties(happenings: Iterable[Happening]) -> list[Duty]:
    """Everything that was ever owed, in the order in which it ended, and what is owed now. At most one of a kind is open."""
    ledger = _Ledger()
    for happening in happenings:
        ledger.enter(happening)
    return ledger.close()


@dataclass
class _Ledger:
    unread: datetime | None = None
    unanswered: list[datetime] = field(default_factory=list)
    resolved_at: datetime | None = None
    spam_at: datetime | None = None
    ended: list[Duty] = field(default_factory=list)

    def enter(self, line: Happening) -> None:
        match line.kind:
            case "case.opened":
                self.unread, self.unanswered = line.since, [line.since]
                if line.by_us:
                    self._read(line.at)
            case "message.received" if line.wakes and self.resolved_at is None:
                self.unanswered.append(line.since)
            case "case.touched":
                self._read(line.at)
            case "reply.sent":
                self._read(line.since)
                self._answered(line.since)
            case "case.resolved":
                self.resolved_at = line.at
            case "case.reopened":
                self._reopen(line)
            case "spam.marked":
                self.spam_at = line.at
            case "spam.unmarked":
                self.spam_at = None

    def close(self) -> list[Duty]:
        return [*self.ended, *(Duty(what, start, withdrawn_at=self._rests_since()) for what, start in self._owed())]

    def _owed(self) -> list[tuple[str, datetime]]:
        owed = [(READ, self.unread)] if self.unread else []
        return owed + ([(RESPOND, min(self.unanswered))] if self.unanswered else [])

    def _rests_since(self) -> datetime | None:
        return min((at for at in (self.resolved_at, self.spam_at) if at), default=None)

    def _read(self, at: datetime) -> None:
        if self.unread is not None:
            self._end(READ, self.unread, at)
            self.unread = None

    def _answered(self, pressed: datetime) -> None:
        """What arrived after Send was pressed is not answered by it, even if the release came later."""
        first = min(self.unanswered, default=None)
        if first is not None and first <= pressed:
            self._end(RESPOND, first, pressed)
            self.unanswered = [at for at in self.unanswered if at > pressed]

    def _reopen(self, line: Happening) -> None:
        """By an agent: what was owed when it was resolved is owed again. By the customer: they say anew what they need."""
        if line.because == "reply":
            self.ended = self.close()
            self.unread, self.unanswered = None, []
        self.resolved_at = None

    def _end(self, what: str, start: datetime, at: datetime) -> None:
        rested = self._rests_since()
        self.ended.append(Duty(what, start, withdrawn_at=rested) if rested else Duty(what, start, kept_at=at))

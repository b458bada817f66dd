"""What happens to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mainstay.events import EventKind


@dataclass(frozen=True, kw_only=True)
class PersonMet(EventKind):
    """Somebody wrote to us, or was written to, for the first time."""

    kind: ClassVar[str] = "person.met"
    person: int


@dataclass(frozen=True, kw_only=True)
class PersonChanged(EventKind):
    kind: ClassVar[str] = "person.changed"
    person: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class SenderBlocked(EventKind):
    kind: ClassVar[str] = "sender.blocked"
    block: int


@dataclass(frozen=True, kw_only=True)
class SenderUnblocked(EventKind):
    kind: ClassVar[str] = "sender.unblocked"
    block: int


@dataclass(frozen=True, kw_only=True)
class AgentInvited(EventKind):
    kind: ClassVar[str] = "agent.invited"
    person: int
    role: str


@dataclass(frozen=True, kw_only=True)
class AgentJoined(EventKind):
    """A first password was set; the agent can sign in."""

    kind: ClassVar[str] = "agent.joined"
    person: int


@dataclass(frozen=True, kw_only=True)
class AgentChanged(EventKind):
    kind: ClassVar[str] = "agent.changed"
    person: int
    role: str
    teams: list[int]


@dataclass(frozen=True, kw_only=True)
class AgentDisabled(EventKind):
    kind: ClassVar[str] = "agent.disabled"
    person: int


@dataclass(frozen=True, kw_only=True)
class AgentEnabled(EventKind):
    kind: ClassVar[str] = "agent.enabled"
    person: int


@dataclass(frozen=True, kw_only=True)
class TeamMade(EventKind):
    kind: ClassVar[str] = "team.made"
    team: int


@dataclass(frozen=True, kw_only=True)
class TeamChanged(EventKind):
    kind: ClassVar[str] = "team.changed"
    team: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(EventKind):
    kind: ClassVar[str] = "password.changed"
    person: int

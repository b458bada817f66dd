"""What the set-up does in one go, with the real verbs; and the guards around the last administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from mainstay.cases.actions import set_severities
from mainstay.kernel import limits
from mainstay.mail.actions import make_mailbox
from mainstay.people.actions.agents import change_agent, disable_agent, invite_agent, join
from mainstay.people.actions.profile import change_person, make_team
from mainstay.people.models import Agent, Person, Team
from mainstay.promises.actions import make_calendar, set_targets
from mainstay.promises.queries import suggested_targets

Role = Agent.Role
WEEK = [[("09:00", "17:00")]] * 5 + [[], []]
_EVER = timedelta(days=365_000)


class AlreadySetUp(Exception):  # noqa: N818
    """Somebody else was the first."""


class LastAdministrator(Exception):  # noqa: N818
    """Nobody would be left who can change the settings."""


@dataclass(frozen=True)
class Beginning:
    """What the first run asks for."""

    team: str
    name: str
    email: str
    password: str
    time_zone: str
    mailbox: str


def _severities() -> dict[int, tuple[str, str]]:
    """The levels that an installation begins with, in the language of whoever sets it up."""
    return {
        1: (gettext("Down"), gettext("Nobody can work")),
        2: (gettext("High"), gettext("Somebody can't work")),
        3: (gettext("Normal"), gettext("It is in the way, and there is a way around it")),
        4: (gettext("Low"), gettext("A question, a wish")),
    }


@transaction.atomic
def begin(wanted: Beginning) -> Person:
    """The first team, its calendar, levels, targets, mailbox and letter, and the first administrator, who has joined already.
    Raises AlreadySetUp when there is an agent."""
    # Both of two first runs count in one row, so the second waits here for the first one's commit, and then finds its agent.
    limits.count("first run", _EVER)
    if Agent.objects.exists():
        raise AlreadySetUp
    set_severities(_severities(), default=3, by=None)
    team = make_team(wanted.team)
    _agent, secret = invite_agent(name=wanted.name, email=wanted.email, role=Role.ADMINISTRATOR, teams=[team], by=None)
    person = join(secret, wanted.password)
    assert person is not None
    change_person(person, by=person, time_zone=wanted.time_zone)
    make_calendar(gettext("Our hours"), zone=wanted.time_zone, hours=WEEK, is_default=True, by=person)
    set_targets(suggested_targets(), by=person)
    make_mailbox(wanted.mailbox, team=team, by=person)
    return person


@transaction.atomic
def change_role(agent: Agent, *, role: str, teams: Sequence[Team], by: Person) -> None:
    """Give an agent another role or other teams. Raises LastAdministrator."""
    if role != Role.ADMINISTRATOR:
        _keep_one(agent)
    change_agent(agent, role=role, teams=teams, by=by)


@transaction.atomic
def take_away(agent: Agent, *, by: Person) -> None:
    """Disable an agent. Raises LastAdministrator."""
    _keep_one(agent)
    disable_agent(agent, by=by)


def _keep_one(agent: Agent) -> None:
    # Locked, or two administrators who disable each other at the same moment would both be let through.
    working = Agent.objects.select_for_update(of=("self",)).filter(role=Role.ADMINISTRATOR, disabled_at=None, person__is_active=True)
    if not {row.pk for row in working.order_by("pk")} - {agent.pk}:
        raise LastAdministrator

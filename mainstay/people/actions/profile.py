"""What people say of themselves, and teams."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from mainstay.events import record
from mainstay.people.events import PasswordChanged, PersonChanged, TeamChanged, TeamMade
from mainstay.people.models import Agent, Person, Team

OWN_FIELDS = {"name", "language", "time_zone", "photo", "organization"}
AGENT_FIELDS = {"signature", "undo_seconds"}
TEAM_FIELDS = {"name", "voice", "phones"}


@transaction.atomic
def change_person(person: Person, *, by: Person, **values: Any) -> None:
    """Change what a profile may change: name, language, time zone, photo, organization; signature and undo time of an agent."""
    unknown = set(values) - OWN_FIELDS - AGENT_FIELDS
    if unknown:
        raise TypeError(f"a profile has no {', '.join(sorted(unknown))}")
    own = {name: value for name, value in values.items() if name in OWN_FIELDS}
    hat = {name: value for name, value in values.items() if name in AGENT_FIELDS}
    for name, value in own.items():
        setattr(person, name, value)
    if own:
        person.save(update_fields=list(own))
    if hat:
        Agent.objects.filter(person=person).update(**hat)
    record(PersonChanged(actor=by.id, person=person.id, fields=sorted(values)))


@transaction.atomic
def change_password(person: Person, password: str) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
    record(PasswordChanged(actor=person.id, person=person.id))


@transaction.atomic
def make_team(name: str, *, voice: str = "", phones: str = "", by: Person | None = None) -> Team:
    team = Team.objects.create(name=name, voice=voice, phones=phones)
    record(TeamMade(actor=by.id if by else None, team=team.id))
    return team


@transaction.atomic
def change_team(team: Team, *, by: Person, **values: str) -> None:
    unknown = set(values) - TEAM_FIELDS
    if unknown:
        raise TypeError(f"a team has no {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(team, name, value)
    team.save(update_fields=list(values))
    record(TeamChanged(actor=by.id, team=team.id, fields=sorted(values)))

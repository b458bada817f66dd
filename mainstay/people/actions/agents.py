"""Agents come, change and go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from mainstay.events import record
from mainstay.kernel import clock, ids
from mainstay.people.events import AgentChanged, AgentDisabled, AgentEnabled, AgentInvited, AgentJoined
from mainstay.people.models import Address, Agent, Invitation, Person, Team
from mainstay.people.queries import normal_email, people_by_email

INVITATION_LIFE = timedelta(hours=72)


@transaction.atomic
def invite_agent(*, name: str, email: str, role: str, teams: Sequence[Team], by: Person | None) -> tuple[Agent, str]:
    """Give a person (new or known) the agent's hat and make a link to set a first password. Returns the agent and the secret
    of the link, which is not kept anywhere. Inviting again makes the earlier links worthless."""
    email = normal_email(email)
    person = people_by_email([email]).get(email)
    if person is None:
        person = Person.objects.create(name=name, email=email)
        Address.objects.create(person=person, value=email, verified_at=None)
    person.name, person.email = name or person.name, email
    person.save(update_fields=["name", "email"])
    agent, _ = Agent.objects.update_or_create(person=person, defaults={"role": role, "disabled_at": None})
    agent.teams.set(teams)
    record(AgentInvited(actor=by.id if by else None, person=person.id, role=role))
    return agent, make_invitation(person, by=by)


def make_invitation(person: Person, *, by: Person | None) -> str:
    """A fresh one-time link's secret; earlier ones end."""
    secret = ids.token()
    now = clock.now()
    Invitation.objects.filter(person=person, used_at=None).update(used_at=now)
    Invitation.objects.create(person=person, hash=ids.digest(secret), by=by, at=now)
    return secret


def invited(secret: str) -> Person | None:
    """Whom this link was made for, while it is good: exact, unused, younger than 72 hours."""
    row = (
        Invitation.objects.filter(hash=ids.digest(secret), used_at=None, at__gt=clock.now() - INVITATION_LIFE)
        .select_related("person")
        .first()
    )
    return row.person if row and row.person.is_active else None


@transaction.atomic
def join(secret: str, password: str) -> Person | None:
    """Use the link: set the first password. None when somebody else used it a moment earlier, or it is no good."""
    person = invited(secret)
    if person is None or not Invitation.objects.filter(hash=ids.digest(secret), used_at=None).update(used_at=clock.now()):
        return None
    person.set_password(password)
    person.save(update_fields=["password"])
    Address.objects.filter(person=person, value=person.email, verified_at=None).update(verified_at=clock.now())
    record(AgentJoined(actor=person.id, person=person.id))
    return person


@transaction.atomic
def change_agent(agent: Agent, *, role: str, teams: Sequence[Team], by: Person) -> None:
    agent.role = role
    agent.save(update_fields=["role"])
    agent.teams.set(teams)
    record(AgentChanged(actor=by.id, person=agent.person_id, role=role, teams=sorted(team.id for team in teams)))


@transaction.atomic
def disable_agent(agent: Agent, *, by: Person) -> None:
    """Every right ends now; sessions and streams notice within a minute. Cases keep their owner until somebody takes them."""
    if Agent.objects.filter(pk=agent.pk, disabled_at=None).update(disabled_at=clock.now()):
        Invitation.objects.filter(person=agent.person, used_at=None).update(used_at=clock.now())
        record(AgentDisabled(actor=by.id, person=agent.person_id))


@transaction.atomic
def enable_agent(agent: Agent, *, by: Person) -> None:
    if Agent.objects.filter(pk=agent.pk).exclude(disabled_at=None).update(disabled_at=None):
        record(AgentEnabled(actor=by.id, person=agent.person_id))

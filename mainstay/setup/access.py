"""Who may set what. Settings belong to administrators; leads care for the agents of their own teams, and can't give more than they have."""

from __future__ import annotations

from django.db.models import QuerySet

from mainstay.people.access import agent_of, rule, team_ids
from mainstay.people.models import Agent, Person, Team

Role = Agent.Role
GRANTS = {Role.ADMINISTRATOR: [Role.AGENT, Role.LEAD, Role.ADMINISTRATOR], Role.LEAD: [Role.AGENT, Role.LEAD], Role.AGENT: []}


@rule("agents")
def _agents(person: Person, verb: str, thing: str) -> bool:
    """The page about agents: administrators and leads."""
    agent = agent_of(person)
    return agent is not None and agent.role != Role.AGENT


@rule(Agent)
def _agent(person: Person, verb: str, other: Agent) -> bool:
    """ "change": role, teams, access. A lead changes those who stand under them and work in no team but theirs (S-052).
    "take over": make a link that sets a password; a lead only for somebody who never had one."""
    agent = agent_of(person)
    if agent is None or agent.role == Role.AGENT:
        return False
    if agent.role == Role.ADMINISTRATOR:
        return True
    stands_under = other.role == Role.AGENT and {team.id for team in other.teams.all()} <= set(team_ids(person))
    return stands_under and (verb != "take over" or not has_joined(other.person))


def grantable_roles(person: Person) -> list[Agent.Role]:
    agent = agent_of(person)
    return GRANTS[Role(agent.role)] if agent else []


def grantable_teams(person: Person) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=team_ids(person)).order_by("name")


def has_joined(person: Person) -> bool:
    """Whether they ever set a password."""
    return bool(person.password) and person.has_usable_password()

"""Who may do what to a case."""

from __future__ import annotations

from typing import Any

from mainstay.cases.models import Case
from mainstay.cases.queries import appears_in_cases_of
from mainstay.people.access import agent_of, rule, team_ids
from mainstay.people.models import Agent, Person


@rule(Case)
def may(person: Person, verb: str, case: Case) -> bool:
    """Agents see and work their teams' cases; leads and administrators also "lead" them; a customer sees the cases they asked."""
    agent = agent_of(person)
    if agent is None:
        return verb == "see" and case.requester_id == person.id and case.state != Case.State.SPAM
    if case.team_id not in team_ids(person):
        return False
    return verb in {"see", "work"} or (verb == "lead" and agent.role != Agent.Role.AGENT)


@rule("person in a case")
def _appears(person: Person, verb: str, other: Any) -> bool:
    """Colleagues see each other; a customer is seen by the teams in whose cases they appear, and changed by the same."""
    agent = agent_of(person)
    if agent is None:
        return False
    if agent.role == Agent.Role.ADMINISTRATOR or Agent.objects.filter(person=other).exists():
        return verb == "see" or agent.role == Agent.Role.ADMINISTRATOR
    return appears_in_cases_of(other, team_ids(person))

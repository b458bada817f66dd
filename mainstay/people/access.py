"""Who may do what. Doors ask `can(person, verb, thing)`; every app that owns rows registers the rule for its kind of thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser

from mainstay.kernel.registry import Registry
from mainstay.people.models import Agent, Person, Team

Asker = Person | AnonymousUser
Rule = Callable[[Person, str, Any], bool]

RULES: Registry[Rule] = Registry("permission rule")


def _name(thing: Any) -> str:
    if isinstance(thing, str):
        return thing
    model = thing if isinstance(thing, type) else type(thing)
    return f"{model.__module__}.{model.__qualname__}"


def rule(thing: type | str) -> Callable[[Rule], Rule]:
    """Register the rule that answers for one kind of thing: a model class, or a word for what has no rows ("settings")."""

    def keep(answer: Rule) -> Rule:
        return RULES.register(_name(thing), answer)

    return keep


def can(person: Asker, verb: str, thing: Any) -> bool:
    """May this person do `verb` to `thing`? Nobody may do anything until a rule says yes; the disabled never may.

    Verbs: "see", "work" (answer, assign, tag, resolve), "lead" (what leads do), "change" (settings). `thing` is a row,
    or a word registered with `rule`.
    """
    if not isinstance(person, Person) or not person.is_active:
        return False
    return RULES[_name(thing)](person, verb, thing)


def agent_of(person: Asker) -> Agent | None:
    """The person's agent hat while it is worn; None for customers, strangers and the disabled. One query per request."""
    if not isinstance(person, Person) or not person.is_active:
        return None
    if not hasattr(person, "_agent_hat"):
        person._agent_hat = Agent.objects.filter(person=person, disabled_at=None).first()  # type: ignore[attr-defined]
    return person._agent_hat  # type: ignore[attr-defined,no-any-return]


def remember_hat(person: Person, agent: Agent | None) -> None:
    """For whoever has read it already, so that nobody asks for it again; None when there is none, or it is put away."""
    person._agent_hat = agent  # type: ignore[attr-defined]


def team_ids(person: Asker) -> list[int]:
    """The teams whose cases the person works in; administrators work in every team."""
    agent = agent_of(person)
    if agent is None:
        return []
    if not hasattr(agent, "_team_ids"):
        teams = Team.objects.all() if agent.role == Agent.Role.ADMINISTRATOR else agent.teams.all()
        agent._team_ids = sorted(teams.values_list("pk", flat=True))  # type: ignore[attr-defined]
    return agent._team_ids  # type: ignore[attr-defined,no-any-return]


@rule("settings")
def _settings(person: Person, verb: str, thing: str) -> bool:
    agent = agent_of(person)
    return agent is not None and agent.role == Agent.Role.ADMINISTRATOR


@rule("desk")
def _desk(person: Person, verb: str, thing: str) -> bool:
    agent = agent_of(person)
    return agent is not None and (verb != "lead" or agent.role != Agent.Role.AGENT)


@rule(Person)
def _person(person: Person, verb: str, thing: Person) -> bool:
    """Agents see the people who appear in their teams' cases, and their colleagues; cases add what they know of that."""
    return thing.pk == person.pk or (agent_of(person) is not None and RULES["person in a case"](person, verb, thing))

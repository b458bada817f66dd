"""Reading people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from mainstay.kernel.compiled import Compiled
from mainstay.people.models import Address, Agent, Block, Person, Team

# Asked for every mail that comes.
_BY_ADDRESS = Compiled(lambda value: Address.objects.filter(kind=Address.Kind.EMAIL, value=value).select_related("person"), str)
_BLOCKS = Compiled(lambda value: Block.objects.filter(value=value, lifted_at=None), str)


def display_name(person: Person) -> str:
    return str(person)


def normal_email(value: str) -> str:
    """An e-mail address as it is stored and compared: without space, the whole in lower case (no provider in use tells
    `Maya@` from `maya@`, and people write both)."""
    return value.strip().lower()


def people_by_email(values: Iterable[str]) -> dict[str, Person]:
    """The known people among these addresses, by normalised address; one query."""
    wanted = {normal_email(value) for value in values}
    if len(wanted) == 1:
        return {row.value: row.person for row in _BY_ADDRESS(*wanted)}
    rows = Address.objects.filter(kind=Address.Kind.EMAIL, value__in=wanted).select_related("person")
    return {row.value: row.person for row in rows}


def is_blocked(value: str) -> bool:
    return bool(_BLOCKS(normal_email(value)))


def email_of(person: Person) -> str:
    """Where to write to a person: the oldest address that does not fail, else the sign-in address, else nothing."""
    rows = sorted(person.addresses.all(), key=lambda row: (row.failing_since is not None, row.pk))
    return next((row.value for row in rows if row.kind == Address.Kind.EMAIL), person.email or "")


def working_agents(team: Team | None = None) -> QuerySet[Agent]:
    """The agents who are not disabled, by name; of one team, or of all."""
    agents = Agent.objects.filter(disabled_at=None, person__is_active=True).select_related("person").order_by("person__name")
    return agents.filter(teams=team) if team else agents

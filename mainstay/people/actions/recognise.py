"""Recognising people by their addresses; meeting the new ones."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from mainstay.events import record
from mainstay.kernel.compiled import Compiled, insert
from mainstay.people.events import PersonMet
from mainstay.people.models import Address, Organization, Person
from mainstay.people.queries import normal_email, people_by_email

Named = tuple[str, str]
NAME_LIMIT = 200
_WITH_DOMAINS = Compiled(lambda: Organization.objects.exclude(domains=[]))


def recognise(who: Sequence[Named]) -> dict[str, Person]:
    """The people behind (name, e-mail address) pairs, by normalised address; unknown ones are made, with their organization
    when its domain is known. Who gives no name is called by the address, until a mail brings one; a name is never overwritten by what
    a later mail claims. At most two queries when everybody is known."""
    wanted = {normal_email(address): name for name, address in who if address}
    known = people_by_email(wanted)
    for address, name in wanted.items():
        if address not in known:
            known[address] = _meet(name, address)
        elif name and known[address].name in {"", address}:
            known[address].name = name[:NAME_LIMIT]
            Person.objects.filter(pk=known[address].pk, name__in=["", address]).update(name=known[address].name)
    return known


def _meet(name: str, address: str) -> Person:
    try:
        with transaction.atomic():
            person = insert(Person(name=(name or address)[:NAME_LIMIT], organization=_organization(address)))
            insert(Address(person=person, value=address))
            record(PersonMet(person=person.id, organization=person.organization_id))
            return person
    except IntegrityError:
        # Another process met the same person a moment ago.
        return Address.objects.select_related("person").get(kind=Address.Kind.EMAIL, value=address).person


def _organization(address: str) -> Organization | None:
    domain = address.rpartition("@")[2]
    return next((o for o in _WITH_DOMAINS() if domain in o.domains), None)

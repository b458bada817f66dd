"""What stands beside a case: who asks, what we promised, what it has to do with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Q
from django.utils import dateformat
from django.utils.translation import gettext as _

from mainstay.cases.models import Case, CaseLink, Participant
from mainstay.cases.queries import visible_to
from mainstay.desk.rows import what_words
from mainstay.kernel import clock
from mainstay.people.models import Address, Block, Person
from mainstay.promises.models import Promise
from mainstay.ui.words import late_words

OTHER_CASES = 5


@dataclass(frozen=True)
class Fact:
    """One line of the part "facts"."""

    label: str
    value: str = ""
    copy: str = ""
    url: str = ""


@dataclass(frozen=True)
class Owed:
    """A promise as the part "promise" takes it: open with its time, or with the words of what became of it."""

    what: str
    due_at: datetime | None
    state: str
    text: str


@dataclass(frozen=True)
class Linked:
    """Another case that this one has to do with, if the reader may see it."""

    case: Case
    why: str


def about(case: Case, reader: Person) -> dict[str, Any]:
    """Six queries."""
    people = list(Participant.objects.filter(case=case).select_related("person").prefetch_related("person__addresses").order_by("pk"))
    addresses = list(Address.objects.filter(person=case.requester_id).order_by("pk"))
    blocked = set(Block.objects.filter(value__in=[row.value for row in addresses], lifted_at=None).values_list("value", flat=True))
    visible = visible_to(reader)
    return {
        "participants": [row for row in people if row.person_id != case.requester_id],
        "customer_facts": facts_of(case.requester, addresses),
        "customer_addresses": [
            {"value": row.value, "is_blocked": row.value in blocked} for row in addresses if row.kind == Address.Kind.EMAIL
        ],
        "other_cases": list(visible.filter(requester=case.requester_id).exclude(pk=case.pk).order_by("-opened_at")[:OTHER_CASES]),
        "links": _links(case, reader),
        "promises": [owed(row) for row in Promise.objects.filter(case=case).order_by("made_at", "pk")],
    }


def facts_of(person: Person, addresses: list[Address]) -> list[Fact]:
    """What we know of a person, ready to be copied."""
    labels = {Address.Kind.EMAIL: _("E-mail"), Address.Kind.PHONE: _("Phone"), Address.Kind.HANDLE: _("Handle")}
    facts = [Fact(str(labels[Address.Kind(row.kind)]), copy=row.value) for row in addresses]
    if person.time_zone and (local := local_time(person.time_zone)):
        facts.append(Fact(_("Local time"), local))
    if person.language:
        facts.append(Fact(_("Language"), person.language))
    return facts


def local_time(zone: str) -> str:
    try:
        moment = clock.now().astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    return f"{dateformat.format(moment, 'D G:i')}, {zone.rpartition('/')[2].replace('_', ' ')}"


def owed(row: Promise) -> Owed:
    """The promise with its light: open ones count down, kept ones say by how much, withdrawn ones are struck out."""
    what = what_words(row.what)
    label = what[:1].upper() + what[1:]
    if row.withdrawn_at:
        return Owed(label, None, "withdrawn", "")
    if row.kept_at and row.kept_at <= row.due_at:
        return Owed(label, None, "kept", _("kept"))
    if row.kept_at:
        return Owed(label, None, "broken", late_words(row.kept_at - row.due_at))
    return Owed(label, row.due_at, "", "")


def _links(case: Case, reader: Person) -> list[Linked]:
    """Links in both directions, only to cases that the reader may see (S-046)."""
    rows = CaseLink.objects.filter(Q(case=case) | Q(other=case), case__in=visible_to(reader), other__in=visible_to(reader))
    found = []
    for row in rows.select_related("case", "other"):
        outward = row.case_id == case.pk
        words = {
            (CaseLink.Kind.HINT, True): _("named here, without proof"),
            (CaseLink.Kind.HINT, False): _("names this one, without proof"),
            (CaseLink.Kind.LATE, True): _("what this one answers, long resolved"),
            (CaseLink.Kind.LATE, False): _("answers this one"),
        }
        found.append(Linked(row.other if outward else row.case, words.get((CaseLink.Kind(row.kind), outward), row.get_kind_display())))
    return found

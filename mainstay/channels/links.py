"""The signed link by which a customer opens a case: what mails carry, and what the portal reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing

from mainstay.cases.models import Case, Participant
from mainstay.kernel import clock
from mainstay.people.models import Person

LINK_LIFE = timedelta(days=60)
LENGTH_CAP = 200
_IN_WORDS = re.compile(r"\S*/help/case/\S+")
# "~" needs no escaping in an address, and no mail program ends a link at it.
_SIGNER = signing.Signer(salt="mainstay.channels.links.case", sep="~")


@dataclass(frozen=True)
class Opened:
    """What a link says, after its signature was found to be ours and its person was found to belong to the case."""

    case: Case
    person: Person
    made_at: datetime

    @property
    def is_old(self) -> bool:
        """True after 60 days: the link shows nothing any more."""
        return clock.now() - self.made_at > LINK_LIFE

    @property
    def takes_part(self) -> bool:
        """Whether the person may add to the case with it: those who were merely named by a later mail, or were taken off, may not."""
        roles = [Participant.Role.REQUESTER, Participant.Role.COPIED]
        return Participant.objects.filter(case=self.case, person=self.person, role__in=roles).exists()


def link_for(case: Case, person: Person) -> str:
    """The address of the person's own view of the case, good for 60 days. It opens this case to whoever has it, so it goes to no
    place but an address of that person. Under the configured base address, whatever Host a request named (S-063)."""
    return f"{settings.BASE_URL}/help/case/{seal(case, person)}"


def seal(case: Case, person: Person) -> str:
    """The signed part of the link: HMAC-SHA-256 over case number, person and minute, with a salt of its own (S-092)."""
    minute = int(clock.now().timestamp()) // 60
    return _SIGNER.sign_object([case.number, person.pk, minute])


def without_links(text: str) -> str:
    """Words in which our links stand no more: each opens its case to whoever has it, so what one customer quotes back to us must
    not carry theirs to another."""
    return _IN_WORDS.sub("…", text)


def unseal(token: str) -> Opened | None:
    """What the link says; None for one that is not exactly ours, or whose person or case is gone. Its age is the caller's to judge.
    Whether the person still sees anything is asked of the case each time, by `cases.queries.messages_visible_to` (S-024)."""
    return unseal_all([token]).get(token)


def unseal_all(tokens: Iterable[str]) -> dict[str, Opened]:
    """What each of the links says, without those that say nothing; two queries, however many there are."""
    said = {token: parts for token in tokens if (parts := _read(token))}
    cases = {
        row.number: row
        for row in Case.objects.select_related("team", "owner").filter(number__in={number for number, _, _ in said.values()})
    }
    people = Person.objects.filter(is_active=True).in_bulk({person for _, person, _ in said.values()})
    return {
        token: Opened(cases[number], people[person], datetime.fromtimestamp(minute * 60, UTC))
        for token, (number, person, minute) in said.items()
        if number in cases and person in people
    }


def _read(token: str) -> tuple[int, int, int] | None:
    if len(token) > LENGTH_CAP:
        return None
    try:
        number, person, minute = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return number, person, minute

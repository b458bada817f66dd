"""What an acknowledgement says to one person: everything it needs from one query, and the text that comes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext

from mainstay.cases.models import Case, Message
from mainstay.kernel import clock
from mainstay.kernel.compiled import Compiled
from mainstay.letters.models import Kind, Letter, LetterTemplate
from mainstay.letters.text import fill, house_text
from mainstay.people.models import Address, Person, Team
from mainstay.promises import terms
from mainstay.promises.models import Promise
from mainstay.promises.spoken import by_words, hours_words
from mainstay.promises.worktime import WorkingHours

SUBJECT_CAP = 100
_NAME = re.compile(r"[^\W\d_][^\W\d_'’-]{0,38}[^\W_]?\Z")
_SAMPLE = {"number": "204 118 337", "name": "Luis"}


@dataclass(frozen=True)
class Asked:
    """A new case as its acknowledgement sees it. `is_known`: words of theirs may be repeated to this address, since we have talked
    to them before, or they have proven that it is theirs; a forger's victim must not read the forger's words in our mail (S-039)."""

    case: Case
    channel: str
    body: str | None
    is_on: bool
    is_written: bool
    letters: int
    address: str
    is_known: bool
    read_at: datetime | None
    hours: WorkingHours | None


def look(message: int) -> Asked | None:
    """One query (and the terms, when they changed)."""
    row = _LOOK.first(message)
    return _asked(row) if row else None


def _build(message: int) -> QuerySet[Message]:
    template = LetterTemplate.objects.filter(team=OuterRef("case__team"), kind=Kind.ACKNOWLEDGEMENT)
    letters = Message.objects.filter(case=OuterRef("case"), is_letter=True).order_by().values("case").annotate(number=Count("pk"))
    owed = Promise.objects.filter(Promise.OPEN, case=OuterRef("case"), what=Promise.What.READ)
    addresses = Address.objects.filter(person=OuterRef("case__requester"), kind=Address.Kind.EMAIL)
    answers = Message.objects.filter(case__requester=OuterRef("case__requester"), is_ours=True, is_letter=False)
    rows = Message.objects.select_related("case__team", "case__requester").defer("body").filter(pk=message)
    return rows.annotate(
        edition=terms.mark(),
        own_body=Subquery(template.values("body")[:1]),
        own_is_on=Subquery(template.values("is_on")[:1]),
        is_written=Exists(Letter.objects.filter(case=OuterRef("case"), kind=Kind.ACKNOWLEDGEMENT)),
        letters=Subquery(letters.values("number")[:1]),
        read_at=Subquery(owed.values("due_at")[:1]),
        main_address=Subquery(addresses.order_by(F("failing_since").asc(nulls_first=True), "pk").values("value")[:1]),
        has_proven=Exists(addresses.filter(value=Lower(OuterRef("written_from")), verified_at__isnull=False)),
        was_answered=Exists(answers),
    )


_LOOK = Compiled(_build, int)


def _asked(row: Any) -> Asked:
    return Asked(
        case=row.case,
        channel=row.channel,
        body=row.own_body,
        is_on=row.own_is_on is not False,
        is_written=row.is_written,
        letters=row.letters or 0,
        address=row.written_from or row.main_address or row.case.requester.email or "",
        is_known=row.is_proven and (row.has_proven or row.was_answered),
        read_at=row.read_at,
        hours=terms.book(row.edition).hours(row.case.team_id),
    )


def write(asked: Asked) -> str:
    """The letter, in the case's language where we speak it."""
    case, now = asked.case, clock.now()
    with translation.override(language_of(case)):
        return fill(
            asked.body or house_text(),
            {
                "greeting": _greeting(case.requester.first_name if asked.is_known else ""),
                "subject": _subject(case.subject if asked.is_known else ""),
                "number": case.spoken_number,
                "read_by": _read_by(asked.read_at, now, asked.hours, _zone(case.requester)),
                "hours": hours_words(asked.hours) if asked.hours else "",
                "phones": case.team.phones,
                "team": case.team.signs_as,
            },
        )


def sample(team: Team, body: str, at: datetime, due: datetime | None, hours: WorkingHours | None) -> str:
    """What somebody whom we know would read who wrote at this moment."""
    return fill(
        body or house_text(),
        {
            "greeting": _greeting(_SAMPLE["name"]),
            "subject": _subject(gettext("Printer on fire")),
            "number": _SAMPLE["number"],
            "read_by": _read_by(due, at, hours, None),
            "hours": hours_words(hours) if hours else "",
            "phones": team.phones,
            "team": team.signs_as,
        },
    )


def _greeting(name: str) -> str:
    return gettext("Hello %(name)s") % {"name": name} if _NAME.match(name) else gettext("Hello")


def _subject(subject: str) -> str:
    words = "".join(ch for ch in subject if ch.isprintable()).strip()
    if not words:
        return gettext("your message")
    shown = words if len(words) <= SUBJECT_CAP else f"{words[: SUBJECT_CAP - 1].rstrip()}…"
    return gettext("your message “%(subject)s”") % {"subject": shown}


def _read_by(due: datetime | None, now: datetime, hours: WorkingHours | None, reader: tzinfo | None) -> str:
    return by_words(due, now, hours, reader) if due and hours and due > now else ""


def _zone(person: Person) -> tzinfo | None:
    try:
        return ZoneInfo(person.time_zone) if person.time_zone else None
    except (KeyError, ValueError, OSError):
        return None


def language_of(case: Case) -> str | None:
    """The case's language where we speak it; None for the installation's."""
    known = case.language.partition("-")[0]
    return known if known and translation.check_for_language(known) else None

"""Reading promises, calendars and targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext

from mainstay.cases.models import Case, Severity
from mainstay.cases.queries import COUNT_LIMIT
from mainstay.kernel import clock
from mainstay.people.models import Person, Team
from mainstay.promises import terms
from mainstay.promises.models import Calendar, CalendarRevision, Promise
from mainstay.promises.worktime import WorkingHours

READ = Promise.What.READ
# A person reads it within two open hours, and it is answered the same business day: where an operator may begin.
SUGGESTED = {1: (30, 60), 2: (60, 120), 3: (120, 480), 4: (120, 960), 5: (240, 1920)}


def read_by(team: Team, at: datetime, severity: Severity | None = None, case: Case | None = None) -> datetime | None:
    """When a person will have read what arrived at `at`: as promised for the case, else as reckoned for team and severity (the
    one that a case begins with, by default). None where nothing is promised."""
    if case is not None:
        row = Promise.objects.filter(case=case, what=READ, withdrawn_at=None).order_by("-id").first()
        return row.due_at if row else None
    from mainstay.cases.queries import default_severity

    term = terms.current().terms(team.id, (severity or default_severity()).id, READ)
    return term.due(at) if term else None


def open_promises(case: Case) -> QuerySet[Promise]:
    """What is owed on the case, the next first."""
    return Promise.objects.filter(Promise.OPEN, case=case).order_by("due_at", "what")


def promises_of(case: Case) -> QuerySet[Promise]:
    """Everything that was ever owed on the case, in order."""
    return Promise.objects.filter(case=case).order_by("starts_at", "id")


def late() -> QuerySet[Promise]:
    """What is owed and past its time, the oldest first: the query of record for every list and count of what is late (R-58)."""
    return Promise.objects.filter(Promise.OPEN, due_at__lt=clock.now()).order_by("due_at", "id")


def late_count(person: Person) -> int:
    """How many promises on this person's cases are late; counted to a thousand at most."""
    return late().filter(case__owner=person).order_by()[:COUNT_LIMIT].count()


def hours_of(team: Team) -> WorkingHours | None:
    """When this team is here; None before any calendar is set up. One query."""
    return terms.current().hours(team.id)


def revision_now(calendar: Calendar) -> CalendarRevision:
    """What the calendar says today."""
    return calendar.revisions.latest("id")


def revision_at(calendar: Calendar, at: datetime) -> CalendarRevision | None:
    """What the calendar said at that moment; None before it existed."""
    return calendar.revisions.filter(since__lte=at).order_by("-id").first()


def suggested_targets() -> dict[Severity, tuple[int, int]]:
    """Where an operator may begin: minutes to read and to answer, by severity."""
    return {severity: SUGGESTED[min(severity.level, 5)] for severity in Severity.objects.all()}


def holiday_places() -> Mapping[str, list[str]]:
    """The countries (ISO 3166-1) and their parts for which holidays can be suggested."""
    import holidays

    return holidays.list_supported_countries()


def suggest_holidays(country: str, part: str = "", *, years: tuple[int, ...] = ()) -> dict[str, str]:
    """Public holidays by day, for an administrator to look through: nothing keeps them until they are accepted. This year and the
    next two, by default. Raises ValueError with a sentence for a place that is not known."""
    import holidays

    first = clock.now().year
    try:
        known = holidays.country_holidays(country, subdiv=part or None, years=years or (first, first + 1, first + 2), language="en_US")
    except (NotImplementedError, KeyError):
        raise ValueError(gettext("We know no holidays for %(place)s.") % {"place": f"{country} {part}".strip()}) from None
    return {day.isoformat(): name for day, name in sorted(known.items()) if isinstance(day, date)}

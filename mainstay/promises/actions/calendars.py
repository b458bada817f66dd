"""When we are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person, Team
from mainstay.promises.actions.recompute import ask_recompute
from mainstay.promises.events import CalendarChosen, CalendarMade, CalendarRevised
from mainstay.promises.models import Calendar, CalendarRevision, CalendarUse
from mainstay.promises.terms import new_edition
from mainstay.promises.worktime import WorkingHours

Week = Sequence[Sequence[Sequence[str]]]
Days = Mapping[str, Sequence[Sequence[str]]]


@transaction.atomic
def make_calendar(
    name: str,
    *,
    zone: str,
    hours: Week,
    holidays: Mapping[str, str] | None = None,
    days: Days | None = None,
    is_default: bool = False,
    by: Person | None,
) -> Calendar:
    """A calendar with its first revision; the first of all becomes the default. Raises ValueError with a sentence for the form."""
    values = _checked(zone, hours, holidays or {}, days or {})
    is_default = is_default or not Calendar.objects.exists()
    if is_default:
        Calendar.objects.filter(is_default=True).update(is_default=False)
    calendar = Calendar.objects.create(name=name.strip(), is_default=is_default)
    CalendarRevision.objects.create(calendar=calendar, since=clock.now(), by=by, **values)
    record(CalendarMade(actor=by.id if by else None, calendar=calendar.id))
    _changed()
    return calendar


@transaction.atomic
def revise_calendar(
    calendar: Calendar,
    *,
    zone: str,
    hours: Week,
    holidays: Mapping[str, str] | None = None,
    days: Days | None = None,
    by: Person | None,
) -> CalendarRevision:
    """From now on these hours; what they were stays on record. Open promises are reckoned anew by a job, each with its old
    deadline in the log. Raises ValueError with a sentence for the form."""
    values = _checked(zone, hours, holidays or {}, days or {})
    revision = CalendarRevision.objects.create(calendar=calendar, since=clock.now(), by=by, **values)
    record(CalendarRevised(actor=by.id if by else None, calendar=calendar.id, revision=revision.id))
    _changed()
    return revision


@transaction.atomic
def use_calendar(team: Team, calendar: Calendar | None, *, by: Person | None) -> None:
    """The team keeps this calendar from now on; with None, the default."""
    if calendar is None:
        CalendarUse.objects.filter(team=team).delete()
    else:
        CalendarUse.objects.update_or_create(team=team, defaults={"calendar": calendar})
    record(CalendarChosen(actor=by.id if by else None, calendar=calendar.id if calendar else None, team=team.id))
    _changed()


def _changed() -> None:
    new_edition()
    ask_recompute()


def _checked(zone: str, hours: Week, holidays: Mapping[str, str], days: Days) -> dict[str, Any]:
    _check_dates([*holidays, *days])
    plain = [[(str(a), str(b)) for a, b in day] for day in hours]
    odd = {day: [(str(a), str(b)) for a, b in spans] for day, spans in days.items()}
    if not any(plain):
        raise ValueError(gettext("A calendar without a single open hour can promise nothing."))
    read = WorkingHours.read(zone, plain, holidays=holidays, days=odd)
    return {"zone": read.zone.key, "hours": plain, "holidays": dict(holidays), "days": odd}


def _check_dates(days: Sequence[str]) -> None:
    for day in days:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise ValueError(gettext("%(day)s is no date such as 2026-12-25.") % {"day": day}) from None

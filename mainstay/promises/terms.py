"""What we promise by: calendars, who keeps which, targets. Read once and kept by each process, until the edition changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Subquery

from mainstay.promises.models import Calendar, CalendarRevision, CalendarUse, Edition, Target
from mainstay.promises.worktime import NeverOpen, WorkingHours

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Terms:
    """How one promise is reckoned."""

    minutes: int
    revision: int
    hours: WorkingHours

    def due(self, start: datetime) -> datetime | None:
        """The deadline, on a full minute, so that what we tell people is what we hold ourselves to. None if we are never there."""
        return due(self.hours, start, self.minutes)


def due(hours: WorkingHours, start: datetime, minutes: int) -> datetime | None:
    try:
        end = hours.add_working(start, minutes)
    except NeverOpen:
        return None
    part = timedelta(seconds=end.second, microseconds=end.microsecond)
    return end - part + _MINUTE if part else end


@dataclass(frozen=True)
class Book:
    """All terms, as they are now. `calendars`: by calendar the revision in force and its hours."""

    calendars: Mapping[int, tuple[int, WorkingHours]] = field(default_factory=dict)
    uses: Mapping[int, int] = field(default_factory=dict)
    targets: Mapping[tuple[int, str], int] = field(default_factory=dict)
    default: int | None = None

    def hours(self, team: int) -> WorkingHours | None:
        """When this team is here; None before any calendar is set up."""
        found = self._of(team)
        return found[1] if found else None

    def terms(self, team: int, severity: int, what: str) -> Terms | None:
        """None where nothing is promised."""
        found, minutes = self._of(team), self.targets.get((severity, what))
        return Terms(minutes, *found) if found and minutes else None

    def _of(self, team: int) -> tuple[int, WorkingHours] | None:
        calendar = self.uses.get(team, self.default)
        return self.calendars.get(calendar) if calendar is not None else None


_kept: tuple[str | None, Book] = (None, Book())


def mark() -> Subquery:
    """The present edition, to be asked along with another query and given to `book`."""
    return Subquery(Edition.objects.filter(pk=1).values("mark")[:1])


def book(edition: str | None) -> Book:
    """The terms of this edition: no query while it is the one that the process has, else three."""
    global _kept
    if edition is None:
        return Book()
    if _kept[0] != edition:
        _kept = (edition, _read())
    return _kept[1]


def current() -> Book:
    """The terms as they are now, for who has no query to ask the edition along with."""
    return book(Edition.objects.filter(pk=1).values_list("mark", flat=True).first())


def new_edition() -> None:
    """Every process reads the terms again; in the transaction that changed them."""
    row = Edition(pk=1)
    Edition.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["mark"])


def _read() -> Book:
    latest = CalendarRevision.objects.filter(calendar=OuterRef("pk")).order_by("-id")
    calendars = list(Calendar.objects.annotate(revision=Subquery(latest.values("pk")[:1])))
    revisions = CalendarRevision.objects.in_bulk([row.revision for row in calendars if row.revision])
    targets: dict[tuple[int, str], int] = {}
    for severity, read_by, respond in Target.objects.values_list("severity", "read_by", "respond"):
        targets |= {(severity, what): minutes for what, minutes in (("read", read_by), ("respond", respond)) if minutes}
    return Book(
        calendars={row.calendar_id: (row.pk, hours_of(row)) for row in revisions.values()},
        uses=dict(CalendarUse.objects.values_list("team", "calendar")),
        targets=targets,
        default=next((row.pk for row in calendars if row.is_default), None),
    )


def hours_of(revision: CalendarRevision) -> WorkingHours:
    """The hours of a revision; equal revisions share one, with what it has reckoned already."""
    return _hours(revision.zone, _text(revision.hours), _text(sorted(revision.holidays)), _text(revision.days))


@lru_cache(maxsize=256)
def _hours(zone: str, hours: str, holidays: str, days: str) -> WorkingHours:
    return WorkingHours.read(zone, json.loads(hours), holidays=json.loads(holidays), days=json.loads(days))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)

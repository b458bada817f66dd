"""When we are here, in a customer's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from mainstay.kernel import clock
from mainstay.people.models import Person, Team
from mainstay.promises.queries import hours_of, read_by
from mainstay.promises.spoken import at_words, by_words, hours_words
from mainstay.promises.worktime import NeverOpen
from mainstay.ui.words import moment_words


@dataclass(frozen=True)
class Presence:
    """Whether somebody is here, the hours of the week, and by when a case that is asked now is read."""

    is_here: bool
    title: str
    week: str
    reads: str


def presence_of(team: Team) -> Presence | None:
    """None before any hours are set up."""
    hours, now = hours_of(team), clock.now()
    if hours is None:
        return None
    read = read_by(team, now)
    reads = _("A person reads your case %(when)s.") % {"when": by_words(read, now, hours)} if read else ""
    if hours.is_open(now):
        return Presence(True, _("We are here now"), hours_words(hours), reads)
    try:
        title = _("Back %(when)s") % {"when": at_words(hours.next_open(now), now, hours)}
    except NeverOpen:
        title = _("Here by arrangement")
    return Presence(False, title, hours_words(hours), reads)


def zone_of(team: Team) -> ZoneInfo:
    """The zone that the team's hours are counted in: customers read times in it, since we do not know theirs."""
    hours = hours_of(team)
    return hours.zone if hours else ZoneInfo("UTC")


def by_when(at: datetime, team: Team, reader: Person | None = None) -> str:
    """ "today by 15:40": in the team's zone, which is named where the reader is known to live by another clock."""
    hours = hours_of(team)
    if hours is None:
        return moment_words(at, clock.now(), ZoneInfo("UTC"))
    zone = ZoneInfo(reader.time_zone) if reader and reader.time_zone else None
    return by_words(at, clock.now(), hours, zone)

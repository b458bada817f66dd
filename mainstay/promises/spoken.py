"""Hours and deadlines as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from django.utils import dateformat
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext

from mainstay.promises.worktime import DAY_MINUTES, Span, WorkingHours


def hours_words(hours: WorkingHours) -> str:
    """ "Monday to Friday 9:00–17:00 (Europe/Berlin)"; days with equal hours together, closed days left out."""
    zone = str(hours.zone.key)
    if all(day == ((0, DAY_MINUTES),) for day in hours.weekly):
        return gettext("around the clock, every day")
    said = [f"{_days_words(first, last)} {_intervals_words(hours.weekly[first])}" for first, last in _runs(hours) if hours.weekly[first]]
    return gettext("%(hours)s (%(zone)s)") % {"hours": ", ".join(said), "zone": zone} if said else gettext("by arrangement")


def by_words(due_at: datetime, now: datetime, hours: WorkingHours, reader: tzinfo | None = None) -> str:
    """ "today by 15:40", "tomorrow by 9:30", "on Thursday by 9:30", "on Thursday 24 December by 9:30": the time in the team's own
    zone, which is named where the reader is known to live by another clock."""
    local, today = due_at.astimezone(hours.zone), now.astimezone(hours.zone)
    time = dateformat.format(local, "G:i")
    days = (local.date() - today.date()).days
    if days == 0:
        words = gettext("today by %(time)s") % {"time": time}
    elif days == 1:
        words = gettext("tomorrow by %(time)s") % {"time": time}
    elif 1 < days < 7:
        words = gettext("on %(day)s by %(time)s") % {"day": dateformat.format(local, "l"), "time": time}
    else:
        words = gettext("on %(day)s by %(time)s") % {"day": dateformat.format(local, "l j F"), "time": time}
    differs = reader is not None and due_at.astimezone(reader).utcoffset() != local.utcoffset()
    return f"{words} ({hours.zone.key})" if differs else words


def at_words(at: datetime, now: datetime, hours: WorkingHours) -> str:
    """ "today at 15:40", "tomorrow at 9:00", "on Monday at 9:00": a moment to come, in the team's own zone."""
    local, today = at.astimezone(hours.zone), now.astimezone(hours.zone)
    time = dateformat.format(local, "G:i")
    days = (local.date() - today.date()).days
    if days in {0, 1}:
        return (gettext("tomorrow at %(time)s") if days else gettext("today at %(time)s")) % {"time": time}
    return gettext("on %(day)s at %(time)s") % {"day": dateformat.format(local, "l" if 1 < days < 7 else "l j F"), "time": time}


def _runs(hours: WorkingHours) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for day in range(7):
        if runs and hours.weekly[runs[-1][1]] == hours.weekly[day]:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _days_words(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return gettext("every day")
    if first == last:
        return str(WEEKDAYS[first])
    names = {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
    return gettext("%(first)s and %(last)s") % names if last == first + 1 else gettext("%(first)s to %(last)s") % names


def _intervals_words(spans: tuple[Span, ...]) -> str:
    said = [f"{_time(opens)}–{_time(closes, is_end=True)}" for opens, closes in spans]
    return gettext(" and ").join(said)


def _time(minute: int, *, is_end: bool = False) -> str:
    if is_end and minute == DAY_MINUTES:
        return "24:00"
    return dateformat.format(datetime(2000, 1, 1, minute // 60 % 24, minute % 60, tzinfo=UTC), "G:i")

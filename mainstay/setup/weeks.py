"""Hours as they are typed: "9:00-12:30, 13:30-18:00" for a day, "2026-12-24 9:00-12:00" for a day that differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext

from mainstay.promises.worktime import read_interval

Interval = tuple[str, str]
_INTERVAL = re.compile(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d{2}))?\s*\Z")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(.*)\Z")


def read_day(text: str) -> list[Interval]:
    """The intervals of one day; none for an empty text or "closed". Raises ValueError with a sentence."""
    if text.strip().lower() in {"", "-", "–", "closed", gettext("closed")}:
        return []
    return [_interval(part) for part in re.split(r"[,;]|\band\b", text)]


def write_day(intervals: Iterable[Sequence[str]]) -> str:
    return ", ".join(f"{opens.lstrip('0').rjust(4, '0')}–{closes.lstrip('0').rjust(4, '0')}" for opens, closes in intervals)


def read_days(text: str) -> dict[str, list[Interval]]:
    """Days that differ, one in each line. Raises ValueError with a sentence."""
    found: dict[str, list[Interval]] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        day, rest = _dated(line, gettext("“%(line)s” has to begin with a date such as 2026-12-24."))
        found[day] = read_day(rest)
    return found


def write_days(days: dict[str, Sequence[Sequence[str]]]) -> str:
    return "\n".join(f"{day} {write_day(spans) or gettext('closed')}" for day, spans in sorted(days.items()))


def read_holidays(text: str) -> dict[str, str]:
    """Holidays, one in each line: a date and a name. Raises ValueError with a sentence."""
    lines = filter(None, (line.strip() for line in text.splitlines()))
    return dict(_dated(line, gettext("“%(line)s” has to begin with a date such as 2026-12-25.")) for line in lines)


def write_holidays(holidays: dict[str, str]) -> str:
    return "\n".join(f"{day} {name}".strip() for day, name in sorted(holidays.items()))


def _dated(line: str, sentence: str) -> tuple[str, str]:
    found = _DAY.match(line)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        raise ValueError(sentence % {"line": line[:80]})
    return day.isoformat(), found[2].strip()


def _interval(text: str) -> Interval:
    found = _INTERVAL.match(text)
    if found is None:
        raise ValueError(gettext("“%(text)s” is no interval such as 9:00–17:30.") % {"text": text.strip()[:40]})
    interval = (_time(found[1], found[2]), _time(found[3], found[4]))
    try:
        read_interval(*interval)
    except ValueError:
        raise ValueError(gettext("“%(text)s” names a time that no clock shows.") % {"text": text.strip()[:40]}) from None
    return interval


def _time(hour: str, minute: str | None) -> str:
    return f"{int(hour):02d}:{minute or '00'}"

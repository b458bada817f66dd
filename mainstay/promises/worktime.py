"""Business time: how long we were open between two moments, and when so many open minutes will have passed.

A moment is open when the clock on the wall of the calendar's zone shows a minute within the hours of its day. So a night shift has
an hour more or less when the clocks change, and every open minute that really passes counts exactly once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Span = tuple[int, int]
Hours = Sequence[Sequence[tuple[str, str]]]

DAY_MINUTES = 24 * 60
_SECOND = 1_000_000
_DAY_SECONDS = 86_400
_DAY = _DAY_SECONDS * _SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_PROBE = 6 * 3600
_HORIZON = 10 * 366
_CACHED_DAYS = 4_000


class NeverOpen(ValueError):  # noqa: N818 — it is no error to be shut
    """The calendar does not open, or not for long enough, within ten years."""


class WorkingHours:
    """The hours of a week in one zone, with days off and days that differ.

    `weekly` has seven lists, Monday first, of half-open intervals in minutes from midnight: 0 <= start < 1440, start < end <= start
    + 1440, so that 1440 is 24:00 and more is the next morning. A shift belongs to the day on which it begins: a holiday closes the
    shifts that begin on it, and not the end of the evening's before. `days` are exceptions with intervals of their own, also on a
    holiday. Overlapping intervals count once. Instances don't change and are safe to share between threads.
    """

    def __init__(
        self,
        zone: str,
        weekly: Sequence[Sequence[Span]],
        *,
        holidays: Iterable[date] = (),
        days: Mapping[date, Sequence[Span]] | None = None,
    ) -> None:
        self.zone = _zone(zone)
        self.weekly = tuple(tuple(sorted(_checked(span) for span in day)) for day in weekly)
        self.holidays = frozenset(holidays)
        self.days = {day: tuple(sorted(_checked(span) for span in spans)) for day, spans in (days or {}).items()}
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days")
        self._open_spans: dict[int, tuple[Span, ...]] = {}
        self._last_exception = max((day.toordinal() for day in [*self.holidays, *self.days]), default=0)

    @classmethod
    def read(
        cls,
        zone: str,
        hours: Hours,
        *,
        holidays: Iterable[str] = (),
        days: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> WorkingHours:
        """From the words that calendars store: "09:00" to "17:00"; "24:00" is midnight, and an end before its start is the next
        morning. Raises ValueError with a sentence for whoever wrote them."""
        return cls(
            zone,
            [[read_interval(*interval) for interval in day] for day in hours],
            holidays=[date.fromisoformat(day) for day in holidays],
            days={date.fromisoformat(day): [read_interval(*interval) for interval in spans] for day, spans in (days or {}).items()},
        )

    def is_open(self, at: datetime) -> bool:
        moment = _micros(at)
        return any(opens * _SECOND <= moment < closes * _SECOND for opens, closes in self._spans(moment // _DAY))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when it is open, else the moment of the next opening, in UTC. Raises NeverOpen."""
        moment = _micros(at)
        for day in self._days_from(moment // _DAY):
            for opens, closes in self._spans(day):
                if closes * _SECOND > moment:
                    return _datetime(max(moment, opens * _SECOND))
        raise NeverOpen

    def add_working(self, start: datetime, minutes: int) -> datetime:
        """The earliest moment, in UTC, at which so many open minutes have passed since `start`. Raises NeverOpen."""
        moment, left = _micros(start), minutes * 60 * _SECOND
        if left <= 0:
            return _datetime(moment)
        for day in self._days_from(moment // _DAY):
            for opens, closes in self._spans(day):
                begin, end = max(moment, opens * _SECOND), closes * _SECOND
                if end - begin >= left:
                    return _datetime(begin + left)
                left -= max(end - begin, 0)
        raise NeverOpen

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How long we were open from `start` to `end`; nothing when `end` comes first."""
        first, last = _micros(start), _micros(end)
        passed = 0
        for day in range(first // _DAY, last // _DAY + 1):
            for opens, closes in self._spans(day):
                passed += max(min(closes * _SECOND, last) - max(opens * _SECOND, first), 0)
        return timedelta(microseconds=passed)

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """The whole open minutes from `start` to `end`."""
        return int(self.working_time(start, end) // timedelta(minutes=1))

    @property
    def ever_opens(self) -> bool:
        """Whether the calendar has an open hour at all, in its week or on an exceptional day."""
        return any(self.weekly) or any(self.days.values())

    def intervals(self, day: date) -> tuple[Span, ...]:
        """The shifts that begin on this day."""
        if day in self.days:
            return self.days[day]
        return () if day in self.holidays else self.weekly[day.weekday()]

    def _days_from(self, day: int) -> range:
        """The UTC days worth looking at: past the last exception one week is like the other."""
        if not self.ever_opens:
            return range(0)
        return range(day, min(max(day, self._last_exception - _EPOCH_ORDINAL) + _HORIZON, _LAST_DAY))

    def _spans(self, day: int) -> tuple[Span, ...]:
        """The open spans within one UTC day (counted from 1970), in seconds since 1970, in order, apart from each other."""
        spans = self._open_spans.get(day)
        if spans is None:
            if len(self._open_spans) >= _CACHED_DAYS:
                self._open_spans.clear()
            spans = self._open_spans[day] = self._find_spans(day)
        return spans

    def _find_spans(self, day: int) -> tuple[Span, ...]:
        found: list[Span] = []
        for start, end, offset in _offsets(self.zone, day):
            for local in range((start + offset) // _DAY_SECONDS, (end + offset - 1) // _DAY_SECONDS + 1):
                midnight = local * _DAY_SECONDS - offset
                for opens, closes in self._wall(local):
                    span = (max(start, midnight + opens * 60), min(end, midnight + closes * 60))
                    if span[0] < span[1]:
                        found.append(span)
        return _merged(found)

    def _wall(self, local: int) -> list[Span]:
        """The open minutes of a local day: its own shifts, and what the evening's before left over."""
        today = date.fromordinal(local + _EPOCH_ORDINAL)
        yesterday = date.fromordinal(local + _EPOCH_ORDINAL - 1)
        own = [(opens, min(closes, DAY_MINUTES)) for opens, closes in self.intervals(today)]
        return own + [(max(o - DAY_MINUTES, 0), c - DAY_MINUTES) for o, c in self.intervals(yesterday) if c > DAY_MINUTES]


def read_interval(opens: str, closes: str) -> Span:
    """Two times of day as minutes from midnight; an end at or before the start is on the next day. Raises ValueError."""
    start, end = _minute(opens), _minute(closes)
    if start == DAY_MINUTES:
        raise ValueError("a day begins at 00:00, not at 24:00")
    return (start, end if end > start else end + DAY_MINUTES)


def _minute(time: str) -> int:
    hour, colon, minute = time.strip().partition(":")
    if not colon or not (hour.isdecimal() and minute.isdecimal()) or int(minute) > 59 or int(hour) * 60 + int(minute) > DAY_MINUTES:
        raise ValueError(f"{time!r} is no time of day such as 09:00")
    return int(hour) * 60 + int(minute)


def _checked(span: Span) -> Span:
    start, end = span
    if not (0 <= start < DAY_MINUTES and start < end <= start + DAY_MINUTES):
        raise ValueError("an interval begins within its day and lasts at most 24 hours")
    return (start, end)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone such as Europe/Berlin") from None


@lru_cache(maxsize=8_192)
def _offsets(zone: ZoneInfo, day: int) -> tuple[tuple[int, int, int], ...]:
    """A UTC day cut where the zone changes its offset: (start, end, offset) in seconds.

    zoneinfo tells no transitions, so we probe every six hours and halve until the second is found.
    """
    parts: list[tuple[int, int, int]] = []
    begin = day * _DAY_SECONDS
    for start in range(begin, begin + _DAY_SECONDS, _PROBE):
        end = start + _PROBE
        first, last = _offset(zone, start), _offset(zone, end)
        change = end
        if first != last:
            low, change = start, end
            while change - low > 1:
                middle = (low + change) // 2
                low, change = (middle, change) if _offset(zone, middle) == first else (low, middle)
        for part in ((start, change, first), (change, end, last)):
            if part[0] < part[1]:
                if parts and parts[-1][2] == part[2]:
                    part = (parts.pop()[0], part[1], part[2])
                parts.append(part)
    return tuple(parts)


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _micros(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("a moment without a zone is no moment")
    return (at - _EPOCH) // _MICROSECOND


def _datetime(moment: int) -> datetime:
    return _EPOCH + timedelta(microseconds=moment)


_LAST_DAY = date(9999, 12, 29).toordinal() - _EPOCH_ORDINAL

"""Business time against an oracle that looks at every single minute."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.promises.worktime import NeverOpen, WorkingHours, read_interval

# fmt: off
ZONES = [
    "UTC", "Europe/Berlin", "Europe/Lisbon", "Europe/London", "Europe/Dublin", "Europe/Istanbul", "Europe/Moscow", "America/New_York",
    "America/St_Johns", "America/Sao_Paulo", "America/Caracas", "America/Havana", "America/Asuncion", "America/Santiago",
    "America/Scoresbysund", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Gaza", "Asia/Pyongyang", "Asia/Amman",
    "Australia/Lord_Howe", "Australia/Adelaide", "Australia/Sydney", "Africa/Casablanca", "Africa/Cairo", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Kiritimati", "Antarctica/Troll",
]
# fmt: on
OFFICE = [[(9 * 60, 17 * 60)]] * 5 + [[], []]
MINUTE = timedelta(minutes=1)


def oracle_is_open(hours: WorkingHours, at: datetime) -> bool:
    """What the definition says about one minute, without any cleverness."""
    local = at.astimezone(hours.zone)
    minute = local.hour * 60 + local.minute
    today, yesterday = hours.intervals(local.date()), hours.intervals(local.date() - timedelta(days=1))
    return any(a <= minute < b for a, b in today) or any(a <= minute + 1440 < b for a, b in yesterday)


def oracle_minutes(hours: WorkingHours, start: datetime, end: datetime) -> int:
    count = 0
    while start < end:
        count += oracle_is_open(hours, start)
        start += MINUTE
    return count


def oracle_add(hours: WorkingHours, start: datetime, minutes: int, until: datetime) -> datetime | None:
    while start < until:
        minutes -= oracle_is_open(hours, start)
        start += MINUTE
        if minutes == 0:
            return start
    return None


def changes(zone: str, first: int = 1995, last: int = 2027) -> list[datetime]:
    """The hours in which the zone changed its offset."""
    found, at, end = [], datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    info = ZoneInfo(zone)
    while at < end:
        if at.astimezone(info).utcoffset() != (at + timedelta(hours=12)).astimezone(info).utcoffset():
            found.append(at)
        at += timedelta(hours=12)
    return found


spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda pair: (pair[0], pair[0] + pair[1]))
weeks = st.lists(st.lists(spans, max_size=3), min_size=7, max_size=7)


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and a minute near one of its changes, or anywhere."""
    zone = draw(st.sampled_from(ZONES))
    known = CHANGES[zone]
    if known and draw(st.booleans()):
        return zone, draw(st.sampled_from(known)) + timedelta(minutes=draw(st.integers(-3 * 1440, 2 * 1440)))
    return zone, datetime(1995, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 32 * 365 * 1440)))


CHANGES = {zone: changes(zone) for zone in ZONES}


@pytest.mark.reliability("R-54")
@settings(max_examples=300, deadline=None)
@given(
    moments(),
    weeks,
    st.integers(0, 4 * 1440),
    st.sets(st.integers(-2, 5), max_size=2),
    st.dictionaries(st.integers(-2, 5), st.lists(spans, max_size=2), max_size=2),
)
def test_the_minutes_between_two_moments_are_those_that_the_oracle_counts(place, week, length, off, odd) -> None:
    zone, start = place
    day = start.date()
    hours = WorkingHours(
        zone,
        week,
        holidays=[day + timedelta(days=n) for n in off],
        days={day + timedelta(days=n): spans for n, spans in odd.items()},
    )
    end = start + timedelta(minutes=length)
    assert hours.working_minutes(start, end) == oracle_minutes(hours, start, end)


@pytest.mark.reliability("R-54")
@settings(max_examples=200, deadline=None)
@given(moments(), weeks, st.integers(1, 3000))
def test_the_end_of_a_promise_is_the_minute_that_the_oracle_reaches(place, week, minutes) -> None:
    zone, start = place
    hours = WorkingHours(zone, week)
    expected = oracle_add(hours, start, minutes, start + timedelta(days=5))
    if expected is not None:
        assert hours.add_working(start, minutes) == expected
        assert hours.working_minutes(start, expected) == minutes
        return
    try:
        assert hours.add_working(start, minutes) > start + timedelta(days=5)
    except NeverOpen:
        assert hours.working_minutes(start, start + timedelta(days=10 * 365)) < minutes


@pytest.mark.reliability("R-54")
@pytest.mark.parametrize("zone", ZONES)
def test_three_changes_of_the_clock_on_either_side_are_right_in_every_zone(zone: str) -> None:
    hours = WorkingHours(zone, [[(22 * 60, 30 * 60), (60, 150)]] * 7)
    near = CHANGES[zone][-6:] or [datetime(2026, 3, 29, tzinfo=UTC)]
    for change in near:
        start, end = change - timedelta(hours=30), change + timedelta(hours=30)
        assert hours.working_minutes(start, end) == oracle_minutes(hours, start, end)


@pytest.mark.reliability("R-54")
@settings(max_examples=200, deadline=None)
@given(moments(), weeks)
def test_the_next_opening_is_open_and_nothing_before_it_is(place, week) -> None:
    zone, at = place
    hours = WorkingHours(zone, week)
    assert hours.is_open(at) == oracle_is_open(hours, at)
    if not hours.ever_opens:
        with pytest.raises(NeverOpen):
            hours.next_open(at)
        return
    opening = hours.next_open(at)
    assert hours.is_open(opening)
    assert hours.working_time(at, opening) == timedelta(0)


@pytest.mark.reliability("R-55")
def test_a_day_that_ends_at_24_00_ends_with_the_day() -> None:
    hours = WorkingHours.read("Europe/Berlin", [[("18:00", "24:00")], *[[]] * 6])
    monday = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    assert hours.working_minutes(monday, monday + timedelta(days=6)) == 360
    assert hours.add_working(monday, 360) == datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    assert not hours.is_open(datetime(2026, 3, 2, 23, 0, tzinfo=UTC))


@pytest.mark.reliability("R-55")
def test_around_the_clock_every_minute_counts_also_when_the_clocks_change() -> None:
    hours = WorkingHours.read("Europe/Berlin", [[("00:00", "24:00")]] * 7)
    start = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
    assert hours.working_minutes(start, start + timedelta(days=7)) == 7 * 1440
    assert hours.add_working(start, 7 * 1440) == start + timedelta(days=7)


@pytest.mark.reliability("R-55")
def test_a_night_shift_loses_an_hour_in_spring_and_gains_one_in_autumn() -> None:
    hours = WorkingHours.read("Europe/Berlin", [[("22:00", "06:00")]] * 7)
    assert hours.working_minutes(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)) == 7 * 60
    assert hours.working_minutes(datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)) == 9 * 60


@pytest.mark.reliability("R-55")
def test_a_shift_belongs_to_the_day_on_which_it_begins() -> None:
    saturday = date(2026, 3, 7)
    hours = WorkingHours("UTC", [[(22 * 60, 30 * 60)]] * 7, holidays=[saturday])
    assert hours.is_open(datetime(2026, 3, 7, 3, 0, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 3, 7, 23, 0, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 3, 8, 3, 0, tzinfo=UTC))


@pytest.mark.reliability("R-55")
def test_a_calendar_that_never_opens_says_so_at_once() -> None:
    never = WorkingHours("Europe/Berlin", [[]] * 7)
    start = time.perf_counter()
    with pytest.raises(NeverOpen):
        never.add_working(datetime(2026, 3, 2, tzinfo=UTC), 1)
    assert time.perf_counter() - start < 0.01
    once = WorkingHours("Europe/Berlin", [[]] * 7, days={date(2026, 3, 9): [(600, 660)]})
    assert once.add_working(datetime(2026, 3, 2, tzinfo=UTC), 60) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    with pytest.raises(NeverOpen):
        once.add_working(datetime(2026, 3, 2, tzinfo=UTC), 61)


@pytest.mark.reliability("R-55")
def test_a_single_weekday_waits_for_its_week() -> None:
    hours = WorkingHours.read("America/New_York", [[], [], [("10:00", "12:00")], *[[]] * 4])
    assert hours.add_working(datetime(2026, 3, 5, tzinfo=UTC), 150) == datetime(2026, 3, 18, 14, 30, tzinfo=UTC)


@pytest.mark.reliability("R-55")
def test_a_holiday_on_the_day_of_the_change_closes_its_whole_day() -> None:
    hours = WorkingHours("Europe/Berlin", [[(0, 1440)]] * 7, holidays=[date(2026, 3, 29)])
    start, end = datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert hours.working_minutes(start, end) == 0
    assert hours.next_open(start) == end


def test_a_promise_made_at_closing_time_begins_with_the_next_opening() -> None:
    hours = WorkingHours("UTC", OFFICE)
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert hours.add_working(friday, 60) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    assert hours.add_working(datetime(2026, 3, 6, 9, 0, tzinfo=UTC), 480) == friday
    assert hours.add_working(friday, 0) == friday


def test_seconds_are_kept() -> None:
    hours = WorkingHours("UTC", OFFICE)
    assert hours.add_working(datetime(2026, 3, 6, 16, 59, 30, 250, tzinfo=UTC), 1) == datetime(2026, 3, 9, 9, 0, 30, 250, tzinfo=UTC)


def test_a_day_that_the_zone_skipped_has_no_minutes() -> None:
    apia = WorkingHours("Pacific/Apia", [[(0, 1440)]] * 7, holidays=[date(2011, 12, 29), date(2011, 12, 31)])
    assert apia.working_minutes(datetime(2011, 12, 29, 10, tzinfo=UTC), datetime(2011, 12, 31, 10, tzinfo=UTC)) == 0


def test_overlapping_hours_count_once() -> None:
    hours = WorkingHours("UTC", [[(540, 720), (600, 1020), (1020, 1080)]] * 7)
    assert hours.working_minutes(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)) == 540


@pytest.mark.parametrize(
    "interval", [("9", "17:00"), ("24:00", "06:00"), ("09:60", "17:00"), ("09:00", "25:00"), ("", ""), ("-1:00", "2:00")]
)
def test_what_is_no_time_of_day_is_refused_in_words(interval: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"time of day|begins at"):
        read_interval(*interval)


def test_an_unknown_zone_is_refused_in_words() -> None:
    for name in ("Europe/Atlantis", "../etc/passwd", "", "Europe"):
        with pytest.raises(ValueError, match="no time zone"):
            WorkingHours(name, OFFICE)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        WorkingHours("UTC", OFFICE).is_open(datetime(2026, 3, 2))


def test_a_deadline_takes_at_most_81_microseconds() -> None:
    hours = WorkingHours("Europe/Berlin", OFFICE, holidays=[date(2026, 1, day) for day in range(1, 4)])
    starts = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(500)]
    for start in starts:
        hours.add_working(start, 480)
    best = min(_seconds(lambda: [hours.add_working(start, 480) for start in starts]) for _ in range(5))
    assert best / len(starts) < 81e-6


def _seconds(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mainstay.ui import words

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)  # a Thursday, 10:00 in Lisbon


@pytest.mark.parametrize(
    ("left", "read"),
    [
        (timedelta(seconds=-1), "late 1 min"),
        (timedelta(minutes=-9, seconds=-30), "late 9 min"),
        (timedelta(minutes=-60), "late 1 h"),
        (timedelta(hours=-23, minutes=-59), "late 23 h"),
        (timedelta(days=-1), "late 1 day"),
        (timedelta(days=-3), "late 3 days"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=38, seconds=59), "38 m"),
        (timedelta(minutes=60), "1 h 00"),
        (timedelta(minutes=70), "1 h 10"),
        (timedelta(hours=2, minutes=59), "2 h 59"),
        (timedelta(hours=3, minutes=59), "3 h"),
        (timedelta(hours=13), "13 h"),
        (timedelta(hours=14), "Fri 0:00"),
        (timedelta(days=3, hours=23), "Mon 9:00"),
        (timedelta(days=6, hours=13), "Wed 23:00"),
        (timedelta(days=7), "23 Apr"),
        (timedelta(days=300), "10 Feb 2027"),
    ],
)
def test_an_agent_reads_what_is_left_of_a_promise(left: timedelta, read: str) -> None:
    assert words.due_words(NOW + left, NOW, LISBON) == read


def test_a_promise_just_after_midnight_counts_minutes_and_not_days() -> None:
    night = datetime(2026, 4, 16, 22, 50, tzinfo=UTC)  # 23:50 in Lisbon
    assert words.due_words(night + timedelta(minutes=40), night, LISBON) == "40 m"


def test_a_weekday_is_the_readers_own_weekday() -> None:
    due = datetime(2026, 4, 20, 23, 30, tzinfo=UTC)
    assert words.due_words(due, NOW, ZoneInfo("UTC")) == "Mon 23:30"
    assert words.due_words(due, NOW, LISBON) == "Tue 0:30"


@pytest.mark.parametrize(("minutes", "state"), [(-1, "late"), (0, "soon"), (119, "soon"), (120, "calm")])
def test_a_promise_has_a_light(minutes: int, state: str) -> None:
    assert words.due_state(NOW + timedelta(minutes=minutes), NOW) == state


@pytest.mark.parametrize(
    ("ago", "read"),
    [
        (timedelta(minutes=20), "9:40"),
        (timedelta(hours=11), "Yesterday 23:00"),
        (timedelta(days=-1), "Tomorrow 10:00"),
        (timedelta(days=3), "Mon 10:00"),
        (timedelta(days=13), "3 Apr 10:00"),
        (timedelta(days=400), "12 Mar 2025"),
    ],
)
def test_a_past_moment_is_as_short_as_it_can_be(ago: timedelta, read: str) -> None:
    assert words.moment_words(NOW - ago, NOW, LISBON) == read


def test_the_tooltip_says_all_of_it() -> None:
    assert words.full_words(NOW, LISBON) == "Thursday 16 April 2026, 10:00 (Europe/Lisbon)"


@pytest.mark.parametrize(("size", "read"), [(0, "0 bytes"), (999, "999 bytes"), (42_000, "42 kB"), (7_340_000, "7.3 MB")])
def test_a_file_has_a_size_that_people_read(size: int, read: str) -> None:
    assert words.size_words(size) == read


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Luis Almeida", "LA"),
        ("Maya", "MA"),
        ("ana maria de souza", "AS"),
        ("luis@harbor.example", "LE"),
        ("ليلى حداد", "لح"),
        ("🦊", "?"),
        ("", "?"),
    ],
)
def test_a_name_has_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters

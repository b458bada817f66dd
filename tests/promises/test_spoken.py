"""Hours and deadlines as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mainstay.promises.spoken import by_words, hours_words
from mainstay.promises.worktime import WorkingHours

DAY = [("09:00", "17:00")]
BERLIN = WorkingHours.read("Europe/Berlin", [DAY] * 5 + [[], []])


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ([DAY] * 5 + [[], []], "Monday to Friday 9:00–17:00 (Europe/Berlin)"),
        ([DAY] * 4 + [[("09:00", "15:30")], [], []], "Monday to Thursday 9:00–17:00, Friday 9:00–15:30 (Europe/Berlin)"),
        ([[("08:00", "12:00"), ("13:00", "17:00")]] * 7, "every day 8:00–12:00 and 13:00–17:00 (Europe/Berlin)"),
        ([[], [], DAY, DAY, [], [], DAY], "Wednesday and Thursday 9:00–17:00, Sunday 9:00–17:00 (Europe/Berlin)"),
        ([[("22:00", "06:00")]] * 7, "every day 22:00–6:00 (Europe/Berlin)"),
        ([[("18:00", "24:00")]] + [[]] * 6, "Monday 18:00–24:00 (Europe/Berlin)"),
        ([[("00:00", "24:00")]] * 7, "around the clock, every day"),
        ([[]] * 7, "by arrangement"),
    ],
)
def test_hours_are_said_as_a_person_would(week, words: str) -> None:
    assert hours_words(WorkingHours.read("Europe/Berlin", week)) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1, "today by 10:40"),
        (24, "tomorrow by 9:40"),
        (72, "on Thursday by 9:40"),
        (24 * 8, "on Tuesday 10 March by 9:40"),
    ],
)
def test_a_deadline_is_said_as_a_person_would(hours: int, words: str) -> None:
    now = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
    assert by_words(now + timedelta(hours=hours), now, BERLIN) == words


def test_tomorrow_is_tomorrow_where_the_team_is() -> None:
    now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert by_words(now + timedelta(hours=9), now, BERLIN) == "today by 9:30"


def test_the_zone_is_named_for_whoever_lives_by_another_clock() -> None:
    now = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
    assert by_words(now, now, BERLIN, ZoneInfo("Europe/Lisbon")) == "today by 9:40 (Europe/Berlin)"
    assert by_words(now, now, BERLIN, ZoneInfo("Europe/Paris")) == "today by 9:40"

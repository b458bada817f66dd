"""The one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mainstay.kernel import clock
from tests.cast import MONDAY


def test_it_tells_the_time_in_utc():
    assert clock.now().tzinfo is UTC


def test_inside_the_block_it_stands_still_and_goes_on_afterwards():
    with clock.standing_at(MONDAY):
        assert clock.now() == clock.now() == MONDAY
    assert clock.now() > MONDAY


def test_a_moment_of_another_zone_is_the_same_moment():
    with clock.standing_at(datetime(2026, 3, 2, 10, 42, tzinfo=timezone(timedelta(hours=1)))):
        assert clock.now() == MONDAY
        assert clock.now().tzinfo is UTC


def test_only_a_standing_clock_is_moved():
    with clock.standing_at(MONDAY):
        clock.advance(timedelta(hours=2))
        assert clock.now() == MONDAY + timedelta(hours=2)
    with pytest.raises(RuntimeError):
        clock.advance(timedelta(hours=2))

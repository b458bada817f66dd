"""How often something may happen."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from mainstay.kernel import clock, limits
from mainstay.kernel.models import Tally
from tests.cast import MONDAY

MINUTE = timedelta(minutes=1)


def test_the_sixth_try_in_a_minute_is_refused(db):
    with clock.standing_at(MONDAY):
        assert [limits.allow("zoe", 5, MINUTE) for _ in range(6)] == [True] * 5 + [False]


def test_the_next_minute_is_a_new_one(db):
    with clock.standing_at(MONDAY):
        assert limits.allow("zoe", 1, MINUTE)
        assert not limits.allow("zoe", 1, MINUTE)
        clock.advance(MINUTE)
        assert limits.allow("zoe", 1, MINUTE)


def test_one_persons_tries_are_not_anothers(db):
    assert limits.allow("zoe", 1, MINUTE)
    assert limits.allow("luis", 1, MINUTE)


def test_a_try_that_is_given_back_frees_one_place(db):
    with clock.standing_at(MONDAY):
        assert limits.allow("office", 2, MINUTE)
        assert limits.allow("office", 2, MINUTE)
        limits.give_back(clock.now(), "office", MINUTE)
        assert limits.allow("office", 2, MINUTE)
        assert not limits.allow("office", 2, MINUTE)


def test_a_try_is_given_back_in_its_own_window_only(db):
    with clock.standing_at(MONDAY):
        before = clock.now()
        limits.count_at(before, "office", MINUTE)
        clock.advance(MINUTE)
        assert limits.count("office", MINUTE) == 1
        limits.give_back(before, "office", MINUTE)
        assert limits.count("office", MINUTE) == 2


def test_nothing_is_given_back_below_none(db):
    with clock.standing_at(MONDAY):
        limits.count("office", MINUTE)
        for _ in range(3):
            limits.give_back(clock.now(), "office", MINUTE)
        limits.give_back(clock.now(), "never tried", MINUTE)
        assert limits.count("office", MINUTE) == 1


@pytest.mark.security("S-096")
def test_tries_given_back_at_the_same_moment_are_each_given_back_once(committed):
    moment, hours = clock.now(), timedelta(hours=5)

    def come_and_go() -> None:
        for _ in range(10):
            limits.count_at(moment, "office", hours)
            limits.give_back(moment, "office", hours)
        limits.count_at(moment, "office", hours)
        connection.close()

    threads = [threading.Thread(target=come_and_go) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tally.objects.get().count == 6


@pytest.mark.security("S-096")
def test_of_many_at_the_same_moment_exactly_the_limit_gets_through(committed):
    allowed = []

    def attempt() -> None:
        for _ in range(5):
            allowed.append(limits.allow("everybody", 7, timedelta(hours=5)))
        connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 7


def test_what_was_typed_is_not_kept(db):
    limits.allow("zoe@elsewhere.example", 1, MINUTE)
    assert "zoe" not in Tally.objects.get().key


def test_old_windows_are_forgotten(db):
    with clock.standing_at(MONDAY):
        limits.allow("zoe", 1, MINUTE)
        assert limits.forget_old() == 0
        clock.advance(2 * MINUTE)
        assert limits.forget_old() == 1


def test_two_limits_are_counted_at_once_and_each_holds(db, django_assert_num_queries):
    with clock.standing_at(MONDAY):
        with django_assert_num_queries(1):
            assert limits.allow_all({"zoe": 2, "zoe's words": 1}, MINUTE)
        assert not limits.allow_all({"zoe": 2, "zoe's words": 1}, MINUTE)
        assert limits.count("zoe", MINUTE) == 3

"""Numbers and tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.ids import HIGHEST, LOWEST, case_number, digest, token

KEY = bytes(range(32))


@given(st.integers(0, HIGHEST - LOWEST))
def test_every_number_has_nine_digits_and_no_leading_nought(counter):
    assert LOWEST <= case_number(counter, KEY) <= HIGHEST


def test_a_hundred_thousand_numbers_are_all_different():
    assert len({case_number(counter, KEY) for counter in range(100_000)}) == 100_000


def test_neighbours_in_the_counter_are_far_apart():
    steps = [abs(case_number(n, KEY) - case_number(n + 1, KEY)) for n in range(2_000)]
    assert min(steps) > 1_000


def test_another_installation_counts_differently():
    assert case_number(1, KEY) != case_number(1, bytes(32))


def test_the_counter_refuses_to_leave_the_nine_digits():
    with pytest.raises(ValueError):
        case_number(HIGHEST - LOWEST + 1, KEY)


@pytest.mark.security("S-065")
def test_tokens_are_long_and_never_the_same():
    made = {token() for _ in range(100_000)}
    assert len(made) == 100_000
    assert {len(value) for value in made} == {32}


def test_what_is_stored_of_a_token_does_not_give_it_away():
    value = token()
    assert value not in digest(value)
    assert digest(value) == digest(value)

"""How text becomes words, and words become questions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.search.words import Wanted, number_in, shown, wanted, words_of


@pytest.mark.parametrize("typed", ["204118337", "204 118 337", " 204\u00a0118\u00a0337 ", "#204118337", "204.118.337", "204-118-337"])
def test_a_case_number_is_known_however_it_is_written(typed: str) -> None:
    assert number_in(typed) == 204_118_337


@pytest.mark.parametrize("typed", ["", "20411833", "2041183370", "004118337", "204118337 printer", "٢٠٤١١٨٣٣٧", "204 1183 37"])
def test_what_is_no_case_number_is_looked_for(typed: str) -> None:
    assert number_in(typed) is None


def test_a_question_is_its_words_from_their_beginnings() -> None:
    assert wanted('Overtime "holiday pay" x lena@nordwind.example') == [
        Wanted(("overtime",), True),
        Wanted(("holiday", "pay"), False),
        Wanted(("x",), False),
        Wanted(("lena", "nordwind", "example"), True),
    ]


def test_a_question_is_bounded() -> None:
    assert len(wanted("ab " * 1000)) == 8
    assert len(wanted("a" * 5000)[0].words[0]) == 64


def test_half_a_quotation_is_a_word() -> None:
    assert wanted('"holiday') == [Wanted(("holiday",), True)]


@given(st.text(max_size=300))
def test_words_are_letters_and_digits_and_folding_them_again_changes_nothing(text: str) -> None:
    words = words_of(text)
    assert all(word.isalnum() for word in words)
    assert words_of(" ".join(words)) == words


@given(st.text(max_size=400), st.text(max_size=30))
def test_what_is_shown_is_a_piece_of_the_text(text: str, query: str) -> None:
    pieces = shown(text, wanted(query))
    assert sum(len(piece.text) for piece in pieces) <= 400


def test_a_long_text_is_shown_at_once() -> None:
    text = "nothing of the kind " * 2_400 + "needle " + "more hay " * 400
    begun = time.perf_counter()
    pieces = shown(text, wanted("needle in a haystack with many words"))
    assert time.perf_counter() - begun < 0.5
    assert any(piece.is_match for piece in pieces)

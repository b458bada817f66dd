"""Placeholders are names, and nothing else is anything but text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.letters.text import PLACEHOLDERS, check, fill, house_text

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


@pytest.mark.security("S-076")
@pytest.mark.parametrize(
    "words",
    [
        "{{7*7}}",
        "{% now %}",
        "${7*7}",
        "<%= 7*7 %>",
        "{number.__class__}",
        "{0}",
        "{}",
        "{ number }",
        "{number!r}",
        "{NUMBER}",
        "{team:>999999999}",
    ],
)
def test_what_looks_like_code_is_refused_in_settings_and_stays_text_if_it_got_in(words: str) -> None:
    if "{" in words and "%" not in words[:3]:
        with pytest.raises(ValueError, match=r"We don't know what to put for"):
            check(words)
    assert fill(words, VALUES) == words


@pytest.mark.security("S-076")
def test_a_value_is_never_gone_through_again() -> None:
    values = {**VALUES, "subject": "{number} {{7*7}} %(team)s \\g<0>", "team": "{subject}"}
    assert fill("{subject} / {team}", values) == "{number} {{7*7}} %(team)s \\g<0> / {subject}"


@pytest.mark.security("S-077")
@given(st.text(max_size=200))
def test_any_text_is_filled_without_an_error_and_what_passes_the_check_has_only_known_names(words: str) -> None:
    fill(words, VALUES)
    try:
        check(words)
    except ValueError as refusal:
        assert str(refusal).endswith(".")


@pytest.mark.security("S-077")
def test_percent_signs_and_widths_are_text() -> None:
    assert fill("%(x)s %s %999999999d {number}", VALUES) == "%(x)s %s %999999999d <number>"


def test_the_sentence_names_what_is_wrong_and_what_would_be_right() -> None:
    with pytest.raises(ValueError, match=r"\{nmuber\}.*\{number\}"):
        check("Your case is {nmuber}.")
    with pytest.raises(ValueError, match="longer"):
        check("x" * 4_001)


def test_a_line_with_nothing_to_say_is_left_out_and_leaves_no_hole() -> None:
    assert fill("Hello\n\ncall {phones}\n\nbye {team}", {**VALUES, "phones": ""}) == "Hello\n\nbye <team>"
    assert fill("{read_by}\n{hours}", {**VALUES, "hours": ""}) == "<read_by>"


def test_the_words_of_the_house_pass_their_own_check_and_never_shout() -> None:
    check(house_text())
    assert "!" not in house_text()
    assert set(PLACEHOLDERS) == {name for name in PLACEHOLDERS if f"{{{name}}}" in house_text()}

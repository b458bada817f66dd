"""What the settings page shows."""

from __future__ import annotations

import pytest

from mainstay.letters.actions import change_acknowledgement, turn_off
from mainstay.letters.queries import acknowledgement_of, body_of, preview
from mainstay.letters.text import house_text
from tests.cast import MONDAY


def test_the_preview_is_what_a_known_customer_would_read_now(desk) -> None:
    shown = preview(desk.support, MONDAY)
    assert shown.startswith("Hello Luis,\n\nwe have your message “Printer on fire”. Its number is 204 118 337.")
    assert "today by 12:42" in shown


def test_words_can_be_tried_before_they_are_kept(desk) -> None:
    assert preview(desk.support, MONDAY, "{team}: {read_by}") == "Journeyware Support: today by 12:42"
    assert body_of(desk.support) == house_text()


def test_a_team_without_words_of_its_own_has_those_of_the_house_switched_on(desk) -> None:
    assert acknowledgement_of(desk.support).is_on
    change_acknowledgement(desk.support, "  Thanks.\r\n{team} ", by=desk.aiko)
    assert body_of(desk.support) == "Thanks.\n{team}"
    change_acknowledgement(desk.support, "", by=desk.aiko)
    assert body_of(desk.support) == house_text()
    turn_off(desk.billing, by=desk.aiko)
    assert not acknowledgement_of(desk.billing).is_on
    assert acknowledgement_of(desk.support).is_on


def test_words_with_an_unknown_placeholder_are_not_kept(desk) -> None:
    with pytest.raises(ValueError, match="We don't know"):
        change_acknowledgement(desk.support, "{name}", by=desk.aiko)
    assert body_of(desk.support) == house_text()

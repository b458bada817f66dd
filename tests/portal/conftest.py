"""What the tests of the help pages share: an installation that is open, and forms as a patient person fills them in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mainstay.kernel import clock
from mainstay.portal import forms
from tests.cast import MONDAY


@pytest.fixture
def house(cast):
    """The cast, with hours, targets and a mailbox."""
    from mainstay.mail.actions import make_mailbox
    from mainstay.promises.actions import make_calendar, set_targets
    from mainstay.promises.queries import suggested_targets

    make_calendar("Office", zone="Europe/Lisbon", hours=[[("09:00", "17:00")]] * 5 + [[], []], is_default=True, by=None)
    set_targets(suggested_targets(), by=None)
    cast.mailbox = make_mailbox("support@journeyware.example", team=cast.support, by=None)
    return cast


@pytest.fixture
def monday():
    """It is Monday morning, and we are here."""
    with clock.standing_at(MONDAY):
        yield MONDAY


@pytest.fixture
def filled_in() -> Callable[..., dict[str, object]]:
    """The ask form, filled in a minute after it was shown."""

    def values(**more: object) -> dict[str, object]:
        with clock.standing_at(clock.now() - timedelta(minutes=1)):
            shown = forms.stamp()
        typed = {
            "goal": "Close April's payroll",
            "words": "The export stays empty.",
            "name": "Luis Almeida",
            "email": "luis@harbor.example",
        }
        return {**typed, "shown": shown, "website": "", **more}

    return values

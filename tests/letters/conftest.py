"""Support is in Berlin, Monday to Friday from nine to five, and it is Monday morning there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mainstay.cases.models import Severity
from mainstay.kernel import clock
from mainstay.mail.actions import make_mailbox
from mainstay.promises.actions import make_calendar, set_targets
from tests.cast import MONDAY, Cast

OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]


@pytest.fixture
def desk(cast: Cast) -> Iterator[Cast]:
    with clock.standing_at(MONDAY):
        make_mailbox("support@journeyware.example", team=cast.support)
        make_calendar("Office", zone="Europe/Berlin", hours=OFFICE, by=None)
        set_targets(dict.fromkeys(Severity.objects.all(), (120, 480)), by=None)
        yield cast

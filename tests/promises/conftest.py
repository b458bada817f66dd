"""Support is in Berlin, Monday to Friday from nine to five, and it is Monday morning there."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from mainstay.cases.models import Severity
from mainstay.kernel import clock
from mainstay.promises.actions import make_calendar, set_targets
from tests.cast import MONDAY, Cast

OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.standing_at(MONDAY):
        yield


@pytest.fixture
def office(cast: Cast, monday: None) -> SimpleNamespace:
    """Read within 1, 2, 3, 4 hours and answered within twice that, by severity."""
    calendar = make_calendar("Office", zone="Europe/Berlin", hours=OFFICE, by=cast.ingrid)
    set_targets({severity: (60 * severity.level, 120 * severity.level) for severity in Severity.objects.all()}, by=cast.ingrid)
    return SimpleNamespace(cast=cast, calendar=calendar)

"""What the tests of setting up share: an installation as the first run leaves it, and somebody who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from mainstay.kernel import health
from mainstay.setup import middleware


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    """Processes keep what they know for a while; each test begins without."""
    middleware.forget()
    health.forget()
    yield
    middleware.forget()
    health.forget()


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
def as_() -> Callable[[object], Client]:
    """A browser in which this person is signed in; nobody, for None."""

    def browser(person: object) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="mainstay.ui.accounts.Backend")
        return client

    return browser

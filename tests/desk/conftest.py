"""A desk to sit at."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.desk.sitting import client_of, composer_of


@pytest.fixture
def maya(cast) -> Client:
    return client_of(cast.maya)


@pytest.fixture
def write(maya):
    """Maya opens the case, writes, and presses the button of that name."""

    def written(case, text, *, do="send", client=None, fields=None, **more):
        values = {**(fields or composer_of(client or maya, case)), "text": text, "do": do, **more}
        return (client or maya).post(f"/desk/cases/{case.number}/reply", values)

    return written


@pytest.fixture
def sending(monkeypatch) -> list[int]:
    """A channel that only writes down what it was asked to carry."""
    from mainstay.channels.kind import KINDS

    carried: list[int] = []

    class Trial:
        label = "trial"

        def send(self, delivery) -> None:
            carried.append(delivery.pk)

    monkeypatch.setitem(KINDS._entries, "trial", Trial())
    return carried

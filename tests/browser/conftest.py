"""The products before which every page is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browsing import browser_type_launch_args
from tests.journeys.letters import hand_in, mail
from tests.product import Product, running

__all__ = ["browser_type_launch_args"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo desk with sixty cases, and a mail in quarantine."""
    with running(tmp_path_factory.mktemp("demo"), "demo", "--cases", "60") as demo:
        hand_in(demo, mail("Ann Berg <ann@berg.example>", "Away until Monday", "I am away.", Auto_Submitted="auto-replied"))
        yield demo


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An installation that nobody has set up yet."""
    with running(tmp_path_factory.mktemp("fresh"), "start") as new:
        yield new

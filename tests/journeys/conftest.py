"""A new user's first days: the real product, the real mail listener, Debian's chromium. Each test is a story told to its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Watch, browser_type_launch_args, sign_in
from tests.product import Product, running

__all__ = ["browser_type_launch_args"]

PATIENCE = 15_000
"""Milliseconds that a story waits for what has to happen by itself. A ceiling; how fast it is stands in the benchmarks."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo desk with twenty cases."""
    with running(tmp_path_factory.mktemp("journeys"), "demo", "--cases", "20") as demo:
        yield demo


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    """An installation that nobody has set up yet; its operator lets it send by a server on this machine."""
    monkeypatch.setenv("ALLOWED_NETWORKS", "127.0.0.0/8")
    with running(tmp_path_factory.mktemp("fresh"), "start") as new:
        yield new


@pytest.fixture
def maya(browser: Browser, product: Product) -> Iterator[Page]:
    """Maya sits at the desk. Her browser complains about nothing."""
    expect.set_options(timeout=PATIENCE)
    context = browser.new_context(base_url=product.address, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    watch = Watch(context)
    sign_in(context, product, "Maya Ortiz")
    page = context.new_page()
    yield page
    context.close()
    watch.over()

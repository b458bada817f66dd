"""The stream of hints, in the real browser."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.browsing import Watched, sign_in
from tests.product import Product

STATE = "document.querySelector('live-hints').source.readyState"
OPEN, CLOSED = 1, 2


def look_away(page: Page, *, is_hidden: bool) -> None:
    """As when Maya changes to another tab: headless pages are always in front."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        is_hidden,
    )


def until(page: Page, state: int) -> None:
    """Asked from here, since a strict CSP lets no text become a function in the page."""
    for _ in range(100):
        if page.evaluate(STATE) == state:
            return
        page.wait_for_timeout(50)
    assert page.evaluate(STATE) == state


def test_a_tab_that_nobody_looks_at_gives_its_connection_back_and_catches_up_later(browser: Browser, full: Product) -> None:
    with Watched(browser, full) as maya:
        sign_in(maya.context, full, "Maya Ortiz")
        with maya.page() as page:
            look_away_and_back(page)


def look_away_and_back(page: Page) -> None:
    page.clock.install()
    page.goto("/desk/open/")
    until(page, OPEN)
    look_away(page, is_hidden=True)
    page.clock.run_for(5_000)
    assert page.evaluate(STATE) == OPEN
    page.clock.run_for(20_000)
    assert page.evaluate(STATE) == CLOSED
    with page.expect_response(lambda answer: "/desk/open/" in answer.url):
        look_away(page, is_hidden=False)
        page.clock.run_for(500)
    until(page, OPEN)

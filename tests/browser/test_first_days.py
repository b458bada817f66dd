"""A new installation: its first page, an invitation, and every page while there is nothing on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.addresses import LEADS_TO, LINKED, ONLY_IN_THE_DEMO, PLAIN
from tests.browser.looking import find, good, post_wrong, troubles, visit
from tests.browsing import Watched
from tests.product import Product

PASSWORD = "a mast held by two stays"
ABOUT_CASES = {"desk:case", "desk:person", "desk:raw", "desk:sent_source"}
# Where there is one team only, its letter is shown at once.
OF_ONE_TEAM = {"setup:letters", "setup:acknowledgement"}
TYPED = {"Your company, as customers know it": "Northwind Help", "The address you answer": "help at northwind"}


@pytest.fixture(scope="module")
def founded(browser: Browser, fresh: Product) -> Iterator[tuple[Watched, list[str]]]:
    """Ingrid, who has just set it up; and what was wrong with the pages on the way, since that way is open only once."""
    with Watched(browser, fresh) as ingrid:
        with ingrid.page(422) as page:
            visit(page, "/", leads_to="/setup/")
            found = troubles(page)
            post_wrong(page, TYPED)
            found += troubles(page)
            page.get_by_label("The address you answer").fill("help@northwind.example")
            page.get_by_label("Your name").fill("Ingrid Solberg")
            page.get_by_label("Your own e-mail address").fill("ingrid@northwind.example")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Set up Mainstay").click()
            expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        yield ingrid, found


def test_the_first_run_is_good_and_a_wrong_one_comes_back(founded: tuple[Watched, list[str]]) -> None:
    assert founded[1] == []


@pytest.mark.parametrize("name", sorted({**PLAIN, **LINKED}.keys() - ONLY_IN_THE_DEMO - ABOUT_CASES - OF_ONE_TEAM))
def test_a_page_with_nothing_on_it_is_good(founded: tuple[Watched, list[str]], name: str) -> None:
    with founded[0].page() as page:
        address = find(page, name).partition("?")[0]
        visit(page, address, leads_to=LEADS_TO.get(name, ""))
        good(page)


def test_the_letter_of_the_only_team_is_good(founded: tuple[Watched, list[str]]) -> None:
    with founded[0].page() as page:
        visit(page, "/settings/acknowledgement/", leads_to="/settings/acknowledgement/1")
        good(page)


def test_an_invitation_is_good_and_a_poor_password_is_refused_with_the_reason(browser: Browser, fresh: Product, founded) -> None:
    with founded[0].page() as page:
        visit(page, "/settings/agents/invite")
        page.get_by_label("Name").fill("Maya Ortiz")
        page.get_by_label("E-mail address").fill("maya@northwind.example")
        page.get_by_role("button", name="Invite").click()
        good(page)
        link = page.locator(".one-link code").inner_text()
    with Watched(browser, fresh) as maya, maya.page(422) as page:
        visit(page, link)
        good(page)
        post_wrong(page, {})
        good(page)

"""Every page, in the real browser, with things on it: axe finds nothing, the console says nothing, nothing sticks out; at each look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.addresses import IN_A_STORY, LEADS_A_STRANGER_TO, LEADS_TO, LINKED, NO_PAGES, NOWHERE, PLAIN, WRONG
from tests.browser.looking import find, good, post_wrong, visit
from tests.browsing import Watched, sign_in
from tests.product import Product
from tests.security.matrix import TABLE


def test_every_page_is_visited() -> None:
    pages = {name for name, (_, method) in TABLE.items() if method == "GET"}
    told = set().union(*IN_A_STORY.values())
    assert sorted(pages - set(PLAIN) - set(LINKED) - told - NO_PAGES) == []


@pytest.fixture(scope="module")
def ingrid(browser: Browser, full: Product) -> Iterator[Watched]:
    """Ingrid, who may see everything."""
    with Watched(browser, full) as watched:
        sign_in(watched.context, full, "Ingrid Solberg")
        yield watched


@pytest.fixture(scope="module")
def stranger(browser: Browser, full: Product) -> Iterator[Watched]:
    with Watched(browser, full) as watched:
        yield watched


@pytest.mark.parametrize("name", sorted({**PLAIN, **LINKED}))
def test_a_page_is_good(ingrid: Watched, name: str) -> None:
    with ingrid.page() as page:
        visit(page, find(page, name), leads_to=LEADS_TO.get(name, ""))
        good(page)
        has_form = page.locator("main form.form").count() > 0
        assert has_form == (name in WRONG or name == "gallery"), "a form that nobody fills in wrong"


@pytest.mark.parametrize("name", sorted(name for name in PLAIN if TABLE[name][0] in {"everybody", "demo"} and not name.startswith("desk:")))
def test_a_page_is_good_for_a_stranger(stranger: Watched, name: str) -> None:
    with stranger.page() as page:
        visit(page, PLAIN[name], leads_to=LEADS_A_STRANGER_TO.get(name, ""))
        good(page)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_form_comes_back_filled_in_with_the_reason_beside_the_field(ingrid: Watched, name: str) -> None:
    with ingrid.page(422) as page:
        visit(page, find(page, name))
        post_wrong(page, WRONG[name])
        good(page)


def test_a_wrong_password_says_so(stranger: Watched) -> None:
    with stranger.page() as page:
        visit(page, "/account/sign-in")
        page.get_by_label("E-mail address").fill("ingrid.solberg@demo.example")
        page.get_by_label("Password").fill("not this one at all")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        expect(page.get_by_label("E-mail address")).to_have_value("ingrid.solberg@demo.example")
        good(page)


@pytest.mark.parametrize("what", sorted(NOWHERE))
def test_an_address_that_leads_nowhere_says_what_to_do(ingrid: Watched, what: str) -> None:
    with ingrid.page(404) as page:
        visit(page, NOWHERE[what], expected=404)
        assert page.locator("main").get_by_role("link").count() >= 1
        good(page)

"""What goes wrong while a case is worked: the page says so where one looks, nothing typed is lost, and it is as good as any other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import find, good, visit
from tests.browsing import Watched, sign_in
from tests.product import Product


@pytest.fixture(scope="module")
def maya(browser: Browser, full: Product) -> Iterator[Watched]:
    with Watched(browser, full) as watched:
        sign_in(watched.context, full, "Maya Ortiz")
        yield watched


@pytest.fixture(scope="module")
def address(maya: Watched) -> str:
    with maya.page() as page:
        return find(page, "desk:case").partition("?")[0]


def test_a_reply_without_words_or_without_readers_is_stopped(maya: Watched, address: str) -> None:
    with maya.page(422) as page:
        visit(page, address)
        page.locator("button[data-send][value=send]").click()
        expect(page.get_by_role("alert")).to_contain_text("There are no words in it yet.")
        good(page)
        visit(page, address)
        page.get_by_label("Your words").fill("Who reads this?")
        for reader in page.locator(".composer input[name=to]").all():
            reader.uncheck()
        page.locator("button[data-send][value=send]").click()
        expect(page.get_by_role("alert")).to_contain_text("Tick at least one person")
        expect(page.get_by_label("Your words")).to_have_value("Who reads this?")
        good(page)


def test_a_reply_that_a_colleagues_note_overtook_is_stopped_and_marked(
    maya: Watched, address: str, browser: Browser, full: Product
) -> None:
    with Watched(browser, full) as tom, maya.page(409) as page:
        sign_in(tom.context, full, "Tom Becker")
        visit(page, address)
        page.evaluate("document.querySelector('live-hints').remove()")
        with tom.page() as other:
            visit(other, address)
            other.get_by_role("radio", name="Note").check()
            other.get_by_label("Your words").fill("Wait, I have talked to them.")
            other.get_by_role("button", name="Add note").click()
            expect(other.locator(".team-note", has_text="I have talked to them")).to_be_visible()
        page.get_by_label("Your words").fill("Hi, this is how.")
        page.locator(".composer input[name=to]").first.check()
        page.locator("button[data-send][value=send]").click()
        expect(page.get_by_role("alert")).to_contain_text("Tom Becker wrote a note while you were writing.")
        expect(page.get_by_role("button", name="Send anyway")).to_be_visible()
        expect(page.get_by_label("Your words")).to_have_value("Hi, this is how.")
        good(page)


def test_somebody_without_an_address_is_not_added(maya: Watched, address: str) -> None:
    with maya.page(422) as page:
        visit(page, address)
        page.get_by_text("Add somebody").click()
        page.get_by_label("E-mail address").fill("nobody@all")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("“nobody@all” does not look like an e-mail address.")
        good(page)


def test_a_mail_is_put_to_no_case_that_is_not(maya: Watched) -> None:
    with maya.page(422) as page:
        visit(page, "/desk/quarantine/")
        page.get_by_label("Case number").first.fill("100 000 001")
        page.get_by_role("button", name="Put to it").first.click()
        expect(page.locator(".banner.bad")).to_contain_text("There is no case with that number that you work on.")
        good(page)


def test_a_wait_that_is_over_already_is_refused_and_its_toast_is_good(maya: Watched, address: str) -> None:
    with maya.page(422) as page:
        visit(page, address)
        page.get_by_role("button", name="Wait", exact=True).click()
        good(page)
        page.get_by_label("Until").fill("2020-01-01T09:00")
        page.get_by_role("button", name="Wait until then").click()
        expect(page.locator(".toast.bad")).to_be_visible()
        good(page)


def test_nothing_found_is_said_so(maya: Watched) -> None:
    with maya.page() as page:
        visit(page, "/desk/search/?q=xylophone")
        expect(page.get_by_text("Nothing found for “xylophone”.")).to_be_visible()
        good(page)
        visit(page, "/desk/people/?q=xylophone")
        good(page)


@pytest.mark.parametrize("menu", ["Resolve…", "More", "Send, and then"])
def test_an_open_menu_is_good(maya: Watched, address: str, menu: str) -> None:
    with maya.page() as page:
        visit(page, address)
        page.get_by_role("button", name=menu).click()
        assert page.locator(":popover-open").count() == 1
        good(page)

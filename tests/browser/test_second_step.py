"""The second step at sign-in, from turning it on to turning it off: each of its pages, right and wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

from playwright.sync_api import Browser, Page, expect

from mainstay.cli.demo.company import PASSWORD
from tests.browser.looking import good, visit
from tests.browsing import Watched
from tests.product import Product

EMAIL = "samira.haddad@demo.example"


def test_a_second_step_is_turned_on_used_and_turned_off(browser: Browser, full: Product) -> None:
    with Watched(browser, full) as samira:
        with samira.page() as page:
            _signs_in(page)
            expect(page.get_by_role("heading", name="My next")).to_be_visible()
            codes = _turns_it_on(page)
        with samira.page() as page:
            visit(page, "/account/sign-out")
            page.get_by_role("button", name="Sign out").click()
            _signs_in(page)
            _shows_a_code(page, codes)
        with samira.page() as page:
            _turns_it_off(page, codes)


def _signs_in(page: Page) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _turns_it_on(page: Page) -> list[str]:
    """Returns the recovery codes."""
    visit(page, "/account/two-factor/")
    page.get_by_role("link", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Turn on the second step")).to_be_visible()
    good(page)
    secret = page.locator("button.copy").get_attribute("data-copy")
    wrong = f"{(int(_code(secret)) + 1) % 1_000_000:06}"
    page.get_by_role("textbox").fill(wrong)
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".field-error")).to_contain_text("That code does not fit.")
    good(page)
    assert page.locator("button.copy").get_attribute("data-copy") == secret
    page.get_by_role("textbox").fill(_code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".codes code").first).to_be_visible()
    visit(page, "/account/two-factor/")
    good(page)
    visit(page, "/account/two-factor/recovery-codes/generate/")
    good(page)
    page.get_by_role("button", name="Make them").click()
    expect(page.locator(".codes code")).to_have_count(10)
    good(page)
    codes = page.locator(".codes code").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == codes
    return codes


def _shows_a_code(page: Page, codes: list[str]) -> None:
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    good(page)
    page.get_by_role("textbox").fill("no code of mine")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".field-error")).to_contain_text("That code does not fit.")
    good(page)
    page.get_by_role("textbox").fill(codes.pop())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My next")).to_be_visible()


def _turns_it_off(page: Page, codes: list[str]) -> None:
    visit(page, "/account/two-factor/reauthenticate/")
    good(page)
    page.get_by_role("textbox").fill("no code of mine")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".field-error")).to_contain_text("That code does not fit.")
    good(page)
    page.get_by_role("textbox").fill(codes.pop())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_hidden()
    visit(page, "/account/two-factor/totp/deactivate/")
    good(page)
    page.get_by_role("button", name="Turn it off").click()
    expect(page.get_by_role("link", name="Turn it on")).to_be_visible()


def _code(secret: str) -> str:
    """RFC 6238, as an authenticator app computes it; never one that is about to change."""
    if (left := 30 - time.time() % 30) < 3:
        time.sleep(left)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"

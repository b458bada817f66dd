"""Every page, in the real browser: full, empty or wrong, light and dark, narrow and wide. axe finds nothing, the console says nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watch, axe_finds, sign_in
from tests.product import Product
from tests.security.matrix import TABLE

# What a page's address needs besides its name is followed from a page that links to it.
PLAIN = {
    "front": "/",
    "gallery": "/gallery/",
    "account_login": "/account/sign-in",
    "account_logout": "/account/sign-out",
    "account_reset_password": "/account/password/forgotten",
    "account_signup": "/account/sign-up",
    "account_inactive": "/account/inactive",
    "account_change_password": "/account/password",
    "account_reauthenticate": "/account/again",
    "mfa_index": "/account/two-factor/",
    "desk:next": "/desk/",
    "desk:open": "/desk/open/",
    "desk:triage": "/desk/triage/",
    "desk:unowned": "/desk/unowned/",
    "desk:waiting": "/desk/waiting/",
    "desk:resolved": "/desk/resolved/",
    "desk:spam": "/desk/spam/",
    "desk:late": "/desk/late/",
    "desk:new": "/desk/cases/new/",
    "desk:search": "/desk/search/?q=overtime",
    "desk:people": "/desk/people/?q=a",
    "desk:quarantine": "/desk/quarantine/",
    "desk:sent": "/desk/sent/",
    "setup:demo": "/demo/",
    "setup:profile": "/profile/",
    "setup:password": "/profile/password",
    "setup:overview": "/settings/",
    "setup:mailboxes": "/settings/mailboxes/",
    "setup:mailbox_make": "/settings/mailboxes/new",
    "setup:hours": "/settings/hours/",
    "setup:calendar_make": "/settings/hours/new",
    "setup:severities": "/settings/severities/",
    "setup:teams": "/settings/teams/",
    "setup:team_make": "/settings/teams/new",
    "setup:agents": "/settings/agents/",
    "setup:agent_invite": "/settings/agents/invite",
    "setup:letters": "/settings/acknowledgement/",
    "portal:home": "/help/",
    "portal:ask": "/help/ask",
}
LINKED = {
    "desk:case": ("/desk/open/", r"/desk/cases/\d+/"),
    "desk:person": ("/desk/people/?q=a", r"/desk/people/\d+/"),
    "setup:mailbox": ("/settings/mailboxes/", r"/settings/mailboxes/\d+$"),
    "setup:calendar": ("/settings/hours/", r"/settings/hours/\d+$"),
    "setup:team": ("/settings/teams/", r"/settings/teams/\d+$"),
    "setup:agent": ("/settings/agents/", r"/settings/agents/\d+$"),
    "setup:acknowledgement": ("/settings/acknowledgement/", r"/settings/acknowledgement/\d+"),
}
WRONG = {
    "an address that leads nowhere": "/desk/nowhere",
    "a case that is not": "/desk/cases/100000001/",
    "an old link": "/help/case/nothing",
}
# No page of their own: fragments, files, redirects, and what a test beside this one visits.
ELSEWHERE = {
    "desk:thread", "desk:draft_file", "desk:file", "desk:original", "desk:go", "desk:raw", "setup:healthz", "setup:face", "setup:join",
    "setup:first_run", "portal:thanks", "portal:case", "portal:file", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_authenticate", "mfa_reauthenticate",
}  # fmt: skip
LOOKS = [("light", 1440), ("dark", 1440), ("light", 320), ("dark", 320)]


def test_every_page_is_visited():
    pages = {name for name, (_, method) in TABLE.items() if method == "GET"}
    assert sorted(pages - set(PLAIN) - set(LINKED) - ELSEWHERE) == []


@pytest.fixture(scope="module", params=LOOKS, ids=[f"{scheme}-{width}" for scheme, width in LOOKS])
def look(request: pytest.FixtureRequest, browser: Browser, product: Product):
    """Ingrid, who may see everything, at one of the four looks."""
    scheme, width = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(context, product, "Ingrid Solberg")
    yield context
    context.close()


def visit(page: Page, address: str, *, expected: int = 200) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == expected
    page.wait_for_load_state("load")


def good(page: Page) -> None:
    assert axe_finds(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, "sticks out sideways"


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_page_is_accessible_quiet_and_fits(look, product, name):
    page = look.new_page()
    watch = Watch(page)
    visit(page, product.address + PLAIN[name])
    good(page)
    page.close()
    assert watch.complaints == []


@pytest.mark.parametrize("name", sorted(LINKED))
def test_a_page_behind_a_link_is_accessible_quiet_and_fits(look, product, name):
    start, pattern = LINKED[name]
    page = look.new_page()
    watch = Watch(page)
    visit(page, product.address + start)
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    found = next(link for link in links if re.search(pattern, link))
    visit(page, found)
    good(page)
    page.close()
    assert watch.complaints == []


@pytest.mark.parametrize("what", sorted(WRONG))
def test_an_error_page_says_what_to_do(look, product, what):
    page = look.new_page()
    watch = Watch(page)
    # The browser itself notes the status of a page that is not there.
    watch.allowed.append("Failed to load resource")
    answer = page.goto(product.address + WRONG[what])
    assert answer.status in {404, 410}
    assert page.get_by_role("link").count() >= 1
    good(page)
    page.close()
    assert watch.complaints == []

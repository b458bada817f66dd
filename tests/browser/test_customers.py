"""What customers see: the page that says thank you, and their own case, by the link that a mail brought."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import good, post_wrong, visit
from tests.browsing import Watched, sign_in
from tests.journeys.letters import source_of, wait_for_sent
from tests.product import ROOT, Product

SUBJECT, ADDRESS = "Print the badges before the fair", "eva@holm.example"
# A link's age is signed into it, so an old one is made where the keys are.
AGED = """
import sys, django; django.setup()
from datetime import timedelta
from mainstay.channels.links import seal, unseal
from mainstay.kernel import clock
link = unseal(sys.argv[1])
with clock.standing_at(clock.now() - timedelta(days=61)):
    print(seal(link.case, link.person))
"""
# Whoever needs less than three seconds for the form is asked to press again.
A_PERSONS_PACE = 3_100


@pytest.fixture(scope="module")
def eva(browser: Browser, full: Product) -> Iterator[Watched]:
    with Watched(browser, full) as watched:
        yield watched


@pytest.fixture(scope="module")
def link(browser: Browser, full: Product, eva: Watched) -> str:
    """Eva asks by the form, too quickly at first; the letter that answers her has her link."""
    with eva.page(422) as page:
        visit(page, "/help/ask")
        page.get_by_label("What are you trying to get done?").fill(SUBJECT)
        page.get_by_label("What happens?").fill("The printer prints **half** a badge.\n\nThen it stops.")
        page.get_by_label("Your name").fill("Eva Holm")
        page.get_by_label("Your e-mail address").fill(ADDRESS)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("alert")).to_contain_text("very quickly")
        expect(page.get_by_label("What are you trying to get done?")).to_have_value(SUBJECT)
        page.get_by_label("Files").set_input_files([{"name": "badge.txt", "mimeType": "text/plain", "buffer": b"half"}])
        page.wait_for_timeout(A_PERSONS_PACE)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="We have it. Thank you.")).to_be_visible()
        good(page)
    with Watched(browser, full) as ingrid, ingrid.page() as page:
        sign_in(ingrid.context, full, "Ingrid Solberg")
        letter = source_of(page, wait_for_sent(page, ADDRESS, SUBJECT))
    return re.search(r"http://127\.0\.0\.1:\d+(/help/case/\S+)", letter.get_body(("plain",)).get_content())[1]


def test_the_case_behind_the_mailed_link_is_good_and_words_are_added_to_it(eva: Watched, link: str) -> None:
    with eva.page(422) as page:
        visit(page, link)
        expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
        good(page)
        post_wrong(page, {})
        good(page)
        page.get_by_role("textbox").fill("It does so on both printers.")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".message", has_text="It does so on both printers.")).to_be_visible()
        good(page)


def test_its_file_comes_as_a_download(eva: Watched, link: str) -> None:
    with eva.page() as page:
        visit(page, link)
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(r"badge\.txt")).click()
        assert download.value.path().read_bytes() == b"half"


def test_the_help_knows_whose_cases_were_opened_here_until_it_is_told_to_forget(eva: Watched, link: str) -> None:
    with eva.page() as page:
        visit(page, link)
        visit(page, "/help/")
        expect(page.get_by_role("link", name=SUBJECT)).to_be_visible()
        good(page)
        page.get_by_role("button", name="Forget them on this computer").click()
        expect(page.get_by_role("link", name=SUBJECT)).to_have_count(0)


def test_a_link_that_has_grown_old_says_so_and_offers_a_fresh_one(eva: Watched, full: Product, link: str) -> None:
    environment = {**os.environ, "DATA": str(full.data), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "mainstay.settings"}
    aged = subprocess.run(
        [sys.executable, "-c", AGED, link.rpartition("/")[2]], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()
    with eva.page(410) as page:
        visit(page, f"/help/case/{aged}", expected=410)
        expect(page.get_by_role("heading", name="This link has grown old")).to_be_visible()
        good(page)
        page.get_by_role("button", name="Mail me a fresh link").click()
        expect(page.get_by_text("A fresh link is on its way")).to_be_visible()

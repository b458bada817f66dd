"""The case as one meets it: at its newest words on a phone, letters of machines folded, every paragraph read from its own side."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import visit
from tests.browsing import Watched, sign_in
from tests.journeys.letters import hand_in, mail, wait_for_sent
from tests.product import Product

PHONE = {"width": 320, "height": 720}


@pytest.fixture(scope="module")
def maya(browser: Browser, full: Product) -> Iterator[Watched]:
    with Watched(browser, full) as watched:
        sign_in(watched.context, full, "Maya Ortiz")
        yield watched


def on_the_phone(page: Page, queue: str, *, longest: bool = False) -> None:
    """Open a case of the queue on a phone: the first, or the one with the most messages."""
    visit(page, queue)
    page.set_viewport_size(PHONE)
    rows = page.locator("a.row")
    counts = [int(re.search(r"(\d+) message", words)[1]) for words in rows.locator(".row-words").all_inner_texts()]
    rows.nth(counts.index(max(counts)) if longest else 0).click()
    expect(page.locator("#case")).to_be_visible()


def test_on_a_phone_a_case_opens_at_its_newest_words_with_the_composer_in_reach(maya: Watched) -> None:
    with maya.page() as page:
        on_the_phone(page, "/desk/resolved/", longest=True)
        expect(page.locator("#thread :is(.message:not(.letter), .team-note)").last).to_be_in_viewport()
        expect(page.get_by_label("Your words")).to_be_in_viewport()
        page.evaluate("scrollTo(0, 0)")
        expect(page.get_by_label("Your words")).not_to_be_in_viewport()
        page.get_by_role("link", name="Write").click()
        expect(page.get_by_label("Your words")).to_be_in_viewport()


def test_on_a_phone_a_case_that_wants_its_first_look_opens_at_its_top(maya: Watched) -> None:
    with maya.page() as page:
        on_the_phone(page, "/desk/triage/")
        expect(page.get_by_role("form", name="First look")).to_be_in_viewport()
        expect(page.get_by_role("link", name="Write")).to_be_in_viewport()


def test_an_automatic_letter_is_one_line_until_it_is_opened(maya: Watched) -> None:
    with maya.page() as page:
        visit(page, "/desk/triage/")
        page.locator("a.row").first.click()
        letter = page.locator(".message.letter").first
        expect(letter.get_by_text("If there is more to say")).to_be_hidden()
        letter.get_by_text("sent automatically").click()
        expect(letter.get_by_text("If there is more to say")).to_be_visible()


def test_every_paragraph_reads_from_its_own_side(maya: Watched, full: Product) -> None:
    hand_in(full, mail("محمد <m@arab.example>", "الطابعة لا تعمل", "مرحبا!\n\nHello, the same in English."))
    with maya.page() as page:
        wait_for_sent(page, "m@arab.example", "الطابعة لا تعمل")
        visit(page, "/desk/open/")
        page.get_by_role("link", name=re.compile("الطابعة")).click()
        page.get_by_role("radio", name="Note").check()
        page.get_by_label("Your words").fill("شكرا!\n\nThank you, the same in English.")
        page.get_by_role("button", name="Add note").click()
        expect(page.locator(".team-note .prose p")).to_have_count(2)
        for words in (page.locator(".message:not(.letter) .prose p"), page.locator(".team-note .prose p")):
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                assert [words.nth(nth).evaluate(SIDE) for nth in (0, 1)] == ["right", "left"]


# On which side of its paragraph a line begins to be read.
SIDE = """
(paragraph) => {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  const words = range.getBoundingClientRect(), box = paragraph.getBoundingClientRect();
  return words.left - box.left > box.right - words.right ? "right" : "left";
}
"""

"""How a page has to be, whatever it shows: understood by a screen reader, readable by day and by night, on a phone and on a desk."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.addresses import LINKED, PLAIN
from tests.browsing import AXE, AXE_RUN

LOOKS = [("light", 1440), ("dark", 1440), ("light", 320), ("dark", 320)]

# What may be wider than its frame, because it scrolls by itself and says so: sources, code and tables that people sent.
STICKS_OUT = """
() => {
  const may = "pre, pre *, textarea, .prose *, .table-frame";
  const wide = (element) => element.scrollWidth - element.clientWidth > 1;
  const found = wide(document.documentElement) ? ["the page"] : [];
  for (const element of document.querySelectorAll("body *")) {
    if (!["auto", "scroll"].includes(getComputedStyle(element).overflowX)) continue;
    if (element.clientWidth && wide(element) && !element.matches(may)) found.push(`${element.tagName} ${element.className}`);
  }
  return found;
}
"""


def troubles(page: Page) -> list[str]:
    """What is wrong with the page as it stands, at each of the four looks; also sideways where one reads from the right."""
    found = []
    page.evaluate(AXE)
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme} {width}: {one}" for one in page.evaluate(AXE_RUN)]
        for direction in ("rtl", "ltr"):
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            found += [f"{scheme} {width} {direction}: {one} sticks out sideways" for one in page.evaluate(STICKS_OUT)]
    return found


def visit(page: Page, address: str, *, expected: int = 200, leads_to: str = "") -> None:
    """Open the page, and see that it is the one that was meant."""
    page.set_viewport_size({"width": 1440, "height": 900})
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == expected, address
    assert urlsplit(page.url).path == (leads_to or urlsplit(address).path)


def find(page: Page, name: str) -> str:
    """The address of the page, followed from one that links to it where it has to be."""
    if name in PLAIN:
        return PLAIN[name]
    start, pattern = LINKED[name]
    visit(page, start)
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    return next(link for link in links if re.search(pattern, link))


def good(page: Page) -> None:
    assert troubles(page) == []


# As a hasty person leaves it: no words anywhere, no tick; and the browser is not asked to check it first.
EMPTIED = """
(form) => {
  form.noValidate = true;
  for (const field of form.elements) {
    if (["hidden", "submit", "button", "file", "radio"].includes(field.type) || field.closest(".trap")) continue;
    if (field.type === "checkbox") field.checked = false;
    else if (field.tagName !== "SELECT") field.value = "";
  }
}
"""


def post_wrong(page: Page, typed: dict[str, str]) -> None:
    """Empty the page's form, type these words by label, and press its button: it comes back with them, the reason beside each field."""
    form = page.locator("main form.form")
    form.evaluate(EMPTIED)
    for label, words in typed.items():
        form.get_by_label(label).first.fill(words)
    with page.expect_navigation():
        form.locator("button.primary").first.click()
    errors = form.locator(".field-error").all()
    assert errors
    for error in errors:
        assert error.is_visible()
        assert form.locator(f'[aria-describedby~="{error.get_attribute("id")}"]').count() == 1, error.inner_text()
    for label, words in typed.items():
        assert form.get_by_label(label).first.input_value() == words

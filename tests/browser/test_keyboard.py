"""With a keyboard alone: whatever has the focus shows it, and nothing takes it prisoner."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import find, visit
from tests.browsing import Watched, sign_in
from tests.product import Product

STOPS_AT_MOST = 150
# The mark may lie on the element itself, on a frame around it (a search with its button), or on the words that stand for it.
IS_MARKED = """
() => {
  const marked = (element) => {
    const style = element && getComputedStyle(element);
    if (element?.matches(".composer-box")) return style.boxShadow.includes(" 0px 0px 0px 1px");
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const focused = document.activeElement;
  if (focused === document.body) return "over";
  const around = [focused, focused.nextElementSibling, focused.closest("label"), focused.closest(".ask"), focused.closest(".composer-box")];
  const box = focused.getBoundingClientRect();
  const name = `${focused.tagName}.${focused.className} ${focused.getAttribute("aria-label") ?? focused.textContent.trim().slice(0, 40)}`;
  if (!around.some(marked)) return `${name} shows no focus`;
  if (box.bottom < 0 || box.top > innerHeight) return `${name} is out of sight`;
  return "";
}
"""


@pytest.fixture(scope="module")
def maya(browser: Browser, full: Product):
    with Watched(browser, full) as watched:
        sign_in(watched.context, full, "Maya Ortiz")
        yield watched


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("name", ["desk:open", "desk:case", "desk:new", "setup:profile", "portal:home", "portal:ask"])
def test_whatever_has_the_focus_shows_it(maya: Watched, name: str, width: int) -> None:
    with maya.page() as page:
        visit(page, find(page, name))
        page.set_viewport_size({"width": width, "height": 900})
        found, stops = [], 0
        while stops < STOPS_AT_MOST:
            page.keyboard.press("Tab")
            state = page.evaluate(IS_MARKED)
            if state == "over":
                break
            stops += 1
            if state:
                found.append(state)
        assert found == []
        assert 5 < stops < STOPS_AT_MOST


def test_a_case_is_worked_by_keys_alone(maya: Watched) -> None:
    with maya.page() as page:
        visit(page, "/desk/open/")
        page.keyboard.press("j")
        page.keyboard.press("j")
        subject = page.locator("a.row:focus .row-subject").inner_text()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=subject)).to_be_visible()
        page.keyboard.press("n")
        expect(page.get_by_label("Your words")).to_be_focused()
        page.keyboard.type("Written without a mouse.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".team-note", has_text="Written without a mouse.")).to_be_visible()
        page.keyboard.press("t")
        page.keyboard.type("keys")
        page.keyboard.press("Enter")
        expect(page.locator(".case-line .tag", has_text="keys")).to_be_visible()
        page.keyboard.press("Escape")
        page.locator("h1").click()
        page.keyboard.press("e")
        expect(page.get_by_role("radio", name="Answered")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("radio", name="Answered")).to_be_hidden()

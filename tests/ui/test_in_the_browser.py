"""The shell in Debian's chromium, under the strict content security policy with Trusted Types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.ui import trial

AXE = (Path(__file__).parent.parent / "browser" / "vendor" / "axe.min.js").read_text()
CHROMIUM = "/usr/bin/chromium"
# The browser itself writes this line for every answer of 400 and more; a wrong form is one (422).
OF_THE_BROWSER = "Failed to load resource"

pytestmark = pytest.mark.browser


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(settings) -> Iterator[str]:
    settings.DEMO = True
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), Server, Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def world() -> trial.World:
    trial.world.__init__()
    return trial.world


@pytest.fixture
def desk(chromium: Browser, address: str, world: trial.World) -> Iterator[Page]:
    """A page whose console has to stay silent: a word in it is a violation of the policy or a mistake of ours."""
    page = chromium.new_context(base_url=address, viewport={"width": 1600, "height": 900}).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.context.close()
    assert [words for words in said if OF_THE_BROWSER not in words] == []


def test_a_case_opens_beside_the_queue_without_a_new_page(desk: Page) -> None:
    desk.goto("/trial/list")
    desk.evaluate("window.same = true")
    desk.get_by_role("link", name=re.compile("Overtime")).click()
    expect(desk.get_by_role("heading", name="Overtime counts twice")).to_be_visible()
    expect(desk.locator("[data-preview]")).to_be_visible()
    expect(desk.locator(".row")).to_have_attribute("aria-current", "true")
    assert desk.evaluate("window.same")
    assert desk.url.endswith("/trial/case")


def test_going_back_shows_the_queue_again(desk: Page) -> None:
    desk.goto("/trial/list")
    desk.get_by_role("link", name=re.compile("Overtime")).click()
    expect(desk.locator(".case")).to_be_visible()
    desk.go_back()
    expect(desk.locator(".case")).to_have_count(0)
    expect(desk.locator(".row")).to_be_visible()
    assert desk.url.endswith("/trial/list")


def test_a_wrong_form_is_shown_and_typed_words_stay(desk: Page) -> None:
    desk.goto("/trial/settings")
    desk.get_by_label("Name").fill("Support")
    desk.get_by_label("Address").fill("help@")
    desk.get_by_label("Free").fill("typed words")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Enter a valid email address.")).to_be_visible()
    expect(desk.get_by_label("Free")).to_have_value("typed words")
    desk.get_by_label("Address").fill("help@journeyware.example")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#side")).to_have_text("changed")
    expect(desk.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(desk.get_by_label("Free")).to_have_value("typed words")


def test_an_element_from_a_mail_cannot_press_buttons(chromium: Browser, address: str, world: trial.World) -> None:
    page = chromium.new_context(base_url=address).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/trial/settings")
    page.evaluate(
        """() => { const evil = document.createElement('div'); evil.id = 'evil';
        evil.setAttribute('hx-post', '/trial/draft'); evil.setAttribute('hx-trigger', 'load');
        document.body.append(evil); window.htmx.process(evil); }"""
    )
    expect(page.locator("#evil")).not_to_have_attribute("hx-post", "/trial/draft")
    assert not [url for url in asked if url.endswith("/trial/draft")]
    page.context.close()


def test_a_hint_brings_the_news_and_keeps_what_is_typed(desk: Page, world: trial.World) -> None:
    desk.goto("/trial/case")
    desk.get_by_label("Your words").fill("half a sentence")
    hinted(desk, world, 41)
    expect(desk.locator("#count")).to_have_text("41 seen")
    expect(desk.get_by_label("Your words")).to_have_value("half a sentence")


def test_nothing_jumps_under_the_pointer(desk: Page, world: trial.World) -> None:
    desk.goto("/trial/case")
    desk.locator(".row").hover()
    hinted(desk, world, 42)
    expect(desk.get_by_role("button", name="1 new")).to_be_visible()
    expect(desk.locator("#count")).to_have_text("0 seen")
    desk.mouse.move(1000, 300)
    expect(desk.locator("#count")).to_have_text("42 seen")
    expect(desk.get_by_role("button", name="1 new")).to_have_count(0)


def hinted(desk: Page, world: trial.World, count: int) -> None:
    for _ in range(50):
        if world.streams:
            break
        desk.wait_for_timeout(50)
    world.count = count
    world.hint("queue")


def test_a_draft_is_kept_by_the_server(desk: Page, world: trial.World) -> None:
    desk.goto("/trial/case")
    desk.get_by_label("Your words").fill("Hi Luis,")
    expect(desk.locator("[data-draft-state]")).to_contain_text("Draft saved", timeout=5000)
    assert world.drafts == ["Hi Luis,"]
    assert desk.evaluate("localStorage.length") == 0


def test_words_survive_a_server_that_is_away(desk: Page, world: trial.World) -> None:
    world.draft_status = 503
    desk.goto("/trial/case")
    desk.get_by_label("Your words").fill("Hi Luis,")
    expect(desk.locator("[data-draft-state]")).to_contain_text("Kept in this browser", timeout=5000)
    world.draft_status = 204
    desk.reload()
    expect(desk.get_by_label("Your words")).to_have_value("Hi Luis,")
    expect(desk.locator("[data-draft-state]")).to_contain_text("Draft saved", timeout=5000)


def test_sent_words_do_not_come_back(desk: Page, world: trial.World) -> None:
    world.draft_status = 503
    desk.goto("/trial/case")
    desk.get_by_label("Your words").fill("Hi Luis,")
    desk.get_by_label("Your words").press("Control+Enter")
    expect(desk.get_by_text("Sent to Luis")).to_be_visible()
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()
    expect(desk.get_by_label("Your words")).to_have_value("")
    assert [sent["text"] for sent in world.sent] == ["Hi Luis,"]


def test_a_note_and_a_reply_cannot_be_confused(desk: Page) -> None:
    desk.goto("/trial/case")
    desk.get_by_label("Your words").fill("Thursday")
    desk.locator(".thread").click()
    desk.keyboard.press("n")
    expect(desk.get_by_role("button", name="Add note")).to_be_visible()
    expect(desk.get_by_text("Only your team sees this")).to_be_visible()
    expect(desk.get_by_role("button", name="Send to Luis")).to_be_hidden()
    expect(desk.get_by_role("checkbox", name="Luis Almeida")).to_be_hidden()
    desk.keyboard.type(", I think")
    expect(desk.get_by_label("Your words")).to_have_value("Thursday, I think")


def test_keys_leave_a_typing_agent_alone_and_can_be_turned_off(desk: Page) -> None:
    desk.goto("/trial/case")
    desk.get_by_label("Your words").fill("")
    desk.keyboard.type("no note?")
    expect(desk.get_by_label("Your words")).to_have_value("no note?")
    expect(desk.get_by_role("button", name="Send to Luis")).to_be_visible()
    desk.locator(".thread").click()
    desk.keyboard.press("?")
    desk.get_by_role("button", name="Turn single-letter keys off").click()
    desk.keyboard.press("n")
    expect(desk.get_by_role("button", name="Send to Luis")).to_be_visible()


def test_a_picture_is_added_where_the_cursor_is_and_previewed(desk: Page) -> None:
    desk.goto("/trial/case")
    desk.get_by_label("Your words").fill("see **here**")
    desk.get_by_label("Add files").set_input_files([{"name": "shot.png", "mimeType": "image/png", "buffer": b"x" * 9000}])
    expect(desk.get_by_label("Your words")).to_have_value("see **here**\n![shot.png](cid:shot@mainstay)\n")
    expect(desk.locator("[data-files] .attachment")).to_have_count(1)
    desk.get_by_role("button", name="Preview").click()
    expect(desk.locator(".composer-preview strong")).to_have_text("here")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.get_by_label("Your words")).to_be_visible()
    desk.get_by_role("button", name="Take shot.png off").click()
    expect(desk.locator("[data-files] .attachment")).to_have_count(0)


def test_narrow_screens_have_drawers_that_escape_shuts(desk: Page) -> None:
    desk.set_viewport_size({"width": 1000, "height": 800})
    desk.goto("/trial/case")
    about = desk.get_by_role("complementary", name="About this case")
    expect(about).to_be_hidden()
    desk.get_by_role("button", name="About", exact=True).click()
    expect(about).to_be_visible()
    desk.keyboard.press("Escape")
    expect(about).to_be_hidden()
    desk.get_by_role("button", name="Views").click()
    expect(desk.get_by_role("navigation", name="Views")).to_be_visible()


def test_a_phone_shows_the_queue_or_the_case(desk: Page) -> None:
    desk.set_viewport_size({"width": 320, "height": 640})
    desk.goto("/trial/list")
    expect(desk.locator(".row")).to_be_visible()
    desk.goto("/trial/case")
    expect(desk.locator(".row")).to_be_hidden()
    expect(desk.get_by_role("heading", name="Overtime counts twice")).to_be_visible()


def test_everything_works_without_scripts(chromium: Browser, address: str, world: trial.World) -> None:
    page = chromium.new_context(base_url=address, java_script_enabled=False, viewport={"width": 1000, "height": 800}).new_page()
    page.goto("/trial/case")
    page.get_by_role("button", name="About", exact=True).click()
    expect(page.get_by_text("Luis Almeida", exact=True).last).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Your words").fill("Hi Luis,")
    page.get_by_role("radio", name="Note").check()
    page.get_by_role("button", name="Add note").click()
    assert (world.sent[0]["kind"], world.sent[0]["do"]) == ("note", "note")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
@pytest.mark.parametrize("path", ["/gallery/", "/trial/list", "/trial/case", "/trial/settings", "/account/sign-in", "/nowhere"])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium: Browser, address: str, path: str, width: int, scheme: str) -> None:
    page = chromium.new_context(base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    page.context.close()
    assert [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]] == []

"""What is shown in a page or beside it: a mail's own HTML in its frame, files, pictures, and words for machines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import good, visit
from tests.browsing import Watched, sign_in
from tests.desk.pictures import png
from tests.journeys.letters import hand_in, mail, wait_for_sent
from tests.product import Product

SUBJECT = "The newsletter that became a case"
HTML = """<html><body style="background:#fff"><h1>Our shop</h1><script>document.title = "taken over"</script>
<p onclick="alert(1)">All <b>kiosks</b> <a href="https://shop.example/">blink</a>.</p>
<img src="https://tracker.example/seen.png" width="1" height="1"><form action="https://shop.example/"><input name="pin"></form>
<img src="cid:logo@shop.example" alt="our logo"></body></html>"""


@pytest.fixture(scope="module")
def ingrid(browser: Browser, full: Product) -> Iterator[Watched]:
    with Watched(browser, full) as watched:
        sign_in(watched.context, full, "Ingrid Solberg")
        yield watched


@pytest.fixture(scope="module")
def address(ingrid: Watched, full: Product) -> str:
    """Where the case stands that a mail with HTML, a picture and a file opened."""
    question = mail("Shop <shop@shop.example>", SUBJECT, "All kiosks blink.")
    question.add_alternative(HTML, subtype="html")
    question.get_payload()[1].add_related(png(), "image", "png", cid="<logo@shop.example>", filename="logo.png")
    question.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename="kiosk.html")
    hand_in(full, question)
    with ingrid.page() as page:
        wait_for_sent(page, "shop@shop.example", SUBJECT)
        visit(page, "/desk/open/")
        page.get_by_role("link", name=re.compile(SUBJECT)).click()
        expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
        return page.url.partition("?")[0]


@pytest.mark.security("S-001")
def test_a_mail_as_it_was_sent_is_shown_in_a_frame_that_can_do_nothing(ingrid: Watched, address: str) -> None:
    with ingrid.page() as page:
        visit(page, address)
        with page.expect_response("**/desk/originals/*") as answered:
            page.get_by_text("As sent").click()
        frame = page.frame_locator("iframe.original")
        expect(frame.get_by_role("heading", name="Our shop")).to_be_visible()
        expect(frame.get_by_role("img", name="our logo")).to_be_visible()
        assert frame.locator("script, form, input, [onclick], img[src*=tracker]").count() == 0
        assert "taken over" not in page.title()
        headers = answered.value.headers
        assert re.search(r"(^|;)\s*sandbox", headers["content-security-policy"])
        assert "allow-same-origin" not in headers["content-security-policy"]
        assert "allow-scripts" not in headers["content-security-policy"]
        good(page)


def test_what_was_unfolded_stays_open_when_news_come(ingrid: Watched, address: str, full: Product) -> None:
    with ingrid.page() as page, ingrid.context.new_page() as other:
        visit(page, address)
        page.get_by_text("As sent").click()
        visit(other, address)
        other.get_by_role("radio", name="Note").check()
        other.get_by_label("Your words").fill("Blinking is a feature.")
        other.get_by_role("button", name="Add note").click()
        expect(page.locator(".team-note", has_text="Blinking is a feature.")).to_be_visible()
        expect(page.locator("iframe.original")).to_be_visible()


def test_a_file_comes_as_a_download_whatever_it_says_it_is(ingrid: Watched, address: str) -> None:
    with ingrid.page() as page:
        visit(page, address)
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(r"kiosk\.html")).click()
        assert download.value.suggested_filename == "kiosk.html"


def test_a_picture_of_a_draft_and_an_agents_face_are_pictures(ingrid: Watched, address: str) -> None:
    with ingrid.page() as page:
        visit(page, address)
        page.get_by_label("Add files").set_input_files([{"name": "where.png", "mimeType": "image/png", "buffer": png()}])
        expect(page.get_by_label("Your words")).to_have_value(re.compile("where.png"))
        page.get_by_role("button", name="Preview").click()
        picture = page.locator(".composer-preview img")
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 40
        good(page)
        visit(page, "/profile/")
        page.get_by_label("Photo").set_input_files([{"name": "me.png", "mimeType": "image/png", "buffer": png(300, 200)}])
        page.get_by_role("button", name="Save").click()
        face = page.locator(".profile-face img")
        assert face.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
        good(page)


def test_pieces_and_ways_answer_for_themselves(ingrid: Watched, address: str, full: Product) -> None:
    ask = ingrid.context.request.get
    number = re.search(r"\d{9}", address)[0]
    thread = ask(f"{address}thread", headers={"HX-Request": "true"})
    assert thread.ok
    assert "All kiosks blink." in thread.text()
    assert "<html" not in thread.text()
    gone = ask(f"/desk/go/?q={number[:3]}+{number[3:6]}+{number[6:]}", max_redirects=0)
    assert gone.status in {302, 303}
    assert gone.headers["location"].endswith(f"/desk/cases/{number}/")
    assert ask("/healthz").ok

"""Everything works without JavaScript; it is only less quick."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import Watch
from tests.journeys.conftest import PATIENCE
from tests.journeys.letters import hand_in, mail, source_of, wait_for_sent


@pytest.fixture
def tom(browser: Browser, product):
    """Tom has turned JavaScript off."""
    context = browser.new_context(base_url=product.address, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    watch = Watch(context)
    page = context.new_page()
    page.goto("/demo/")
    page.get_by_role("button", name="Tom Becker").click()
    expect(page.get_by_role("heading", name="My next")).to_be_visible()
    yield page
    context.close()
    watch.over()


def test_a_case_is_read_answered_and_resolved(product, tom):
    subject = "The map is upside down"
    hand_in(product, mail("Ida Nyberg <ida@nyberg.example>", subject, "North is below."))
    wait_for_sent(tom, "ida@nyberg.example", subject)
    tom.goto("/desk/triage/")
    tom.get_by_role("link", name=re.compile(subject)).click()
    tom.get_by_role("button", name="I have read it").click()
    expect(tom.get_by_role("button", name="I have read it")).to_have_count(0)

    bar = tom.get_by_role("form", name="First look")
    bar.get_by_role("radio", name=re.compile("Small")).check()
    bar.get_by_role("button", name="Take it").click()
    expect(tom.get_by_role("button", name="Severity 4, Small: change")).to_be_visible()

    tom.get_by_role("radio", name="Note").check()
    tom.get_by_label("Your words").fill("Known since 9.1.")
    tom.get_by_role("button", name="Add note").click()
    expect(tom.get_by_role("article", name="Note by Tom Becker, only your team sees it")).to_contain_text("Known since 9.1.")

    tom.get_by_label("Your words").fill("Hi Ida,\n\nturn it by **180°** under View.")
    tom.get_by_label("Add files").set_input_files([{"name": "view.txt", "mimeType": "text/plain", "buffer": b"View > Turn"}])
    tom.get_by_role("button", name="Send to Ida").click()
    expect(tom.locator(".message.held")).to_contain_text("turn it by 180°")
    tom.locator(".held-undo").get_by_role("button", name="Undo").click()
    expect(tom.get_by_label("Your words")).to_have_value(re.compile("turn it by"))
    expect(tom.locator(".composer .attachment", has_text="view.txt")).to_be_visible()
    tom.get_by_role("button", name="Send, and then").click()
    tom.get_by_role("button", name="Send and resolve").click()

    address = tom.url
    sent = wait_for_sent(tom, "ida@nyberg.example", subject).filter(has_text="turn it by")
    for _ in range(60):
        if sent.count():
            break
        tom.wait_for_timeout(250)
        tom.reload()
    mail_sent = source_of(tom, sent)
    assert [part.get_filename() for part in mail_sent.iter_attachments()] == ["view.txt"]
    tom.goto(address)
    expect(tom.get_by_role("button", name="Reopen")).to_be_visible()

    tom.get_by_role("button", name="Reopen").click()
    tom.get_by_role("button", name="Resolve…").click()
    tom.get_by_role("button", name="Resolve", exact=True).click()
    expect(tom.get_by_role("button", name="Reopen")).to_be_visible()
    tom.goto("/desk/resolved/")
    expect(tom.get_by_role("link", name=re.compile(subject))).to_be_visible()

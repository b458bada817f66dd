"""The rest of a working day: resolved and reopened, waiting, tags, a caller's case, numbers, people; spam and blocks, both undone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.letters import hand_in, mail, shown_number, wait_for_sent


def row(page: Page, queue: str, subject: str):
    """The case's row in a queue, as the queue is now."""
    page.goto(f"/desk/{queue}/")
    return page.locator("a.row", has_text=subject)


def test_resolved_reopened_by_a_reply_and_put_to_rest(product, maya):
    subject = "Printer prints only the first page"
    hand_in(product, mail("Oona Salo <oona@salo.example>", subject, "Only the first of three."))
    wait_for_sent(maya, "oona@salo.example", subject)
    row(maya, "open", subject).click()

    maya.get_by_role("button", name="Resolve…").click()
    maya.get_by_role("radio", name="Answered").check()
    maya.get_by_role("radio", name="Yes, it is written down").check()
    maya.get_by_role("button", name="Resolve", exact=True).click()
    expect(maya.get_by_role("button", name="Reopen")).to_be_visible()
    address = maya.url
    expect(row(maya, "resolved", subject)).to_be_visible()
    expect(row(maya, "open", subject)).to_have_count(0)

    # Resolving tells the customer nothing; their reply to what we sent earlier brings it back.
    card = wait_for_sent(maya, "oona@salo.example", subject)
    card.get_by_label("Answer").fill("It is back today")
    card.get_by_role("button", name="Answer as Oona").click()
    expect(maya.get_by_text("Answered as Oona Salo")).to_be_visible()
    maya.goto(address)
    expect(maya.locator("#thread")).to_contain_text("It is back today")
    expect(maya.get_by_role("button", name="Resolve…")).to_be_visible()

    # It waits until Monday, and can be woken.
    maya.get_by_role("button", name="Wait", exact=True).click()
    maya.get_by_role("button", name="Monday 9:00").click()
    expect(maya.get_by_role("button", name="Wake")).to_be_visible()
    expect(row(maya, "waiting", subject)).to_be_visible()
    row(maya, "waiting", subject).click()
    maya.get_by_role("button", name="Wake").click()
    expect(maya.get_by_role("button", name="Wait", exact=True)).to_be_visible()

    # Tags, by key.
    maya.keyboard.press("t")
    maya.keyboard.type("printing")
    maya.keyboard.press("Enter")
    tag = maya.locator(".case-line .tag", has_text="printing")
    expect(tag).to_be_visible()
    maya.get_by_role("button", name="Take the tag printing off").click()
    expect(tag).to_have_count(0)


def test_a_caller_gets_a_case_and_is_found_by_number_and_by_name(product, maya):
    maya.goto("/desk/open/")
    maya.get_by_role("link", name="New case").click()
    maya.get_by_label("Whose need is it?").fill("bela@szabo.example")
    maya.get_by_label("Their name").fill("Béla Szabó")
    maya.get_by_label("What is it about?").fill("The badge reader beeps twice")
    maya.get_by_label("What did they say?").fill("He called: since Tuesday it beeps twice, and nobody is let in.")
    maya.get_by_label("Send them the acknowledgement").check()
    maya.get_by_role("button", name="Open the case").click()
    expect(maya.get_by_role("heading", name="The badge reader beeps twice")).to_be_visible()
    expect(maya.get_by_role("button", name=re.compile("Owner: Maya Ortiz"))).to_be_visible()
    number = shown_number(maya)
    wait_for_sent(maya, "bela@szabo.example", "The badge reader beeps twice")

    maya.get_by_role("search", name="Go to").get_by_role("searchbox").fill(number)
    maya.keyboard.press("Enter")
    expect(maya.get_by_role("heading", name="The badge reader beeps twice")).to_be_visible()
    maya.locator("#about").get_by_role("link", name=re.compile("Béla Szabó")).click()
    expect(maya.get_by_role("heading", name="Béla Szabó")).to_be_visible()
    expect(maya.get_by_role("link", name=re.compile("The badge reader beeps twice"))).to_be_visible()
    maya.get_by_role("search", name="Go to").get_by_role("searchbox").fill("badge reader")
    maya.keyboard.press("Enter")
    expect(maya.locator("a.hit", has_text="The badge reader beeps twice").first).to_be_visible()


def test_spam_and_blocks_are_both_undone(product, maya):
    sender = "offers@casino.example"
    hand_in(product, mail(f"Best Offers <{sender}>", "You have won a cruise", "Click."))
    wait_for_sent(maya, sender, "You have won a cruise")
    row(maya, "open", "You have won a cruise").click()
    address = maya.url
    maya.get_by_role("button", name="More").click()
    maya.get_by_role("button", name="Mark as spam").click()
    expect(maya.get_by_role("button", name="No spam")).to_be_visible()
    expect(row(maya, "open", "You have won a cruise")).to_have_count(0)
    row(maya, "spam", "You have won a cruise").click()
    maya.get_by_role("button", name="No spam").click()
    expect(maya.get_by_role("button", name="Resolve…")).to_be_visible()
    expect(row(maya, "open", "You have won a cruise")).to_be_visible()

    # Blocked: the next mail waits in quarantine, with its reason, and can be let in all the same.
    maya.goto(address)
    maya.get_by_role("button", name=f"Block {sender}").click()
    maya.get_by_role("button", name="Yes").click()
    expect(maya.get_by_role("button", name="Let their mail in")).to_be_visible()
    hand_in(product, mail(f"Best Offers <{sender}>", "You have won two cruises", "Click twice."))
    held = _held(maya, "You have won two cruises")
    expect(held).to_contain_text("The sender is blocked.")
    held.get_by_role("button", name="Let it in").click()
    expect(maya.get_by_text("It is let in")).to_be_visible()
    expect(held).to_have_count(0)

    # No longer blocked: their mail is a case like anybody's.
    maya.goto(address)
    maya.get_by_role("button", name="Let their mail in").click()
    expect(maya.get_by_role("button", name=f"Block {sender}")).to_be_visible()
    hand_in(product, mail(f"Best Offers <{sender}>", "You have won three cruises", "Click."))
    for subject in ("You have won two cruises", "You have won three cruises"):
        maya.goto("/desk/open/")
        expect(maya.locator("a.row", has_text=subject)).to_be_visible()


def _held(page: Page, subject: str):
    """The mail's card in the quarantine; the page is no live one, so it is loaded until the mail is there."""
    held = page.locator("article", has=page.get_by_role("heading", name=subject))
    for _ in range(60):
        page.goto("/desk/quarantine/")
        if held.count():
            break
        page.wait_for_timeout(250)
    return held

"""A mail arrives: the queue shows it, the sender hears of it, and machines hear nothing."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.letters import hand_in, mail, shown_number, wait_for_sent

READ_BY = re.compile(r"A person will read it (today|tomorrow|on \w+).* by \d{1,2}:\d\d")


def test_a_mail_stands_in_the_open_queue_and_its_sender_is_told_so(product, maya):
    maya.goto("/desk/open/")
    maya.evaluate("window.never_reloaded = true")
    hand_in(product, mail("Rosa Lindgren <rosa@lindgren.example>", "The kiosk shows yesterday", "Since this morning.\n\nRosa"))

    row = maya.locator("a.row", has_text="The kiosk shows yesterday")
    expect(row).to_be_visible()
    assert maya.evaluate("window.never_reloaded")

    row.click()
    expect(maya.get_by_role("heading", name="The kiosk shows yesterday")).to_be_visible()
    number = shown_number(maya)

    letter = wait_for_sent(maya, "rosa@lindgren.example", "The kiosk shows yesterday").locator(".mail-body").inner_text()
    assert f"Its number is {number}." in letter
    assert READ_BY.search(letter), letter
    assert "We are here Monday to Thursday 8:00–18:00, Friday 8:00–17:00 (Europe/Berlin)." in letter
    assert "just reply: your words join the case" in letter
    assert "+1 512 555 0142" in letter
    assert letter.strip().endswith("Journeyware Support")


def test_machines_lists_and_bounces_get_no_acknowledgement(product, maya):
    machine = mail("Ann Berg <ann@berg.example>", "Away until Monday", "I am away.", Auto_Submitted="auto-replied")
    hand_in(product, machine)
    hand_in(product, mail("News <news@list.example>", "The list of the week", "News.", List_Id="<news.list.example>", Precedence="list"))
    hand_in(product, mail("Postmaster <mailer-daemon@mx.example>", "Returned to sender", "550 unknown user"), envelope="")
    hand_in(product, mail("Per Dahl <per@dahl.example>", "A person after them all", "Hello."))

    wait_for_sent(maya, "per@dahl.example", "A person after them all")
    maya.goto("/desk/open/")
    expect(maya.locator("a.row", has_text="The list of the week")).to_be_visible()
    maya.goto("/desk/quarantine/")
    for subject, reason in {
        "Away until Monday": "An automatic answer that belongs to no case.",
        "Returned to sender": "A delivery report about nothing that we sent.",
    }.items():
        expect(maya.locator("article", has=maya.get_by_role("heading", name=subject))).to_contain_text(reason)
    maya.goto("/desk/sent/")
    for address in ("ann@berg.example", "news@list.example", "mailer-daemon@mx.example"):
        expect(maya.locator("article", has_text=address)).to_have_count(0)

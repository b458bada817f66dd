"""Maya works a case: from the first look to a reply that two customers read, and what comes back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.desk.pictures import png
from tests.journeys.letters import hand_in, mail, shown_number, source_of, wait_for_sent

SUBJECT = "Overtime counts the holiday twice, again"
LUIS, DANA = "luis@harbor-north.example", "dana@corvid-north.example"


def test_a_case_is_answered_to_everybody_and_the_answer_comes_back(product, maya):
    question = mail(
        f"Luis Almeida <{LUIS}>",
        SUBJECT,
        "Hi, since the update our nurses get 16 hours instead of 8.\n\nLuis",
        Cc=f"Dana Whitfield <{DANA}>",
    )
    hand_in(product, question)
    maya.goto("/desk/triage/")
    maya.get_by_role("link", name=re.compile(SUBJECT)).click()

    # The first look: how bad, whose, what for.
    bar = maya.get_by_role("form", name="First look")
    bar.get_by_role("radio", name=re.compile("High")).check()
    bar.get_by_label("What they want to get done").fill("pay the nurses on Tuesday")
    bar.get_by_role("button", name="Take it").click()
    expect(maya.get_by_role("button", name="Severity 2, High: change")).to_be_visible()
    expect(maya.get_by_role("button", name=re.compile("Owner: Maya Ortiz"))).to_be_visible()
    expect(maya.get_by_text("pay the nurses on Tuesday", exact=True)).to_be_visible()
    expect(bar).to_be_hidden()

    # A note, which no customer ever reads.
    maya.get_by_role("radio", name="Note").check()
    expect(maya.get_by_text("Only your team sees this")).to_be_visible()
    maya.get_by_label("Your words").fill("He was burnt by us in **February**, be kind.")
    maya.get_by_role("button", name="Add note").click()
    note = maya.get_by_role("article", name="Note by Maya Ortiz, only your team sees it")
    expect(note).to_contain_text("burnt by us in February")

    # The reply: to whom is shown before it is sent; with a picture in it and a file beside it.
    expect(maya.get_by_role("checkbox", name=re.compile("Luis Almeida"))).to_be_checked()
    expect(maya.get_by_role("checkbox", name=re.compile("Dana Whitfield"))).to_be_checked()
    words = maya.get_by_label("Your words")
    words.fill("Hi Luis,\n\nswitch off **State calendar**:\n")
    add = maya.get_by_label("Add files")
    add.set_input_files([{"name": "where.png", "mimeType": "image/png", "buffer": png()}])
    expect(words).to_have_value(re.compile(r"!\[where\.png\]\(cid:\w+@draft\)"))
    add.set_input_files([{"name": "hours.csv", "mimeType": "text/csv", "buffer": b"name,hours\nAna,8\n"}])
    expect(maya.locator(".composer .attachment", has_text="hours.csv").get_by_role("button")).to_be_visible()
    maya.get_by_role("button", name="Preview").click()
    expect(maya.locator(".composer-preview strong")).to_have_text("State calendar")
    expect(maya.locator(".composer-preview img")).to_be_visible()
    maya.get_by_role("button", name="Preview").click()

    # Sent, taken back, made better, sent again.
    maya.get_by_role("button", name="Send to Luis + 1").click()
    expect(maya.locator(".message.held")).to_contain_text("State calendar")
    maya.locator(".toast").get_by_role("button", name="Undo").click()
    expect(maya.get_by_text("Taken back.")).to_be_visible()
    expect(maya.locator(".message.held")).to_have_count(0)
    expect(words).to_have_value(re.compile("State calendar"))
    words.press("Control+End")
    words.press_sequentially("\nTuesday's export is right then.")
    maya.get_by_role("button", name="Send to Luis + 1").click()
    expect(maya.locator(".message.ours:not(.held)")).to_contain_text("Tuesday's export is right then.")
    assert maya.locator(".message.ours").count() == 1
    case_address, number = maya.url, shown_number(maya)

    # It left threaded and in parts, from a person, with everybody named.
    for reader in (DANA, LUIS):
        sent = source_of(maya, wait_for_sent(maya, reader, SUBJECT))
        assert sent["Subject"] == f"Re: {SUBJECT}"
        assert "Maya Ortiz" in sent["From"]
        assert {LUIS, DANA} <= set(re.findall(r"[\w.-]+@[\w.-]+", f"{sent['To']} {sent['Cc']}"))
        assert sent["In-Reply-To"] == question["Message-ID"]
        assert question["Message-ID"] in sent["References"]
        assert sent.get_content_type() == "multipart/mixed"
        plain, html = sent.get_body(("plain",)), sent.get_body(("html",))
        assert "Tuesday's export is right then." in plain.get_content()
        assert "Maya Ortiz\nJourneyware Support" in plain.get_content()
        assert "<strong>State calendar</strong>" in html.get_content()
        parts = {part.get_filename(): part for part in sent.walk() if part.get_filename()}
        assert parts["hours.csv"].get_content_disposition() == "attachment"
        assert parts["where.png"].get_content_disposition() == "inline"
        assert f'src="cid:{parts["where.png"]["Content-ID"].strip("<>")}"' in html.get_content()
        assert "February" not in sent.as_string()

    _answers(product, maya, case_address, number)


def _answers(product, maya, case_address: str, number: str) -> None:
    """One click answers as the customer, through the real listener; others change nothing."""
    beside = maya.context.new_page()
    maya.goto(case_address)
    maya.evaluate("window.never_reloaded = true")
    card = wait_for_sent(beside, LUIS, SUBJECT)
    card.get_by_label("Answer").fill("It works, thank you!")
    card.get_by_role("button", name="Answer as Luis").click()
    expect(beside.get_by_text("Answered as Luis Almeida")).to_be_visible()
    expect(maya.locator("#thread .message", has_text="It works, thank you!")).to_be_visible()
    assert maya.evaluate("window.never_reloaded")

    # Who is away, and whose mail server refuses, do no harm: no case is opened, and nothing is answered.
    wait_for_sent(beside, LUIS, SUBJECT).get_by_role("button", name="Out of office").click()
    expect(beside.get_by_text("Luis Almeida is out of the office now.")).to_be_visible()
    expect(maya.locator("#thread .message", has_text="I am away until Monday")).to_be_visible()
    wait_for_sent(beside, DANA, SUBJECT).get_by_role("button", name="It bounces").click()
    expect(maya.locator("#thread .trouble")).to_contain_text(DANA)

    # A stranger who knows the number gets a case of their own, which says so.
    hand_in(product, mail("Zoe Kravitz <zoe@kravitz.example>", f"Re: {SUBJECT} [{number}]", "Tell me what they asked."))
    beside.goto("/desk/triage/")
    beside.get_by_role("link", name=re.compile("Zoe Kravitz")).click()
    expect(beside.locator("#about").get_by_role("link", name=re.compile(number.replace(" ", r"\s")))).to_be_visible()
    expect(beside.locator("#thread")).not_to_contain_text("nurses")
    assert shown_number(beside) != number
    maya.reload()
    expect(maya.locator("#thread")).not_to_contain_text("Tell me what they asked")
    beside.goto("/desk/sent/")
    letters = beside.locator("article.mail-card", has_text="sent automatically").filter(has=beside.get_by_role("heading", name=SUBJECT))
    assert letters.filter(has_text=LUIS).count() == 1
    beside.close()

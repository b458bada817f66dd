"""Mail from the raw bytes to what a page may show: the rows of RELIABILITY 7.1 that need no page."""

from __future__ import annotations

import pytest

from mainstay.kernel.html import clean, plain_to_html, text_of
from mainstay.mail.parse import parse
from tests.kernel.test_html import NESTINGS, PAYLOADS, harmless
from tests.mail.parse.letters import html, mail, parts


@pytest.mark.security("S-001")
@pytest.mark.security("S-005")
@pytest.mark.parametrize("payload", [*PAYLOADS.values(), *NESTINGS])
def test_a_payload_that_came_by_mail_does_nothing_in_any_form_it_is_shown_in(payload):
    letter = parse(html(payload))
    assert harmless(clean(letter.html or ""))
    for text in (letter.text, letter.reply, letter.subject):
        assert harmless(plain_to_html(text))


@pytest.mark.security("S-006")
@pytest.mark.parametrize("payload", [*PAYLOADS.values(), "{{7*7}}", "{% load x %}", '"><img src=x onerror=alert(1)>'])
def test_a_payload_in_subject_name_or_file_name_stays_text(payload):
    letter = parse(
        parts(("Content-Type: text/plain", payload), (f'Content-Type: image/png; name="{payload}"', "x")).replace(
            b"The log won't open", payload.encode()
        )
    )
    shown = [
        letter.subject,
        letter.text,
        *(file.name for file in letter.attachments),
        *(box.name for box in (letter.from_, *letter.to) if box),
    ]
    assert all(harmless(plain_to_html(word)) for word in shown)


@pytest.mark.security("S-005")
def test_the_words_of_a_link_and_its_target_meet_no_second_meaning():
    """Text from HTML, linked, quoted and cleaned again: each step's output is plain text or clean."""
    letter = parse(html('<p>&lt;img src=x onerror=alert(1)&gt; <a href="https://fine.example/&quot;onmouseover=alert(1)">x</a></p>'))
    quoted = "\n".join(f"> {line}" for line in letter.text.split("\n"))
    for text in (letter.text, quoted, text_of(plain_to_html(quoted))):
        assert harmless(plain_to_html(text)) and harmless(clean(plain_to_html(text)))


@pytest.mark.security("S-003")
def test_a_link_in_plain_text_is_web_or_mail_and_nothing_else():
    letter = parse(mail(body="javascript:alert(1) data:text/html,x https://fine.example/a file:///etc/passwd"))
    assert plain_to_html(letter.text).count("<a ") == 1

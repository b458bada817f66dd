"""Mails as customers' programs write them, and our own as they left."""

from __future__ import annotations

import re
import smtplib
from email import message_from_string, policy
from email.message import EmailMessage
from itertools import count

from playwright.sync_api import Page, expect

from tests.product import Product

NUMBER = re.compile(r"\b[1-9]\d\d\s\d{3}\s\d{3}\b")
_nth = count(1)


def mail(sender: str, subject: str, body: str, **headers: str) -> EmailMessage:
    """A mail to the demo's support, with a Message-ID of its own."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "support@demo.example", subject
    message["Message-ID"] = f"<journey-{next(_nth)}@customer.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def hand_in(product: Product, message: EmailMessage, *, envelope: str | None = None) -> None:
    """Over SMTP to the listener, as a stranger's server would; `envelope` is the return path, when it is another than From."""
    with smtplib.SMTP("127.0.0.1", product.smtp, timeout=20) as server:
        server.send_message(message, from_addr=envelope)


def shown_number(page: Page) -> str:
    """The number of the case that is open, as it is spoken: "204 118 337"."""
    shown = page.locator(".case-no").inner_text()
    found = NUMBER.search(shown)
    assert found, shown
    return " ".join(found[0].split())


def sent_to(page: Page, address: str, subject: str):
    """The cards on the page "Sent mail" for this reader and this case, newest first."""
    cards = page.locator("article.mail-card").filter(has=page.get_by_role("heading", name=subject))
    return cards.filter(has_text=address)


def wait_for_sent(page: Page, address: str, subject: str):
    """The newest mail that left for this reader about this case. The page is no live one, so it is loaded until it shows one."""
    for _ in range(60):
        page.goto("/desk/sent/")
        cards = sent_to(page, address, subject)
        if cards.count():
            return cards.first
        page.wait_for_timeout(250)
    raise AssertionError(f"nothing left for {address} about {subject}")


def source_of(page: Page, card) -> EmailMessage:
    """The mail itself, byte for byte."""
    card.get_by_role("link", name="its source").click()
    expect(page.get_by_label("The mail as it came")).to_be_visible()
    return message_from_string(page.get_by_label("The mail as it came").text_content(), policy=policy.default)

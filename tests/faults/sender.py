"""Another company's mail server with mails to deliver: it tries until each is taken, as the protocol wants, and notes every 250."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable

from mainstay.kernel import ids
from tests.mail.post import SUPPORT

TEMPORARY = range(400, 500)


def mails(count: int) -> dict[str, bytes]:
    """So many mails by their subject; a few ask for files and HTML, a few have no id."""
    made = {}
    run = ids.token()  # a run of its own: bytes that an earlier one has kept would not be written again
    for number in range(count):
        subject = f"Mail {number} of {count}"
        head = [
            f"From: P{number} <p{number}@crowd.example>",
            f"To: {SUPPORT}",
            f"Subject: {subject}",
            "Date: Mon, 2 Mar 2026 09:42:00 +0000",
        ]
        if number % 5:
            head.append(f"Message-ID: <{number}@crowd.example>")
        if number % 3 == 0:
            head += ["MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8"]
        body = f"<p>Words {number} {run}</p>" if number % 3 == 0 else f"Words {number} {run}\r\n"
        made[subject] = ("\r\n".join(head) + f"\r\n\r\n{body}\r\n").encode()
    return made


def deliver(port: int, waiting: dict[str, bytes], *, revive: Callable[[], object], tries: int = 40) -> dict[str, bytes]:
    """Deliver everything; what was acknowledged, by subject. `revive` is called when nobody answers."""
    taken: dict[str, bytes] = {}
    for subject, raw in waiting.items():
        for _ in range(tries):
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
                    server.sendmail("p@crowd.example", [SUPPORT], raw)
                taken[subject] = raw
                break
            except smtplib.SMTPServerDisconnected:
                continue
            except smtplib.SMTPResponseException as answer:
                assert answer.smtp_code in TEMPORARY, f"refused for good: {answer}"
            except smtplib.SMTPRecipientsRefused as answer:
                assert answer.recipients[SUPPORT][0] in TEMPORARY, f"refused for good: {answer}"
                time.sleep(0.02)
            except ConnectionError:
                revive()
                time.sleep(0.02)
        else:
            raise AssertionError(f"{subject} was never taken")
    return taken

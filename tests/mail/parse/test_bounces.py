"""Delivery reports, and answers that machines give: told from mail that people write."""

from __future__ import annotations

import pytest

from mainstay.mail.parse import parse
from tests.mail.parse.letters import inside, mail, report


def test_a_report_names_who_failed_and_what_came_back():
    bounce = parse(report()).bounce
    assert bounce is not None
    assert (bounce.recipient, bounce.status, bounce.permanent, bounce.hard) == ("dana@corvid.example", "5.1.1", True, True)
    assert bounce.original_message_id == "sent-7@journeyware.example"


@pytest.mark.parametrize(
    ("action", "status", "diagnosis", "permanent", "hard", "told"),
    [
        ("failed", "5.2.2", "smtp; 552 5.2.2 Over quota", True, False, "5.2.2"),
        ("failed", "5.0.0", "smtp; 550 5.1.1 User unknown", True, True, "5.1.1"),
        ("failed", "4.4.7", "smtp; 421 4.4.7 Expired", True, False, "4.4.7"),
        ("delayed", "4.4.1", "smtp; 421 Connection timed out", False, False, "4.4.1"),
        ("failed", "5.7.1", "smtp; 554 5.7.1 Blocked by policy, no such user matters", True, False, "5.7.1"),
        ("failed", "5.1.2", "dns; host corvid.example not found", True, True, "5.1.2"),
    ],
)
def test_permanent_and_hard_are_told_apart(action, status, diagnosis, permanent, hard, told):
    bounce = parse(report(action, status, diagnosis)).bounce
    assert bounce is not None
    assert (bounce.permanent, bounce.hard, bounce.status) == (permanent, hard, told)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action):
    raw = report(action, "2.0.0", "smtp; 250 OK").replace(b"Undelivered Mail Returned to Sender", b"Delivery report")
    assert parse(raw).bounce is None


def test_several_recipients_in_one_report():
    fields = "Reporting-MTA: dns; mx\r\n\r\n" + "\r\n".join(
        f"Final-Recipient: rfc822;{name}@corvid.example\r\nAction: failed\r\nStatus: 5.1.1\r\n" for name in ("dana", "emil")
    )
    raw = mail(
        "From: postmaster@mx.example",
        'Content-Type: multipart/report; boundary="d"',
        body=inside(("Content-Type: message/delivery-status", fields), boundary="d"),
    )
    bounce = parse(raw).bounce
    assert bounce is not None and bounce.recipients == ("dana@corvid.example", "emil@corvid.example")


@pytest.mark.parametrize(
    ("sender", "subject", "body", "recipient", "permanent"),
    [
        (
            "MAILER-DAEMON@mx.example",
            "failure notice",
            "Hi. This is the mail program.\n\n<dana@corvid.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- "
            "Below this line is a copy of the message.\n\nMessage-ID: <sent-7@journeyware.example>\n",
            "dana@corvid.example",
            True,
        ),
        (
            "Mail Delivery System <Mailer-Daemon@mx.example>",
            "Mail delivery failed: returning message to sender",
            "A message that you sent could not be delivered.\n\n  dana@corvid.example\n    host mx: 550 5.1.1 User unknown\n"
            "\n------ This is a copy of the message ------\nTo: emil@corvid.example\nMessage-ID: <sent-7@journeyware.example>\n",
            "dana@corvid.example",
            True,
        ),
        (
            "postmaster@mx.example",
            "Undeliverable: The log",
            "Your message did not reach the following recipient(s):\n\ndana@corvid.example on Mon, 2 Mar 2026\n    The "
            "recipient name is not recognized\n",
            "dana@corvid.example",
            True,
        ),
        (
            "Mail Delivery System <Mailer-Daemon@mx.example>",
            "Warning: message delayed",
            "This is a warning message only.\nYou do not need to resend your message.\n\nThe following address(es) have not "
            "yet been delivered:\n  dana@corvid.example\n",
            "dana@corvid.example",
            False,
        ),
        (
            "postmaster@mx.example",
            "Unzustellbar: Das Log",
            "Ihre Nachricht konnte nicht zugestellt werden an:\n\ndana@corvid.example\n550 5.1.1\n",
            "dana@corvid.example",
            True,
        ),
    ],
)
def test_reports_in_words_alone(sender, subject, body, recipient, permanent):
    bounce = parse(mail(f"From: {sender}", f"Subject: {subject}", body=body)).bounce
    assert bounce is not None
    assert (bounce.recipient, bounce.permanent) == (recipient, permanent)
    if "Message-ID" in body:
        assert bounce.original_message_id == "sent-7@journeyware.example"


def test_failed_recipients_may_stand_in_a_header():
    bounce = parse(mail("X-Failed-Recipients: dana@corvid.example")).bounce
    assert bounce is not None and bounce.recipient == "dana@corvid.example"


def test_the_empty_return_path_is_for_reports():
    assert parse(mail("Return-Path: <>")).bounce is not None
    assert parse(mail("Return-Path: <>", "Auto-Submitted: auto-replied")).bounce is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Delivery failed again", "The parcel could not be delivered to our office. Can you tell the courier?"),
        ("Undelivered orders", "Three orders were not delivered. The following address is right: dana@corvid.example"),
        ("Mailbox full?", "My colleague says that my mailbox is full, 552. What can I do?"),
        ("Re: failure notice in the log", "The log says: user unknown. Is that the server?"),
        ("User unknown", "The portal tells me: user unknown. Please help."),
    ],
)
def test_a_customer_who_writes_about_failures_is_no_bounce(subject, body):
    letter = parse(mail(f"Subject: {subject}", body=body))
    assert letter.bounce is None and letter.auto_reply is None


def test_a_complaint_is_no_bounce():
    feedback = ("Content-Type: message/feedback-report", "Feedback-Type: abuse\r\nUser-Agent: x\r\n")
    raw = mail(
        "Subject: Abuse report",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="d"',
        body=inside(feedback, boundary="d"),
    )
    assert parse(raw).bounce is None


@pytest.mark.security("S-040")
@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied; owner-email=x",
        "Precedence: auto_reply",
        "Precedence: bulk",
        "X-Precedence: junk",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
        "X-Autoresponse: x",
        "X-AutoReply-From: luis@harbor.example",
        "X-Autorespond: x",
        "X-Mail-Autoreply: x",
        "X-Autogenerated: Reply",
        "X-Amazon-Mail-Relay-Type: notification",
        "X-Apple-Action: VACATION",
    ],
)
def test_answers_from_machines_say_so_in_their_headers(header):
    assert parse(mail(header)).auto_reply is not None


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: no", "Precedence: normal", "X-Autoreply: no", "X-Loop: sailors", "Precedence: list", "X-Autogenerated: newsletter"],
)
def test_ordinary_headers_make_no_answer_automatic(header):
    assert parse(mail(header)).auto_reply is None


def test_a_newsletter_is_bulk_but_no_answer():
    assert parse(mail("Precedence: bulk", "List-Unsubscribe: <https://news.example/out>")).auto_reply is None

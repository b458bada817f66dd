"""A delivery report joins its delivery when it proves what it is about, and does nothing else."""

from __future__ import annotations

import pytest

from mainstay.cases.actions import resolve
from mainstay.cases.models import Case, Message
from mainstay.channels.actions import press, save_draft
from mainstay.channels.models import Delivery
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.mail.models import RawMail
from mainstay.mail.parse import parse
from tests.mail.parse.letters import inside, mail, report
from tests.mail.post import arrive, letter


def bounced_mail(message_id: str, *, recipient: str = "luis@harbor.example", action: str = "failed") -> bytes:
    fields = f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
    body = inside(
        ("Content-Type: text/plain", f"Your mail to {recipient} came to nothing."),
        ("Content-Type: message/delivery-status", fields),
        ("Content-Type: text/rfc822-headers", f"Message-ID: {message_id}\r\nSubject: Re\r\n"),
        boundary="dsn",
    )
    return mail(
        "From: Mail Delivery System <MAILER-DAEMON@mx.harbor.example>",
        "Subject: Undelivered Mail",
        f"Message-ID: <{hash((message_id, action, recipient))}@mx>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"',
        body=body,
    )


@pytest.fixture
def delivery(way_out, peer, cast) -> Delivery:
    """Maya's reply, taken by the server."""
    case = arrive(letter()).message.case
    draft = save_draft(
        case, author=cast.maya, kind="reply", body="Please try 9.3.", people=[cast.luis.id, cast.dana.id], seen=10**9, then={}
    )
    press(draft, undo_seconds=0)
    run_all()
    resolve(case, how="answered", by=cast.maya)
    return Delivery.objects.get(message__is_letter=False, person=cast.luis)


def return_path(delivery: Delivery, peer) -> str:
    return next(one.sender for one in peer.taken if one.recipient == delivery.address and one.sender)


@pytest.mark.security("S-036")
def test_by_its_return_path_it_joins_and_changes_the_delivery_alone(delivery, peer, cast):
    messages, letters = Message.objects.count(), len(peer.taken)
    row = arrive(bounced_mail(delivery.message.message_id), return_path(delivery, peer), sender="")
    delivery.refresh_from_db()
    case = Case.objects.get()
    assert (row.state, row.reason, row.message) == ("filed", "bounce", delivery.message)
    assert (delivery.state, "5.1.1" in delivery.answer) == ("bounced", True)
    assert case.state == "resolved", "a bounce reopens nothing"
    assert (Message.objects.count(), len(peer.taken)) == (messages, letters), "and is never answered"
    assert Event.objects.filter(kind="delivery.bounced").count() == 1
    assert Delivery.objects.get(person=cast.dana, message=delivery.message).state == "sent"


def test_by_our_message_id_and_the_recipient_s_name_too(delivery, peer):
    arrive(bounced_mail(delivery.message.message_id), sender="")
    delivery.refresh_from_db()
    assert delivery.state == "bounced"


def test_a_delay_is_told_and_changes_no_state(delivery, peer):
    arrive(bounced_mail(delivery.message.message_id, action="delayed"), return_path(delivery, peer), sender="")
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert "5.1.1" in delivery.answer


@pytest.mark.security("S-036")
@pytest.mark.parametrize("forged", ["<1234@journeyware.example>", "<" + "0" * 32 + "@mainstay.invalid>"])
def test_a_report_about_what_we_never_sent_is_set_aside(delivery, forged):
    row = arrive(bounced_mail(forged), sender="")
    assert (row.state, row.reason) == ("set_aside", "bounce")
    delivery.refresh_from_db()
    assert delivery.state == "sent"


@pytest.mark.security("S-036")
def test_another_case_s_token_reports_nothing_about_this_one(delivery, peer, cast):
    from tests.mail.post import reply_address

    other = cast.case(requester=cast.dana)
    row = arrive(bounced_mail(delivery.message.message_id), reply_address(other, cast.dana), sender="")
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert row.state == "set_aside"


def test_a_strange_bounce_opens_no_case(support):
    row = arrive(report(), sender="")
    assert (row.state, row.reason) == ("set_aside", "bounce")
    assert not Case.objects.exists()
    assert RawMail.objects.get().sender == "mailer-daemon@mx.corvid.example"
    assert parse(report()).bounce is not None

"""The demo answers its own mails through the real listener."""

from __future__ import annotations

import pytest

from mainstay.cases.models import Case, Message
from mainstay.channels.actions import press, save_draft
from mainstay.channels.models import Delivery
from mainstay.jobs import run_all
from mainstay.mail import sentmail
from mainstay.mail.models import RawMail
from mainstay.mail.queries import sent_mail
from tests.mail.post import arrive, letter


@pytest.fixture
def cast(cast_committed):
    return cast_committed


@pytest.fixture
def delivery(listener, support, demo, settings, cast) -> Delivery:
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", listener.port
    case = arrive(letter()).message.case
    draft = save_draft(case, author=cast.maya, kind="reply", body="Please try 9.3.", people=[cast.luis.id], seen=10**9, then={})
    press(draft, undo_seconds=0)
    run_all()
    return Delivery.objects.get(message__is_letter=False)


def test_what_was_sent_is_kept_to_be_looked_at(delivery, cast):
    assert delivery.state == "sent"
    assert sentmail.kept(delivery).subject == "Re: Overtime"
    assert delivery in sent_mail(cast.maya)
    assert not sent_mail(cast.luis).exists()
    assert not sent_mail(cast.nils).exists()


def test_one_click_answers_as_the_customer_and_joins_the_case(delivery):
    sentmail.answer_as_customer(delivery, "It works now, thank you!")
    run_all()
    message = Message.objects.filter(is_ours=False).latest("pk")
    assert message.case == Case.objects.get()
    assert message.visible == "It works now, thank you!"
    assert "Please try 9.3." in message.folded


def test_an_acknowledgement_can_be_answered_too(delivery, cast):
    acknowledgement = Delivery.objects.get(message__is_letter=True)
    sentmail.answer_as_customer(acknowledgement, "One more thing.")
    run_all()
    assert Message.objects.filter(is_ours=False).latest("pk").case == Case.objects.get()


def test_an_out_of_office_and_a_bounce_do_no_harm(delivery):
    before = Delivery.objects.count()
    sentmail.out_of_office(delivery)
    sentmail.bounce(delivery)
    run_all()
    delivery.refresh_from_db()
    assert delivery.state == "bounced"
    assert Case.objects.count() == 1
    assert Delivery.objects.count() == before
    assert not RawMail.objects.exclude(state="filed").exists()


def test_a_letter_is_never_answered_by_a_machine(delivery):
    sentmail.out_of_office(Delivery.objects.get(message__is_letter=True))
    assert RawMail.objects.count() == 1

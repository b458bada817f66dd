"""A reply leaves once per recipient, and whatever the other server does is known afterwards (P-07, P-08)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.channels.actions import press, retry, save_draft
from mainstay.channels.models import Delivery
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.jobs.models import Job
from mainstay.kernel import clock
from mainstay.mail import send
from mainstay.mail.actions import change_mailbox
from mainstay.mail.models import Mailbox
from mainstay.mail.parse import parse
from mainstay.mail.queries import health
from mainstay.mail.timers import try_due_deliveries
from mainstay.people.models import Address
from tests.cast import MONDAY
from tests.mail.peer import HANG_UP, SILENT
from tests.mail.post import arrive, letter


@pytest.fixture
def case(way_out, peer, cast):
    """Luis's case, after its acknowledgement has gone."""
    opened = arrive(letter(sender="Luis Almeida <luis@harbor.example>")).message.case
    peer.taken.clear()
    peer.said.clear()
    Delivery.objects.all().delete()
    return opened


def answers(cast, case, *people) -> list[Delivery]:
    draft = save_draft(
        case, author=cast.maya, kind="reply", body="Please try 9.3.", people=[p.id for p in people or [cast.luis]], seen=10**9, then={}
    )
    press(draft, undo_seconds=0)
    run_all()
    return list(Delivery.objects.order_by("pk"))


def later(**step: int) -> list[Delivery]:
    """The clock goes on, and the timer comes by."""
    clock.advance(timedelta(**step))
    try_due_deliveries.enqueue()
    run_all()
    return list(Delivery.objects.order_by("pk"))


def test_a_reply_reaches_the_server_whole_and_threaded(case, peer, cast):
    (delivery,) = answers(cast, case)
    (taken,) = peer.taken
    mail = parse(taken.data)
    assert (delivery.state, delivery.answer) == ("sent", "250 Taken")
    assert taken.recipient == "luis@harbor.example"
    assert taken.sender == mail.reply_to[0].address, "a bounce comes to the recipient's own address"
    assert mail.in_reply_to == case.messages.filter(is_ours=False).get().message_id.strip("<>")
    assert mail.from_ is not None and mail.from_.name == "Maya Ortiz"


def test_the_answer_to_it_joins_the_case(case, peer, cast):
    answers(cast, case)
    mail = parse(peer.taken[0].data)
    answer = arrive(letter("Thanks!", f"In-Reply-To: <{mail.message_id}>"), mail.reply_to[0].address)
    assert answer.message.case == case


def test_a_letter_has_no_return_path(way_out, peer):
    arrive(letter())
    assert [one.sender for one in peer.taken] == [""]
    assert parse(peer.taken[0].data).header("Auto-Submitted") == "auto-replied"


def test_a_line_that_is_a_dot_arrives_as_one(case, peer, cast):
    draft = save_draft(case, author=cast.maya, kind="reply", body="a\n\n.\n\n..b", people=[cast.luis.id], seen=10**9, then={})
    press(draft, undo_seconds=0)
    run_all()
    assert "\n.\n" in parse(peer.taken[0].data).text


@pytest.mark.reliability("R-35")
def test_one_bad_recipient_does_not_stop_the_others(case, peer, cast):
    peer.script = {"RCPT luis@harbor.example": ["550 5.1.1 No such user"], "RCPT dana@corvid.example": ["451 4.7.1 Greylisted"]}
    with clock.standing_at(MONDAY):
        by_name = {d.person.name: d for d in answers(cast, case, cast.luis, cast.dana, cast.zoe)}
        assert {name: d.state for name, d in by_name.items()} == {
            "Luis Almeida": "failed",
            "Dana Whitfield": "queued",
            "Zoe Kravitz-Petrov": "sent",
        }
        assert "No such user" in by_name["Luis Almeida"].answer
        states = {d.person.name: d.state for d in later(minutes=6)}
    assert states == {"Luis Almeida": "failed", "Dana Whitfield": "sent", "Zoe Kravitz-Petrov": "sent"}
    assert peer.counts == {"dana@corvid.example": 1, "zoe@elsewhere.example": 1}


@pytest.mark.reliability("R-32")
@pytest.mark.parametrize("step", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize("answer", ["421 4.3.2 Shutting down", "451 4.3.0 Not now", "454 4.7.0 Later", HANG_UP])
def test_a_no_for_now_at_any_step_is_tried_again_and_sent_once(case, peer, cast, step, answer):
    uncertain = step == "dot" and answer == HANG_UP
    peer.script = {step: [answer]}
    if step == "EHLO" and answer != HANG_UP:
        peer.script["HELO"] = [answer]
    with clock.standing_at(MONDAY):
        (delivery,) = answers(cast, case)
        assert delivery.state == ("uncertain" if uncertain else "queued")
        (delivery,) = later(minutes=31 if uncertain else 6)
    assert delivery.state == "sent"
    assert sum(peer.counts.values()) <= 2 if uncertain else peer.counts == {"luis@harbor.example": 1}


@pytest.mark.reliability("R-31")
def test_a_connection_that_breaks_after_the_last_byte_is_told_and_repeated_once(case, peer, cast):
    peer.script = {"after dot": [HANG_UP, HANG_UP]}
    with clock.standing_at(MONDAY):
        (delivery,) = answers(cast, case)
        assert delivery.state == "uncertain"
        assert delivery.next_at == MONDAY + timedelta(minutes=30)
        (delivery,) = later(minutes=29)
        assert len(peer.taken) == 1
        (delivery,) = later(minutes=2)
        assert (delivery.state, delivery.next_at) == ("uncertain", None)
        for _ in range(5):
            later(hours=1)
    assert len(peer.taken) == 2
    assert len({parse(one.data).message_id for one in peer.taken}) == 1
    assert health().uncertain == 1


@pytest.mark.reliability("R-31")
def test_after_that_a_person_decides(case, peer, cast):
    peer.script = {"after dot": [HANG_UP, HANG_UP]}
    with clock.standing_at(MONDAY):
        answers(cast, case)
        (delivery,) = later(minutes=31)
        assert retry(delivery, by=cast.maya)
        run_all()
    delivery.refresh_from_db()
    assert delivery.state == "sent"


@pytest.mark.reliability("R-31")
def test_a_silent_server_is_given_up_for_now(case, peer, cast, settings):
    settings.EMAIL_TIMEOUT = 1
    peer.script = {"RCPT": [SILENT]}
    (delivery,) = answers(cast, case)
    assert (delivery.state, delivery.answer) == ("queued", "The server did not answer in time.")


@pytest.mark.reliability("R-32")
def test_a_wrong_password_pauses_the_mailbox_and_burns_no_attempt(case, peer, cast, way_out):
    change_mailbox(way_out, user="support", password="old")
    peer.extensions.append("AUTH PLAIN")
    peer.script = {"AUTH": ["535 5.7.8 Bad credentials"] * 10}
    with clock.standing_at(MONDAY):
        (delivery,) = answers(cast, case)
        assert (delivery.state, delivery.attempts) == ("queued", 0)
        assert "refuses the name or the password" in delivery.answer
        assert health().paused == ["support@journeyware.example"]
        assert Event.objects.filter(kind="mailbox.paused").count() == 1
        tried = len(peer.said)
        later(minutes=10)
        assert len(peer.said) == tried, "nobody knocks while it is paused"
        way_out.refresh_from_db()
        peer.script.clear()
        change_mailbox(way_out, password="new", by=cast.ingrid)
        (delivery,) = later(seconds=31)
    assert delivery.state == "sent"
    assert health().paused == []


@pytest.mark.reliability("R-32")
def test_a_server_that_can_not_check_passwords_right_now_is_no_wrong_password(case, peer, cast, way_out):
    change_mailbox(way_out, user="support", password="right")
    peer.extensions.append("AUTH PLAIN")
    peer.script = {"AUTH": ["454 4.7.0 Temporary authentication failure"]}
    (delivery,) = answers(cast, case)
    assert delivery.state == "queued"
    assert health().paused == []


@pytest.mark.security("S-044")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_encryption_gets_nothing(case, peer, cast, way_out, security):
    change_mailbox(way_out, security=security)
    (delivery,) = answers(cast, case)
    assert delivery.state == "queued"
    assert peer.taken == []
    assert not any(said.startswith("MAIL") for said in peer.said)


@pytest.mark.security("S-044")
def test_without_encryption_only_this_machine_is_spoken_to(case, cast, way_out):
    change_mailbox(way_out, host="1.1.1.1", port=587, security="none")
    (delivery,) = answers(cast, case)
    assert delivery.answer.startswith("A connection without encryption")


@pytest.mark.reliability("R-33")
@pytest.mark.parametrize("address", ["no address", "a@b.example,c@d.example", "luis@" + "x" * 80 + ".example", "a\nb@c.example"])
def test_an_address_that_no_mail_can_go_to_fails_alone_and_visibly(case, peer, cast, address):
    Address.objects.filter(person=cast.dana).update(value=address)
    by_name = {d.person.name: d for d in answers(cast, case, cast.luis, cast.dana)}
    assert (by_name["Luis Almeida"].state, by_name["Dana Whitfield"].state) == ("sent", "failed")
    assert "address" in by_name["Dana Whitfield"].answer
    assert not Job.objects.exists()


@pytest.mark.reliability("R-33")
def test_a_subject_of_any_kind_goes_out(case, peer, cast):
    case.subject = "a <b>\u2028c\ud83d" + "x" * 400
    case.subject = case.subject.encode("utf-8", "replace").decode()
    case.save(update_fields=["subject"])
    (delivery,) = answers(cast, case)
    assert delivery.state == "sent"


def test_after_four_days_of_no_an_agent_is_told(case, peer, cast):
    peer.script = {"connect": ["421 Busy"] * 100}
    with clock.standing_at(MONDAY):
        answers(cast, case)
        (delivery,) = later(days=4, minutes=1)
    assert delivery.state == "failed"
    assert Event.objects.filter(kind="delivery.failed").exists()


def test_the_pauses_between_tries_grow(case, peer, cast):
    peer.script = {"connect": ["421 Busy"] * 100}
    pauses = []
    with clock.standing_at(MONDAY):
        (delivery,) = answers(cast, case)
        for _ in range(4):
            pauses.append(delivery.next_at - clock.now())
            (delivery,) = later(seconds=int(pauses[-1].total_seconds()) + 1)
    assert pauses == sorted(pauses) and pauses[0] < pauses[-1]


def test_a_delivery_whose_job_was_lost_is_found_again(case, peer, cast):
    with clock.standing_at(MONDAY):
        draft = save_draft(case, author=cast.maya, kind="reply", body="Hi", people=[cast.luis.id], seen=10**9, then={})
        press(draft, undo_seconds=0)
        run_all(limit=1)
        Job.objects.all().delete()
        (delivery,) = later(minutes=11)
    assert delivery.state == "sent"


def test_without_a_way_out_the_reply_fails_in_plain_words(case, cast, way_out, settings):
    settings.DEMO = False
    change_mailbox(way_out, host="")
    (delivery,) = answers(cast, case)
    assert delivery.state == "failed"
    assert delivery.answer == "The mailbox has no server to send by; name one in the settings."


def test_no_mailbox_at_all_is_said_too(case, cast):
    Mailbox.objects.update(is_active=False)
    (delivery,) = answers(cast, case)
    assert delivery.answer.startswith("There is no mailbox")


def test_a_job_that_comes_twice_sends_once(case, peer, cast):
    (delivery,) = answers(cast, case)
    send.send_delivery.enqueue(delivery.pk)
    run_all()
    assert len(peer.taken) == 1

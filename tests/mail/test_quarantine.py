"""A mail that nothing could be made of is visible work, and what a person decides happens once."""

from __future__ import annotations

import threading

import pytest

from mainstay.cases.models import Case
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.jobs.models import Job
from mainstay.kernel import blobs, clock
from mainstay.mail import process as step
from mainstay.mail.actions import attach_to_case, discard, let_in, release_as_case, retry
from mainstay.mail.child import ParserChild
from mainstay.mail.keep import Envelope, keep
from mainstay.mail.models import Mailbox, RawMail
from mainstay.mail.queries import on_hold, visible_to
from mainstay.people.access import can
from mainstay.people.actions.block import block_sender, unblock_sender
from tests.cast import MONDAY
from tests.mail.parse.letters import EVERY_KIND
from tests.mail.post import SUPPORT, arrive, letter


@pytest.fixture
def hostile(monkeypatch):
    """A parser that does what the mail asks of it."""
    child = ParserChild("tests.mail.hostile:work", wall_seconds=1.0)
    monkeypatch.setattr(step, "_here", threading.local())
    step._here.child = child
    yield child
    child.close()


def keep_and_run(raw: bytes) -> RawMail:
    """With every retry, until nothing is owed any more."""
    from datetime import timedelta

    (row,) = keep(raw, Envelope("luis@harbor.example", (SUPPORT,)))
    run_all(until=clock.now() + timedelta(hours=2), raise_errors=False)
    row.refresh_from_db()
    return row


@pytest.fixture
def held(support, hostile) -> RawMail:
    """A mail that no parser survives."""
    with clock.standing_at(MONDAY):
        return keep_and_run(letter("please die\r\n"))


@pytest.mark.reliability("R-21")
@pytest.mark.parametrize("way", ["die", "hang", "raise", "lie"])
def test_the_third_failure_is_quarantine_with_its_reason_and_the_queue_goes_on(support, hostile, way):
    with clock.standing_at(MONDAY):
        bad = keep_and_run(letter(f"please {way}\r\n"))
        good = keep_and_run(letter("Good morning.\r\n"))
    assert (bad.state, bad.reason, bad.attempts) == ("quarantined", "parser died", 3)
    assert bad.defects
    assert good.state == "filed"
    assert not Job.objects.exists()


@pytest.mark.reliability("R-20")
def test_a_good_mail_behind_a_bad_one_does_not_wait(support, hostile):
    bad = keep(letter("please die\r\n"), Envelope("luis@harbor.example", (SUPPORT,)))[0]
    good = keep(letter("Good morning.\r\n"), Envelope("luis@harbor.example", (SUPPORT,)))[0]
    run_all(raise_errors=False)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == ("waiting", "filed")


@pytest.mark.reliability("R-21")
def test_what_fails_while_it_is_filed_ends_in_quarantine_too(support, monkeypatch):
    def broken(*ignored: object, **also: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mainstay.mail.filing.take_in", broken)
    with clock.standing_at(MONDAY):
        mail = keep_and_run(letter())
    assert (mail.state, mail.reason) == ("quarantined", "failing")
    assert not Case.objects.exists()


def test_bytes_that_are_gone_are_said_to_be(support, monkeypatch):
    (row,) = keep(letter(), Envelope("luis@harbor.example", (SUPPORT,)))
    RawMail.objects.filter(pk=row.pk).update(hash="0" * 64)
    run_all()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("quarantined", "bytes gone")


@pytest.mark.reliability("R-24")
def test_retry_after_a_fix_files_it(held, hostile, cast):
    step._here.child = ParserChild()
    assert retry(held, by=cast.maya)
    run_all()
    held.refresh_from_db()
    assert held.state == "filed"
    assert held.message.case.requester == cast.luis


@pytest.mark.reliability("R-24")
def test_released_it_is_a_case_with_the_mail_as_it_came(held, cast):
    assert release_as_case(held, by=cast.maya)
    run_all()
    held.refresh_from_db()
    (file,) = held.message.attachments.all()
    assert held.message.case.requester == cast.luis
    assert "could not be read" in held.message.body
    assert (file.name, file.type) == ("mail.eml", "message/rfc822")
    assert blobs.read(file.hash).endswith(b"please die\r\n")


@pytest.mark.reliability("R-24")
def test_put_to_a_case_it_stands_there_as_unproven(held, cast):
    case = cast.case()
    assert attach_to_case(held, case, by=cast.maya)
    run_all()
    held.refresh_from_db()
    assert held.message.case == case
    assert not held.message.is_proven
    assert Event.objects.get(kind="mail.attached").actor == cast.maya.id


@pytest.mark.reliability("R-24")
def test_discarded_it_makes_no_case_and_leaves_its_bytes_and_who_did_it(held, cast):
    assert discard(held, by=cast.maya)
    run_all()
    assert held.state == "discarded"
    assert blobs.is_kept(held.hash)
    assert Event.objects.get(kind="mail.discarded").actor == cast.maya.id
    assert not Case.objects.exists()


@pytest.mark.reliability("R-24")
def test_two_people_who_decide_at_once_make_one_result(held, cast):
    same = RawMail.objects.get(pk=held.pk)
    assert release_as_case(held, by=cast.maya)
    assert not discard(same, by=cast.tom)
    assert not release_as_case(same, by=cast.tom)
    assert not retry(same, by=cast.tom)
    run_all()
    assert Case.objects.count() == 1
    assert not let_in(RawMail.objects.get(pk=held.pk), by=cast.tom)


def test_a_blocked_sender_s_mail_can_be_let_in(support, cast):
    block_sender("luis@harbor.example", by=cast.maya)
    mail = arrive(letter())
    assert let_in(mail, by=cast.maya)
    run_all()
    mail.refresh_from_db()
    assert mail.state == "filed"
    unblock_sender("luis@harbor.example", by=cast.maya)


def test_an_automatic_answer_that_is_let_in_is_still_answered_by_nothing(support, cast):
    mail = arrive(letter("I am away.\r\n", "Auto-Submitted: auto-replied"))
    let_in(mail, by=cast.maya)
    run_all()
    mail.refresh_from_db()
    assert mail.state == "filed"
    assert Event.objects.get(kind="case.opened").data["answerable"] is False


def test_a_mail_from_nobody_can_still_be_let_in(support, cast):
    mail = arrive(b"Subject: Hm\r\n\r\nWho am I?\r\n", sender="")
    let_in(mail, by=cast.maya)
    run_all()
    mail.refresh_from_db()
    assert mail.message.author.addresses.count() == 0


def test_the_page_shows_it_to_the_mailbox_s_team_and_to_nobody_else(held, cast):
    assert list(on_hold(cast.maya)) == [held]
    assert list(on_hold(cast.ingrid)) == [held]
    assert not on_hold(cast.nils).exists()
    assert not visible_to(cast.luis).exists()


def test_a_mail_for_no_mailbox_is_ingrid_s_to_decide_about_and_becomes_the_default_team_s_case(held, cast):
    RawMail.objects.update(mailbox=None)
    orphan = RawMail.objects.get()
    assert list(on_hold(cast.ingrid)) == [orphan]
    assert can(cast.ingrid, "work", orphan)
    for person in (cast.maya, cast.aiko, cast.nils, cast.luis):
        assert not visible_to(person).exists()
        assert not can(person, "see", orphan)
    assert release_as_case(orphan, by=cast.ingrid)
    run_all()
    orphan.refresh_from_db()
    assert (orphan.state, orphan.message.case.team) == ("filed", cast.support)


@pytest.mark.security("S-046")
def test_the_list_and_the_permission_say_the_same_of_every_mail(held, cast):
    billing = Mailbox.objects.create(address="billing@journeyware.example", team=cast.billing)
    for mailbox in (billing, None):
        RawMail.objects.create(hash=held.hash, size=1, mailbox=mailbox, envelope_to="x@journeyware.example", received_at=MONDAY)
    everybody = (cast.ingrid, cast.maya, cast.nils, cast.luis)
    seen = {person.name: visible_to(person).count() for person in everybody}
    assert seen == {"Ingrid Solberg": 3, "Maya Ortiz": 1, "Nils Brandt": 1, "Luis Almeida": 0}
    for row in RawMail.objects.all():
        for person in everybody:
            assert can(person, "see", row) == visible_to(person).filter(pk=row.pk).exists()


@pytest.mark.reliability("R-20")
@pytest.mark.parametrize("kind", sorted(EVERY_KIND))
def test_mails_of_every_kind_end_somewhere(support, kind):
    assert arrive(EVERY_KIND[kind]).state in {"filed", "set_aside"}


@pytest.mark.reliability("R-20")
def test_four_hundred_broken_mails_end_somewhere_and_a_good_one_follows(support, cast):
    import random

    rng = random.Random(20)
    whole = list(EVERY_KIND.values())
    for number in range(400):
        raw = bytearray(rng.choice(whole))
        for _ in range(rng.randint(1, 12)):
            place = rng.randrange(len(raw))
            match rng.randrange(4):
                case 0:
                    raw[place] = rng.randrange(256)
                case 1:
                    del raw[place : place + rng.randint(1, 40)]
                case 2:
                    raw[place:place] = rng.choice(
                        [b"\x00", b"\r", b"\n", b"=?", b'"', b"(", b"<", b"\xff\xfe", b"--harbor-wall", b"charset="]
                    ) * rng.randint(1, 5)
                case _:
                    raw[place:place] = raw[: rng.randint(1, 60)]
            if not raw:
                raw = bytearray(b"\r\n")
        keep(bytes(raw), Envelope(f"p{number}@crowd.example", (SUPPORT,)))
    run_all(raise_errors=False)
    assert not RawMail.objects.filter(state="waiting").exists()
    assert arrive(letter(sender="Dana <dana@corvid.example>")).state == "filed"

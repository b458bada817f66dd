"""Every accepted mail is somewhere, and the command proves it."""

from __future__ import annotations

import pytest

from mainstay.cli.main import main
from mainstay.jobs import run_all
from mainstay.jobs.models import Job
from mainstay.kernel.checkup import examine
from mainstay.mail.keep import Envelope, keep
from mainstay.mail.models import RawMail
from mainstay.mail.reconcile import accounts
from mainstay.people.actions.block import block_sender
from tests.mail.post import SUPPORT, arrive, letter


@pytest.fixture
def traffic(support, billing, cast):
    """One of everything."""
    raw = letter(to=f"{SUPPORT}, {billing.address}")
    arrive(raw, SUPPORT, billing.address)
    arrive(raw)
    block_sender("zoe@elsewhere.example", by=cast.maya)
    arrive(letter(sender="zoe@elsewhere.example"))
    arrive(b"Subject: Hm\r\n\r\nWho am I?\r\n", sender="")
    keep(letter(), Envelope("luis@harbor.example", (SUPPORT,)))


@pytest.mark.reliability("R-04")
def test_the_sums_are_equal_per_mailbox_and_day(traffic):
    books = {account.mailbox: account for account in accounts()}
    assert books[SUPPORT].accepted == 5
    assert dict(books[SUPPORT].states) == {"filed": 1, "duplicate": 1, "set_aside": 2, "waiting": 1}
    assert dict(books["billing@journeyware.example"].states) == {"duplicate": 1}
    assert all(account.balances for account in books.values())


@pytest.mark.reliability("R-04")
def test_the_command_says_so(traffic, capsys):
    assert main(["reconcile"]) == 0
    told = capsys.readouterr().out
    assert "5 accepted = 1 waiting, 1 filed, 1 duplicate, 2 set aside" in told
    assert "Everything balances: 6 mails." in told


@pytest.mark.reliability("R-04")
@pytest.mark.parametrize("loss", ["job", "message", "bytes", "original", "reason"])
def test_a_gap_is_named_by_its_receipt(traffic, capsys, loss):
    run = RawMail.objects.filter(state="filed")
    if loss == "job":
        lost = RawMail.objects.get(state="waiting")
        Job.objects.all().delete()
    elif loss == "message":
        lost = run.get()
        run.update(message=None)
    elif loss == "bytes":
        lost = run.get()
        RawMail.objects.filter(pk=lost.pk).update(hash="f" * 64)
    elif loss == "original":
        lost = RawMail.objects.filter(state="duplicate").latest("pk")
        RawMail.objects.filter(pk=lost.pk).update(duplicate_of=None)
    else:
        lost = RawMail.objects.filter(state="set_aside").latest("pk")
        RawMail.objects.filter(pk=lost.pk).update(reason="")
    assert main(["reconcile"]) == 1
    assert f"mail {lost.pk}: " in capsys.readouterr().out


def test_a_waiting_mail_whose_job_was_lost_is_found_by_the_timer(traffic, cast):
    from datetime import timedelta

    from mainstay.kernel import clock
    from mainstay.mail.timers import process_orphans

    Job.objects.all().delete()
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        process_orphans.enqueue()
        run_all()
    assert not RawMail.objects.filter(state="waiting").exists()


def test_the_doctor_looks_at_mail(traffic):
    told = [finding.sentence for finding in examine()]
    assert any("support@journeyware.example has no server to send by" in sentence for sentence in told)
    assert "No kept mail has waited to be filed for long." in told

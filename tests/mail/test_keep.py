"""What was handed to us is on the disk, once, with a receipt for each of our mailboxes."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import connection

from mainstay.jobs.models import Job
from mainstay.kernel import blobs, clock
from mainstay.mail.actions import change_mailbox
from mainstay.mail.keep import Envelope, NoRoom, NotOurs, keep
from mainstay.mail.models import RawMail
from tests.cast import MONDAY
from tests.mail.post import SUPPORT, arrive, letter, reply_address

Usage = namedtuple("Usage", "total used free")


def test_a_mail_is_kept_byte_for_byte_before_anything_looks_at_it(support):
    raw = letter(b"\x00\xff not even text \r\n")
    (row,) = keep(raw, Envelope("luis@harbor.example", (SUPPORT,)), peer="192.0.2.7")
    assert blobs.read(row.hash) == raw
    assert (row.state, row.envelope_from, row.envelope_to, row.peer) == ("waiting", "luis@harbor.example", SUPPORT, "192.0.2.7")
    assert Job.objects.get().args == [row.pk]


def test_keeping_costs_three_statements(support, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # a savepoint round them, and one read of our addresses
        keep(letter(), Envelope("luis@harbor.example", (SUPPORT,)))


@pytest.mark.reliability("R-12")
def test_the_same_delivery_again_is_recorded_as_a_copy_and_filed_once(support):
    raw = letter()
    first, again = arrive(raw), arrive(raw)
    assert first.state == "filed"
    assert (again.state, again.duplicate_of, again.reason) == ("duplicate", first, "delivered again")
    assert RawMail.objects.filter(state="filed").count() == 1


@pytest.mark.reliability("R-12")
def test_the_same_words_without_id_or_date_are_another_mail_when_a_week_has_passed(support):
    raw = b"From: alarm@harbor.example\r\nSubject: The disk is full\r\n\r\nAgain.\r\n"
    with clock.standing_at(MONDAY):
        first = arrive(raw)
        clock.advance(timedelta(hours=1))
        assert arrive(raw).duplicate_of == first
        clock.advance(timedelta(days=7))
        later = arrive(raw)
    assert later.state == "filed"
    assert later.message.case != first.message.case


@pytest.mark.reliability("R-05")
def test_one_mail_to_two_of_our_mailboxes_is_one_case_and_a_linked_copy(support, billing):
    raw = letter(to=f"{SUPPORT}, {billing.address}")
    first = arrive(raw, SUPPORT, billing.address)
    copy = RawMail.objects.get(mailbox=billing)
    assert first.message.case.team == support.team
    assert (copy.state, copy.duplicate_of, copy.reason) == ("duplicate", first, "same mail")


@pytest.mark.reliability("R-05")
def test_the_same_mail_by_two_roads_is_one_case_too(support, billing):
    raw = letter(to=f"{SUPPORT}, {billing.address}")
    first = arrive(b"Received: from one by two\r\n" + raw, SUPPORT)
    copy = arrive(b"Received: from three by four\r\n" + raw, billing.address)
    assert (copy.state, copy.duplicate_of) == ("duplicate", first)


def test_an_answer_to_two_cases_reaches_both(support, cast):
    one, other = cast.case(), cast.case(requester=cast.dana)
    arrive(letter(), reply_address(one, cast.luis), reply_address(other, cast.dana))
    assert [mail.message.case for mail in RawMail.objects.order_by("pk")] == [one, other]


def test_an_address_and_its_alias_are_one_mailbox(support):
    assert len(keep(letter(), Envelope("luis@harbor.example", ("Help@Journeyware.Example", SUPPORT)))) == 1


def test_nobody_else_s_mail_is_kept(support):
    change_mailbox(support, is_active=False)
    with pytest.raises(NotOurs):
        keep(letter(), Envelope("luis@harbor.example", (SUPPORT, "elsewhere@other.example")))


@pytest.mark.reliability("R-03")
@pytest.mark.parametrize(("total", "free"), [(500 * 2**30, 2**30), (2 * 2**30, 200 * 2**20)])
def test_the_reserve_of_the_disk_is_not_touched(support, monkeypatch, total, free):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(total, total - free, free))
    with pytest.raises(NoRoom):
        keep(letter(), Envelope("luis@harbor.example", (SUPPORT,)))
    assert not RawMail.objects.exists()


def test_the_receipt_says_who_and_when_by_our_clock(support):
    with clock.standing_at(MONDAY):
        row = arrive(letter("Hi", "Date: Sat, 1 Jan 2050 00:00:00 +0000"))
    assert row.received_at == MONDAY
    assert connection.vendor in {"sqlite", "postgresql"}

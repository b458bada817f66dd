"""A case is opened."""

from __future__ import annotations

import pytest

from mainstay.cases.models import Audience, Case, Participant
from mainstay.events.models import Event
from mainstay.kernel import clock
from tests.cast import MONDAY, words


def test_luis_gets_a_case_with_nine_digits_that_says_who_asked(cast):
    with clock.standing_at(MONDAY):
        case = cast.case()
    assert len(str(case.number)) == 9
    assert case.requester == cast.luis
    assert case.organization == cast.harbor
    assert case.opened_at == MONDAY
    assert case.severity.level == 3


def test_the_next_number_tells_nothing_about_the_one_before(cast):
    first, second = cast.case(), cast.case()
    assert abs(first.number - second.number) > 1


def test_who_was_copied_on_the_opening_mail_takes_part(cast):
    case = cast.case(copied=[cast.dana])
    roles = dict(Participant.objects.filter(case=case).values_list("person__name", "role"))
    assert roles == {"Luis Almeida": "requester", "Dana Whitfield": "copied"}


def test_the_log_says_that_it_was_opened_without_a_word_of_his(cast):
    case = cast.case(subject="Secret subject", body="secret body")
    event = Event.objects.get(kind="case.opened")
    assert event.case == case.id
    assert event.actor == cast.luis.id
    assert "ecret" not in str(event.data)


def test_the_writer_is_in_the_audience_of_what_he_wrote(cast):
    case = cast.case()
    assert Audience.objects.get(message__case=case).person == cast.luis


@pytest.mark.parametrize("subject", ["a\nb\r\nc", "  a b  c "])
def test_a_subject_is_one_line(cast, subject):
    assert "\n" not in cast.case(subject=subject).subject


def test_a_case_opens_and_its_event_vanish_together(cast):
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        cast.case()
        raise ZeroDivisionError
    assert not Case.objects.exists()
    assert not Event.objects.filter(kind="case.opened").exists()


def test_opening_costs_the_same_number_of_queries_whoever_takes_part(cast, django_assert_max_num_queries):
    cast.case()
    with django_assert_max_num_queries(24):
        cast.case(copied=[cast.dana, cast.zoe])
    assert words(cast.luis).channel == "email"

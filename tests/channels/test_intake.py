"""What customers write finds its case, or gets one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.cases.actions import resolve, wait
from mainstay.cases.models import Case, CaseLink, Participant
from mainstay.channels import tokens
from mainstay.channels.intake import Incoming, take_in
from mainstay.channels.models import ReplyToken
from mainstay.kernel import clock
from tests.cast import MONDAY, words


def arrives(cast, sender, body="It happened again.", **more):
    return take_in(Incoming(words=words(sender, body), sender=sender, subject="Overtime", team=cast.support, **more))


def test_a_proven_answer_joins_its_case(cast):
    case = cast.case()
    message = arrives(cast, cast.luis, case=case)
    assert message.case == case
    assert Case.objects.count() == 1


@pytest.mark.security("S-027")
def test_whoever_merely_quotes_the_number_gets_a_linked_case_of_their_own(cast):
    case = cast.case()
    message = arrives(cast, cast.zoe, hints=[case])
    assert message.case != case
    link = CaseLink.objects.get(case=message.case)
    assert (link.other, link.kind) == (case, "hint")
    assert not case.participants.filter(person=cast.zoe).exists()


def test_an_answer_reopens_a_resolved_case_at_no_cost(cast):
    case = cast.case()
    resolve(case, how="answered", by=cast.maya)
    arrives(cast, cast.luis, case=case)
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert case.resolutions.get().reopened_at is not None


def test_an_answer_wakes_a_waiting_case(cast):
    case = cast.case()
    wait(case, on="customer", until=None, by=cast.maya)
    arrives(cast, cast.luis, case=case)
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert case.waits.get().ended_by == "reply"


def test_an_out_of_office_reply_neither_wakes_nor_reopens(cast):
    case = cast.case()
    wait(case, on="customer", until=None, by=cast.maya)
    arrives(cast, cast.luis, case=case, wakes=False, answerable=False)
    case.refresh_from_db()
    assert case.state == Case.State.WAITING


def test_after_ninety_days_an_answer_opens_a_new_case_that_names_the_old(cast):
    with clock.standing_at(MONDAY):
        case = cast.case()
        resolve(case, how="answered", by=cast.maya)
        clock.advance(timedelta(days=89))
        assert arrives(cast, cast.luis, case=case).case == case
        case.refresh_from_db()
        resolve(case, how="answered", by=cast.maya)
        clock.advance(timedelta(days=91))
        late = arrives(cast, cast.luis, case=case)
    assert late.case != case
    assert CaseLink.objects.get(case=late.case).kind == "late"


@pytest.mark.security("S-029")
def test_somebody_whom_a_later_mail_copies_is_only_offered(cast):
    case = cast.case()
    arrives(cast, cast.luis, case=case, copied=[cast.zoe])
    assert Participant.objects.get(case=case, person=cast.zoe).role == Participant.Role.OFFERED


@pytest.mark.security("S-028")
def test_a_token_belongs_to_one_person_and_one_case(cast):
    case, other = cast.case(), cast.case(requester=cast.dana)
    value = tokens.token_for(case, cast.luis)
    assert tokens.find(value).case == case
    assert tokens.find(value).person == cast.luis
    assert tokens.token_for(other, cast.luis) != value
    assert tokens.token_for(case, cast.dana) != value


@pytest.mark.security("S-028")
def test_nothing_but_the_whole_token_is_found(cast):
    value = tokens.token_for(cast.case(), cast.luis)
    for wrong in (value[:-1], value + "0", value.upper() if value != value.upper() else value[::-1], "", "0" * 32):
        assert tokens.find(wrong) is None
    assert not ReplyToken.objects.filter(hash=value).exists()


def test_asking_twice_gives_the_same_token_and_one_row(cast):
    case = cast.case()
    assert tokens.token_for(case, cast.luis) == tokens.token_for(case, cast.luis)
    assert ReplyToken.objects.filter(case=case, person=cast.luis).count() == 1

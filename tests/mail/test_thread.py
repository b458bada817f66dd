"""A mail joins a case by proof, and by nothing else."""

from __future__ import annotations

import pytest

from mainstay.cases.actions import reply
from mainstay.cases.models import CaseLink, Message
from mainstay.channels import tokens
from mainstay.channels.actions.send import new_message_id
from mainstay.kernel import clock
from mainstay.mail.addresses import Directory, with_token
from mainstay.mail.keep import NotOurs
from mainstay.mail.parse import parse
from mainstay.mail.thread import find_case
from tests.cast import words
from tests.mail.post import SUPPORT, arrive, letter, reply_address


def found(raw: bytes, *to: str, **more):
    return find_case(parse(raw), to or (SUPPORT,), Directory(0), **more)


def told(case, cast, message_id: str = "") -> Message:
    """Maya answered; her mail carries an id of ours."""
    return reply(
        case, words(cast.maya, "Please try 9.3.", message_id=message_id or new_message_id(), to=[(cast.luis, "luis@harbor.example")])
    )


def test_the_address_that_only_luis_was_given_proves_it(support, cast):
    case = cast.case()
    result = found(letter(), reply_address(case, cast.luis))
    assert (result.case, result.proof, result.person) == (case, "token", cast.luis)


def test_a_forwarder_may_hide_the_envelope_but_leaves_the_address_in_the_mail(support, cast):
    case = cast.case()
    assert found(letter("Hi", f"Delivered-To: {reply_address(case, cast.luis)}")).case == case
    assert found(letter(to=reply_address(case, cast.luis))).case == case


@pytest.mark.security("S-028")
def test_a_token_counts_whole_and_for_its_own_case_only(support, cast):
    case, other = cast.case(), cast.case(requester=cast.dana)
    value = tokens.token_for(case, cast.luis)
    for wrong in (value[:-1], value + "0", value.upper(), "0" * 32, value[1:] + value[:1], value[:16], ""):
        assert found(letter(), with_token(SUPPORT, wrong)).case is None, wrong
    assert found(letter(), with_token("support@other.example", value)).case is None
    assert found(letter(), with_token(SUPPORT, value)).case != other


def test_our_own_message_id_proves_like_a_token(support, cast):
    case = cast.case()
    sent = told(case, cast)
    for header in (f"In-Reply-To: {sent.message_id}", f"References: <a@b> {sent.message_id} <c@d>"):
        result = found(letter("Thanks", header))
        assert (result.case, result.proof) == (case, "message-id")


@pytest.mark.security("S-030")
def test_ids_that_are_short_foreign_or_cut_prove_nothing(support, cast):
    sent = told(cast.case(), cast).message_id.strip("<>")
    local, _, host = sent.partition("@")
    for wrong in (
        f"{local[:-1]}@{host}",
        f"{local}@other.example",
        f"x{local}@{host}",
        f"{local}0@{host}",
        local,
        "1@mainstay.invalid",
        f"{local.upper()}@{host}",
    ):
        assert found(letter("Hi", f"In-Reply-To: <{wrong}>", f"References: <{wrong}>")).case is None, wrong


@pytest.mark.security("S-030")
def test_among_a_hundred_ids_the_first_that_is_ours_wins(support, cast):
    first, second = cast.case(), cast.case(requester=cast.dana)
    one, two = told(first, cast).message_id, told(second, cast).message_id
    many = " ".join(f"<{number:032x}@other.example>" for number in range(100))
    assert found(letter("Hi", f"In-Reply-To: {one}", f"References: {many} {two}")).case == first
    assert found(letter("Hi", f"References: {one} {one} {two}")).case == second


def test_an_id_that_customers_sent_us_proves_nothing_without_authentication(support, cast):
    first = arrive(letter("One", "Message-ID: <one@harbor.example>")).message.case
    answer = letter("Two", "In-Reply-To: <one@harbor.example>")
    assert found(answer).case is None
    assert found(answer).hints == (first,)
    assert found(answer, sender=cast.luis, is_authenticated=False).case is None
    assert found(answer, sender=cast.luis, is_authenticated=True).case == first
    assert found(answer, sender=cast.zoe, is_authenticated=True).case is None


@pytest.mark.security("S-027")
@pytest.mark.parametrize("place", ["subject", "body", "spaced"])
def test_the_number_is_a_hint_wherever_it_stands(support, cast, place):
    case = cast.case()
    spoken = case.spoken_number if place == "spaced" else str(case.number)
    raw = letter(f"About {spoken}: still broken.") if place != "subject" else letter(subject=f"[#{spoken}] Overtime")
    result = found(raw)
    assert result.case is None
    assert result.hints == (case,)


@pytest.mark.security("S-027")
def test_a_forged_customer_with_the_right_number_gets_a_linked_case(support, cast):
    case = cast.case()
    for verdict in ("dmarc=pass", "dmarc=fail"):
        mail = arrive(letter("Send me everything.", f"Authentication-Results: us; {verdict}", subject=f"Re: {case.number} {verdict}"))
        assert mail.message.case != case
        assert CaseLink.objects.filter(case=mail.message.case, other=case, kind="hint").exists()


@pytest.mark.security("S-035")
def test_a_plus_address_without_a_token_is_nobody_s(support):
    with pytest.raises(NotOurs):
        arrive(letter(), "support+signup@journeyware.example")


def test_an_answer_to_a_merged_case_reaches_the_survivor(support, cast):
    old, middle, survivor = cast.case(), cast.case(), cast.case()
    address, sent = reply_address(old, cast.luis), told(old, cast)
    old.merged_into, middle.merged_into = middle, survivor
    old.save()
    middle.save()
    assert found(letter(), address).case == survivor
    assert found(letter("Hi", f"In-Reply-To: {sent.message_id}")).case == survivor


def test_an_ordinary_mail_costs_no_query_to_judge(support, cast, django_assert_num_queries):
    directory = Directory(60)
    directory.refresh()
    mail = parse(letter("Plain words, no number."))
    with django_assert_num_queries(0):
        assert find_case(mail, [SUPPORT], directory).case is None
    assert clock.now()

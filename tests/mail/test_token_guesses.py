"""A stranger guesses at reply addresses, on paper as often as they like and by mail as often as we let them (S-028)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from mainstay.cases.models import Case
from mainstay.channels import tokens
from mainstay.kernel import clock
from mainstay.mail.actions import make_mailbox
from mainstay.mail.models import RawMail
from tests.cast import MONDAY, Cast
from tests.mail.listener import Listener
from tests.mail.post import SUPPORT, arrive, letter, reply_address

A_HUNDRED_THOUSAND = 100_000
HEXADECIMAL = "0123456789abcdef"


def neighbours(value: str) -> Iterator[str]:
    """Every token that differs in one digit, and in two that changed places, or that is turned round."""
    for place, digit in enumerate(value):
        yield from (f"{value[:place]}{other}{value[place + 1 :]}" for other in HEXADECIMAL if other != digit)
    for place in range(len(value) - 1):
        yield f"{value[:place]}{value[place + 1]}{value[place]}{value[place + 2 :]}"
    yield from (value[place:] + value[:place] for place in range(1, len(value)))


def ids_in_disguise(case: Case) -> Iterator[str]:
    """What somebody would try who thinks that a number stands in it."""
    for number in (case.pk, case.number, int(case.opened_at.timestamp())):
        for step in range(-100, 100):
            yield f"{number + step:032x}"
            yield f"{number + step:032d}"
            yield f"{number + step:016x}" * 2


@pytest.mark.security("S-028")
def test_a_hundred_thousand_guesses_meet_none_of_a_hundred_thousand_tokens() -> None:
    value = tokens.derive(1, 1)
    dice = random.Random(value)
    guesses = (set(neighbours(value)) - {value}) | {f"{number:032x}" for number in range(50_000)}
    while len(guesses) < A_HUNDRED_THOUSAND:
        guesses.add(f"{dice.getrandbits(128):032x}")
    assert not guesses & {tokens.derive(case, person) for case in range(1, 1_001) for person in range(1, 101)}


@pytest.mark.security("S-028")
def test_whoever_knows_all_but_one_digit_or_all_our_numbers_finds_nothing(cast: Cast) -> None:
    case = cast.case()
    value = tokens.token_for(case, cast.luis)
    guesses = {*neighbours(value), *ids_in_disguise(case)} - {value}
    assert len(guesses) > 1_500
    assert [guess for guess in guesses if tokens.find(guess)] == []
    assert tokens.find(value).case == case


@pytest.mark.security("S-028")
def test_a_part_of_a_token_or_more_than_one_is_no_token(cast: Cast) -> None:
    value = tokens.token_for(cast.case(), cast.luis)
    cut = [value[:length] for length in range(32)] + [value[length:] for length in range(1, 32)]
    longer = [f"{value}{more}" for more in ("0", " ", "\n", "\x00", "%", "*", value)] + [f" {value}", f"*{value[1:]}", f"%{value[1:]}"]
    cased = [value[:place] + value[place].upper() + value[place + 1 :] for place in range(32) if value[place].isalpha()]
    wide = [value.replace(value[0], chr(ord(value[0]) + 0xFEE0), 1)]
    for wrong in [*cut, *longer, *cased, *wide]:
        assert tokens.find(wrong) is None, repr(wrong)


@pytest.mark.security("S-028")
@pytest.mark.security("S-065")
def test_a_hundred_thousand_tokens_are_all_different_and_say_nothing_of_whom_they_are_for() -> None:
    made = [tokens.derive(case, person) for case in range(1, 1_001) for person in range(1, 101)]
    assert len(set(made)) == A_HUNDRED_THOUSAND
    assert all(len(one) == 32 and set(one) <= set(HEXADECIMAL) for one in made)
    for place in range(32):
        seen = Counter(one[place] for one in made)
        assert min(seen.values()) > 5_700 and max(seen.values()) < 6_800, "each digit about as often at each place"
    assert sum(f"{case:x}" in tokens.derive(case, 7) for case in range(2**28, 2**28 + 2_000)) == 0, "no id stands in it"


@pytest.mark.security("S-028")
def test_another_installation_makes_other_tokens(settings) -> None:
    ours = tokens.derive(7, 9)
    settings.SECRETS_KEY = "another key that is long enough to be one"
    assert tokens.derive(7, 9) != ours


@pytest.mark.security("S-028")
def test_three_hundred_guesses_at_the_door_are_refused_and_each_conversation_ends_after_twenty(
    cast_committed: Cast, listener: Listener
) -> None:
    make_mailbox(SUPPORT, team=cast_committed.support)
    value = tokens.token_for(cast_committed.case(), cast_committed.luis)
    guesses = [SUPPORT.replace("@", f"+{guess}@") for guess in list(neighbours(value))[:300]]
    begin = [b"EHLO mx.elsewhere.example\r\n", b"MAIL FROM:<zoe@elsewhere.example>\r\n"]
    for start in range(0, 300, 25):
        tries = b"".join(f"RCPT TO:<{guess}>\r\n".encode() for guess in guesses[start : start + 25])
        said = listener.speak(*begin, tries)[-1]
        codes = [line[:3] for line in said.splitlines()]
        assert codes[:20] == [b"550"] * 20
        assert set(codes[20:]) == {b"421"}
    assert not RawMail.objects.exists()


@pytest.mark.security("S-028")
def test_three_hundred_guesses_inside_mails_join_nothing_and_are_set_aside_after_an_hours_worth(support, cast: Cast) -> None:
    with clock.standing_at(MONDAY):
        case = cast.case()
        guesses = list(neighbours(tokens.token_for(case, cast.luis)))[:300]
        for number in range(0, 300, 4):
            to = ", ".join(SUPPORT.replace("@", f"+{guess}@") for guess in guesses[number : number + 4])
            arrive(letter(f"Try {number}", f"Delivered-To: {to}", sender="zoe@elsewhere.example", to=to, subject=f"Try {number}"))
    assert case.messages.filter(is_ours=False).count() == 1
    assert RawMail.objects.filter(state="set_aside", reason="too many").count() == 75 - 60
    assert Case.objects.exclude(pk=case.pk).count() == 60


@pytest.mark.security("S-028")
def test_a_token_from_one_case_opens_no_other_whoever_uses_it(support, billing, cast: Cast) -> None:
    of_luis, of_dana = cast.case(), cast.case(requester=cast.dana)
    address = reply_address(of_luis, cast.luis)
    for raw in (letter(f"[{of_dana.spoken_number}]"), letter(sender="dana@corvid.example", subject=f"Re: {of_dana.number}")):
        assert arrive(raw, address).message.case == of_luis
    assert of_dana.messages.filter(is_ours=False).count() == 1

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from mainstay.kernel import clock, limits
from mainstay.people.actions import agents
from mainstay.people.models import Person
from mainstay.ui.accounts import TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, WINDOW
from tests.cast import MONDAY, PASSWORD, Cast

SIGN_IN = "/account/sign-in"
SECOND_STEP = "/account/two-factor/authenticate/"
HERE = "203.0.113.9"
MAYA = "maya@journeyware.example"


def sign_in(client: Client, email: str = MAYA, password: str = PASSWORD, address: str = HERE, **more: str):
    return client.post(SIGN_IN, {"login": email, "password": password, **more}, REMOTE_ADDR=address)


def shown_now(seed: str) -> str:
    """What a telephone shows."""
    return str(auth.format_hotp_value(auth.hotp_value(seed, next(auth.yield_hotp_counters_from_time()))))


def tries_counted() -> int:
    """How many tries stand against the address now."""
    key = f"sign-in address {HERE}"
    before = limits.count(key, WINDOW) - 1
    limits.give_back(clock.now(), key, WINDOW)
    return before


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_maya_signs_in(cast: Cast, client: Client) -> None:
    assert sign_in(client).status_code == HTTPStatus.FOUND
    assert is_signed_in(client)


@pytest.mark.security("S-060")
def test_a_guesser_cannot_tell_known_unknown_and_disabled_apart(cast: Cast) -> None:
    agents.disable_agent(cast.tom.agent, by=cast.ingrid)
    tries = [
        (MAYA, "wrong"),
        ("nobody@journeyware.example", "wrong"),
        ("tom@journeyware.example", PASSWORD),
        ("luis@harbor.example", "wrong"),
    ]
    answers = [sign_in(Client(), email, password) for email, password in tries]
    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    assert len({answer.context["form"].non_field_errors()[0] for answer in answers}) == 1


@pytest.mark.security("S-059")
def test_a_disabled_agent_does_not_come_in(cast: Cast, client: Client) -> None:
    agents.disable_agent(cast.maya.agent, by=cast.ingrid)
    sign_in(client)
    assert not is_signed_in(client)


@pytest.mark.security("S-061")
@pytest.mark.parametrize("email", [MAYA, "nobody@journeyware.example"])
def test_an_account_is_tried_five_times_wherever_from(cast: Cast, email: str) -> None:
    with clock.standing_at(MONDAY):
        statuses = [sign_in(Client(), email.upper(), "wrong", f"203.0.113.{place}").status_code for place in range(TRIES_PER_ACCOUNT + 1)]
        assert statuses == [HTTPStatus.OK] * TRIES_PER_ACCOUNT + [HTTPStatus.TOO_MANY_REQUESTS]
        late = Client()
        assert sign_in(late, MAYA if email == MAYA else email).status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert not is_signed_in(late)
        clock.advance(timedelta(minutes=5))
        assert sign_in(Client(), email, "wrong").status_code == HTTPStatus.OK


@pytest.mark.security("S-061")
def test_a_sprayer_is_stopped_by_address_and_a_made_up_header_does_not_help(cast: Cast) -> None:
    def spray(place: int) -> int:
        forged = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{place}"}
        answer = Client().post(SIGN_IN, {"login": f"a{place}@journeyware.example", "password": "x"}, REMOTE_ADDR="203.0.113.9", **forged)
        return answer.status_code

    with clock.standing_at(MONDAY):
        statuses = [spray(place) for place in range(TRIES_PER_ADDRESS + 1)]
    assert statuses == [HTTPStatus.OK] * TRIES_PER_ADDRESS + [HTTPStatus.TOO_MANY_REQUESTS]


def colleagues(number: int) -> list[str]:
    """Agents who may sign in, with the password of the cast."""
    people = [Person(name=f"Colleague {place}", email=f"colleague{place}@journeyware.example") for place in range(number)]
    for person in people:
        person.set_password(PASSWORD)
    return [str(person.email) for person in Person.objects.bulk_create(people)]


def test_a_whole_office_behind_one_address_signs_in_at_nine(cast: Cast) -> None:
    with clock.standing_at(MONDAY):
        everybody = colleagues(TRIES_PER_ADDRESS + 5)
        assert {sign_in(Client(), email).status_code for email in everybody} == {HTTPStatus.FOUND}


@pytest.mark.security("S-061")
def test_a_right_password_in_between_buys_a_sprayer_no_further_guess(cast: Cast) -> None:
    with clock.standing_at(MONDAY):
        own = colleagues(TRIES_PER_ADDRESS)
        guesses = [
            (sign_in(Client(), email), sign_in(Client(), f"a{place}@journeyware.example", "x"))[1] for place, email in enumerate(own)
        ]
        assert {guess.status_code for guess in guesses} == {HTTPStatus.OK}
        assert sign_in(Client(), "another@journeyware.example", "x").status_code == HTTPStatus.TOO_MANY_REQUESTS


@pytest.mark.security("S-067")
def test_second_steps_and_passwords_given_again_count_only_when_they_were_wrong(cast: Cast, client: Client) -> None:
    cache.clear()  # where it is kept which codes were used
    seed = generate_totp_secret()
    TOTP.activate(cast.maya, seed)
    with clock.standing_at(MONDAY):
        sign_in(client)
        assert client.post(SECOND_STEP, {"code": shown_now(seed)}, REMOTE_ADDR=HERE).status_code == HTTPStatus.FOUND
        assert is_signed_in(client)
        client.post("/account/again", {"password": PASSWORD}, REMOTE_ADDR=HERE)
        assert tries_counted() == 0
        client.post("/account/again", {"password": "wrong"}, REMOTE_ADDR=HERE)
        other = Client()
        sign_in(other)
        other.post(SECOND_STEP, {"code": "000000"}, REMOTE_ADDR=HERE)
        assert tries_counted() == 2


@pytest.mark.security("S-067")
def test_a_code_that_was_used_is_used_up_in_every_web_process(cast: Cast) -> None:
    seed = generate_totp_secret()
    TOTP.activate(cast.maya, seed)
    with clock.standing_at(MONDAY):
        answers = []
        for browser in (Client(), Client()):
            cache.clear()  # another process begins with an empty one
            sign_in(browser)
            answers.append(browser.post(SECOND_STEP, {"code": shown_now(seed)}).status_code)
            assert is_signed_in(browser) == (len(answers) == 1)
    assert answers == [HTTPStatus.FOUND, HTTPStatus.OK]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "http://testserver/desk", "/\\evil.example"])
def test_signing_in_leads_to_own_paths_only(cast: Cast, elsewhere: str) -> None:
    assert sign_in(Client(), next=elsewhere).headers["Location"] == "/"
    assert sign_in(Client(), next="/desk/cases/204118337").headers["Location"] == "/desk/cases/204118337"


@pytest.mark.security("S-066")
def test_a_planted_session_is_not_the_one_that_is_signed_in(cast: Cast, client: Client) -> None:
    client.session["planted"] = "yes"
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("path", ["/account/sign-up", "/account/password/forgotten"])
def test_what_is_not_offered_says_what_to_do_instead(client: Client, path: str) -> None:
    assert "administrator" in client.get(path).content.decode()
    assert client.post(path, {"email": MAYA}).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.security("S-068")
def test_a_change_that_guards_the_account_asks_for_the_password_again(cast: Cast, client: Client) -> None:
    sign_in(client)
    for path in ("two-factor/totp/activate/", "two-factor/recovery-codes/generate/"):
        assert client.get(f"/account/{path}").headers["Location"].startswith("/account/again")
    assert client.post("/account/again", {"password": "wrong"}).status_code == HTTPStatus.OK
    assert client.get("/account/two-factor/totp/activate/").status_code == HTTPStatus.FOUND
    client.post("/account/again", {"password": PASSWORD})
    assert "Scan this" in client.get("/account/two-factor/totp/activate/").content.decode()


@pytest.mark.security("S-067")
def test_the_second_step_is_asked_and_guessed_five_times_only(cast: Cast, client: Client) -> None:
    TOTP.activate(cast.maya, generate_totp_secret())
    assert Authenticator.objects.filter(user=cast.maya).exists()
    with clock.standing_at(MONDAY):
        assert sign_in(client).headers["Location"] == "/account/two-factor/authenticate/"
        assert not is_signed_in(client)
        statuses = [client.post("/account/two-factor/authenticate/", {"code": f"{place:06}"}).status_code for place in range(6)]
    assert statuses == [HTTPStatus.OK] * 5 + [HTTPStatus.TOO_MANY_REQUESTS]


def test_every_page_of_signing_in_is_ours(cast: Cast, client: Client) -> None:
    sign_in(client)
    client.post("/account/again", {"password": PASSWORD})
    paths = ["two-factor/", "two-factor/totp/activate/", "password", "sign-out", "again"]
    for path in paths:
        answer = client.get(f"/account/{path}")
        assert answer.status_code == HTTPStatus.OK, path
        assert "ui/focus.html" in {template.name for template in answer.templates}, path

"""Nobody learns who is here by asking often: the same words, the same headers, and the same time, whoever is asked about (S-060).

A run is one door; a few tries in `make test`, and two hundred with a clock beside them in `make faults`.
"""

from __future__ import annotations

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from statistics import median

import pytest
from django.http import HttpResponse
from django.test import Client

from mainstay import settings as ours
from mainstay.kernel import clock
from mainstay.people.actions import agents
from mainstay.people.actions.block import block_sender
from tests.cast import MONDAY, PASSWORD, Cast
from tests.portal.conftest import filled_in, house

__all__ = ["filled_in", "house"]

ALL = bool(os.environ.get("MAINSTAY_ALL_SEEDS"))
TRIES = 200 if ALL else 3
WITHIN = 0.10

NEW_EACH_TIME = [r'nonce="[^"]*"', r'name="csrfmiddlewaretoken" value="[^"]*"', r'"X-CSRFToken": "[^"]*"', r'name="shown"[^>]*']
DIFFER = {"Content-Security-Policy", "Location", "Content-Length", "Expires"}

Fill = Callable[..., dict[str, object]]
# Who is asked about → what it looks like from outside, and how long it took, at every try.
Seen = dict[str, list[tuple[object, float]]]


@pytest.fixture(autouse=True)
def _strong(settings, _quick) -> None:
    """Passwords are hashed in earnest, and answers take their time."""
    settings.PASSWORD_HASHERS, settings.EVEN_SECONDS = ours.PASSWORD_HASHERS, ours.EVEN_SECONDS


def ask(path: str, values: dict[str, object], number: int) -> HttpResponse:
    return Client().post(path, values, REMOTE_ADDR=f"2001:db8:{number:x}::1", follow=False)


def from_outside(response: HttpResponse, typed: str) -> object:
    """All that the asker sees, but for what is new in every answer and what they typed themselves."""
    page = response.content.decode().replace(typed, "TYPED")
    for new in NEW_EACH_TIME:
        page = re.sub(new, "", page)
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name not in DIFFER))
    leads = response.headers.get("Location", "").partition("thanks/")[:2]
    return response.status_code, page, headers, leads, tuple(sorted(response.cookies))


def knock(path: str, who: dict[str, Callable[[int], dict[str, object]]], *, typed: str, pause: timedelta) -> Seen:
    """Ask about everybody in turn, so that whatever else the machine does troubles all of them alike."""
    seen: Seen = defaultdict(list)
    with clock.standing_at(MONDAY):
        for number in range(TRIES):
            for place, (kind, values) in enumerate(who.items()):
                filled = values(number)
                began = time.perf_counter()
                response = ask(path, filled, number * 16 + place)
                seen[kind].append((from_outside(response, str(filled[typed])), time.perf_counter() - began))
            clock.advance(pause)
    return seen


def all_look_alike(seen: Seen) -> bool:
    return len({outside for tries in seen.values() for outside, _ in tries}) == 1


def spread(seen: Seen) -> float:
    """How much longer the slowest kind takes than the quickest, by their medians."""
    medians = [median(took for _, took in tries) for tries in seen.values()]
    return max(medians) / min(medians) - 1


@pytest.mark.security("S-060")
def test_the_sign_in_tells_known_unknown_disabled_and_invited_people_not_apart(cast: Cast) -> None:
    agents.disable_agent(cast.tom.agent, by=cast.ingrid)
    agents.disable_agent(cast.nils.agent, by=cast.ingrid)
    who = {
        "an agent": lambda number: {"login": "maya@journeyware.example", "password": f"wrong {number}"},
        "nobody": lambda number: {"login": f"nobody{number}@journeyware.example", "password": f"wrong {number}"},
        "disabled, with the right password": lambda number: {"login": "tom@journeyware.example", "password": PASSWORD},
        "disabled, with a wrong one": lambda number: {"login": "nils@journeyware.example", "password": f"wrong {number}"},
        "a customer": lambda number: {"login": "luis@harbor.example", "password": f"wrong {number}"},
    }
    seen = knock("/account/sign-in", who, typed="login", pause=timedelta(minutes=5))
    assert all_look_alike(seen)
    assert not ALL or spread(seen) < WITHIN


@pytest.mark.security("S-060")
def test_the_help_form_tells_customers_strangers_blocked_people_and_agents_not_apart(house, filled_in: Fill) -> None:
    block_sender("zoe@elsewhere.example", by=house.maya)
    who = {
        "a customer": lambda number: filled_in(email="luis@harbor.example"),
        "a stranger": lambda number: filled_in(email=f"new{number}@harbor.example"),
        "blocked": lambda number: filled_in(email="zoe@elsewhere.example"),
        "an agent": lambda number: filled_in(email="maya@journeyware.example"),
    }
    seen = knock("/help/ask", who, typed="email", pause=timedelta(hours=1))
    assert all_look_alike(seen)
    assert not ALL or spread(seen) < WITHIN


@pytest.mark.security("S-060")
@pytest.mark.parametrize("path", ["/account/password/forgotten", "/account/sign-up"])
def test_what_takes_no_address_tells_nothing_about_any(cast: Cast, path: str) -> None:
    who = {
        "an agent": lambda number: {"email": "maya@journeyware.example"},
        "nobody": lambda number: {"email": f"nobody{number}@journeyware.example"},
    }
    seen = knock(path, who, typed="email", pause=timedelta(minutes=5))
    assert all_look_alike(seen)
    assert {outside[0] for tries in seen.values() for outside, _ in tries} == {405}

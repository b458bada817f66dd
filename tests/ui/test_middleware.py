from __future__ import annotations

import ipaddress
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from mainstay.ui import middleware
from tests.cast import Cast


@pytest.mark.security("S-061")
@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "10.1.1.1", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, not-an-address", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", '"[2001:db8::7]:4711"', "2001:db8::7"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", "0.0.0.0"),
        ("unix:", "203.0.113.9", "0.0.0.0"),
    ],
)
def test_an_attacker_cannot_choose_the_address_that_is_counted(settings, peer: str, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    middleware.real_address(lambda seen: HttpResponse())(request)
    assert request.client_address == address


def test_no_cache_keeps_what_a_signed_in_agent_saw(cast: Cast, client: Client) -> None:
    assert "no-store" not in client.get("/account/sign-up").headers.get("Cache-Control", "")
    client.force_login(cast.maya)
    assert client.get("/account/sign-out").headers["Cache-Control"] == "no-store"


def test_every_answer_refuses_to_be_embedded_elsewhere(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("own", "zone"), [("Europe/Lisbon", "Europe/Lisbon"), ("", "UTC"), ("Mars/Olympus", "UTC"), ("../etc/passwd", "UTC")]
)
def test_times_are_in_the_persons_own_zone(settings, own: str, zone: str) -> None:
    seen = []
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "some"
    request.user = SimpleNamespace(time_zone=own)
    middleware.own_time_zone(lambda asked: seen.append(timezone.get_current_timezone_name()) or HttpResponse())(request)
    assert seen == [zone]


def test_a_signed_out_page_does_not_swallow_the_sign_in_page(client: Client) -> None:
    assert client.post("/preview", {"text": "x"}).status_code == 302
    assert client.post("/preview", {"text": "x"}, headers={"HX-Request": "true"}).status_code == 401

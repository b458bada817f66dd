from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from mainstay.ui.pages import fragment_id

HTMX = {"HX-Request": "true"}
GOOD = {"name": "Support", "address": "help@journeyware.example"}


def nonce_of(answer: HttpResponse) -> str:
    return answer.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]


def test_a_reader_without_scripts_gets_the_whole_page(client: Client) -> None:
    answer = client.get("/trial/settings")
    assert answer.status_code == 200
    assert b"<!doctype html>" in answer.content


def test_htmx_gets_the_fragment_alone(client: Client) -> None:
    answer = client.get("/trial/settings", headers=HTMX)
    assert b"<!doctype html>" not in answer.content
    assert b'id="mailbox"' in answer.content


def test_going_back_in_the_browser_gets_the_whole_page(client: Client) -> None:
    answer = client.get("/trial/settings", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert b"<!doctype html>" in answer.content


def test_a_cache_tells_pages_from_fragments(client: Client) -> None:
    assert "HX-Request" in client.get("/trial/settings").headers["Vary"]


def test_a_plain_form_that_went_well_is_sent_on(client: Client) -> None:
    answer = client.post("/trial/settings", GOOD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trial/settings")


def test_a_wrong_form_comes_back_filled_in_with_the_reason_beside_the_field(client: Client) -> None:
    for headers in ({}, HTMX):
        answer = client.post("/trial/settings", {"name": "Support", "address": "help@"}, headers=headers)
        assert answer.status_code == 422
        assert b'value="Support"' in answer.content
        assert b'id="id_address_error"' in answer.content
        assert b'aria-describedby="id_address_error"' in answer.content


def test_htmx_gets_every_changed_fragment_and_the_toast(client: Client) -> None:
    answer = client.post("/trial/settings", GOOD, headers=HTMX)
    shown = answer.content.decode()
    assert '<hx-partial hx-target="#side" hx-swap="outerMorph"><p id="side">changed</p>' in shown
    assert "Saved" in shown.partition('hx-target="#toasts"')[2]


@pytest.mark.security("S-098")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_every_answer_has_a_nonce_of_its_own_in_its_header(client: Client, headers: dict[str, str]) -> None:
    first, second = (client.get("/trial/settings", headers=headers) for _ in range(2))
    assert nonce_of(first) != nonce_of(second)
    assert f'hx-nonce="{nonce_of(first)}"' in first.content.decode()


def test_a_fragment_is_named_like_its_element() -> None:
    assert fragment_id("desk/case/_known_answers.html") == "known-answers"

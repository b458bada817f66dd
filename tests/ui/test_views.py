from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.mark.parametrize(("theme", "attribute"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"'), ("", ""), ('"><b>', "")])
def test_a_person_chooses_how_it_looks(client: Client, theme: str, attribute: str) -> None:
    answer = client.post("/theme", {"theme": theme, "next": "/trial/settings"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trial/settings")
    page = client.get("/trial/settings").content.decode()
    head = page.partition("<head>")[0]
    assert attribute in head
    assert ("data-theme" in head) == bool(attribute)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(client: Client, elsewhere: str) -> None:
    assert client.post("/theme", {"next": elsewhere}).headers["Location"] == "/"


def test_an_agent_sees_what_their_markdown_will_look_like(cast: Cast, client: Client) -> None:
    client.force_login(cast.maya)
    answer = client.post("/preview", {"text": "Hi **Luis** <script>"})
    assert "<strong>Luis</strong>" in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_a_preview_is_for_those_who_are_signed_in(client: Client) -> None:
    assert client.post("/preview", {"text": "x"}).status_code == 302

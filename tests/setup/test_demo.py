"""The demo's open door, and that it is no door anywhere else."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.security("S-057")
def test_outside_the_demo_there_is_none(client, cast):
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/sign-in", {"agent": cast.maya.pk}).status_code == 404
    assert client.get("/profile/").status_code == 302


def test_in_the_demo_one_click_signs_in(client, cast, settings):
    settings.DEMO = True
    page = client.get("/demo/").content.decode()
    assert "Maya Ortiz" in page
    assert "Luis Almeida" not in page
    assert client.post("/demo/sign-in", {"agent": cast.maya.pk}).status_code == 303
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("wanted", ["", "x", "0", "-1", "99999999999999999999", "²"])
def test_nobody_else_comes_in_by_it(client, cast, settings, wanted):
    settings.DEMO = True
    assert client.post("/demo/sign-in", {"agent": wanted}).status_code == 404
    assert client.post("/demo/sign-in", {"agent": str(cast.luis.pk)}).status_code == 404


def test_a_disabled_agent_is_nobody_in_the_demo_either(client, cast, settings):
    from mainstay.people.actions.agents import disable_agent

    settings.DEMO = True
    disable_agent(cast.maya.agent, by=cast.ingrid)
    assert client.post("/demo/sign-in", {"agent": cast.maya.pk}).status_code == 404


def test_the_bare_address_asks_who_one_is(client, cast, settings):
    settings.DEMO = True
    assert client.get("/").headers["Location"] == "/demo/"


def test_get_signs_nobody_in(client, cast, settings):
    settings.DEMO = True
    assert client.get("/demo/sign-in", {"agent": cast.maya.pk}).status_code == 405

"""Who may open which page, by role; and nothing by anybody who is not signed in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mainstay.setup.urls import urlpatterns

EVERYBODY = ("nobody", "customer", "agent", "lead", "administrator")
PEOPLE = {"nobody": None, "customer": "luis", "agent": "maya", "lead": "aiko", "administrator": "ingrid"}
OPEN = {"healthz", "first_run", "join", "demo", "demo_sign_in", "face"}
OWN = {"profile", "password"}
LEADS = {"agents", "agent_invite", "agent", "agent_disable", "agent_enable", "agent_link"}


def address(name, house) -> str:
    from mainstay.promises.models import Calendar

    pks = {
        "mailbox": house.mailbox.pk,
        "mailbox_test": house.mailbox.pk,
        "calendar": Calendar.objects.get().pk,
        "team": house.support.pk,
        "acknowledgement": house.support.pk,
        "job_retry": 1,
        "job_discard": 1,
    }
    agent = [house.tom.pk] if name in {"agent", "agent_disable", "agent_enable", "agent_link"} else []
    return reverse(f"setup:{name}", args=[pks[name]] if name in pks else agent)


def expected(name: str, role: str) -> set[int]:
    if role == "nobody":
        return {302}
    reach = {"administrator": True, "lead": name in LEADS | OWN, "agent": name in OWN, "customer": False}
    if not reach[role]:
        return {403}
    # Tom has joined, so a lead makes no link for him; forms that get nothing come back, and what is posted only is not shown.
    return {404} if (name, role) == ("agent_link", "lead") else {200, 303, 405, 422}


@pytest.mark.django_db
@pytest.mark.security("S-045")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", sorted({pattern.name for pattern in urlpatterns} - OPEN))
def test_each_page_lets_in_whom_it_is_for(house, as_, name, role, method):
    person = PEOPLE[role] and getattr(house, PEOPLE[role])
    answer = getattr(as_(person), method)(address(name, house))
    wanted = expected(name, role)
    assert answer.status_code in (wanted | {405} if wanted == {404} else wanted)
    if role == "nobody":
        assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
@pytest.mark.security("S-059")
def test_a_disabled_administrator_is_nobody_at_once(house, as_):
    from mainstay.people.actions.agents import disable_agent

    browser = as_(house.ingrid)
    assert browser.get("/settings/").status_code == 200
    disable_agent(house.ingrid.agent, by=house.aiko)
    for path in ("/settings/", "/profile/"):
        assert browser.get(path).headers["Location"] == f"/account/sign-in?next={path}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["overview", "mailboxes", "teams", "agents", "hours", "severities", "letters", "profile"])
def test_every_page_can_be_empty(cast, as_, name):
    """Before there is a mailbox, a calendar or a target."""
    answer = as_(cast.ingrid).get(reverse(f"setup:{name}"))
    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.security("S-071")
@pytest.mark.parametrize("name", ["agent_disable", "agent_enable", "agent_link", "mailbox_test", "job_retry", "job_discard"])
def test_looking_changes_nothing(house, as_, name):
    assert as_(house.ingrid).get(address(name, house)).status_code == 405


@pytest.mark.django_db
@pytest.mark.security("S-071")
def test_a_form_without_its_proof_changes_nothing(house):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(house.ingrid, backend="mainstay.ui.accounts.Backend")
    assert browser.post(reverse("setup:agent_disable", args=[house.tom.pk])).status_code == 403
    house.tom.agent.refresh_from_db()
    assert house.tom.agent.disabled_at is None


@pytest.mark.django_db
def test_the_list_of_pages_names_only_what_one_may_open(house, as_):
    page = as_(house.maya).get("/profile/").content.decode()
    assert "/settings/mailboxes/" not in page
    assert "/settings/agents/" not in page
    assert "/settings/agents/" in as_(house.aiko).get("/profile/").content.decode()

"""Before anybody is here."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from mainstay.cases.models import Severity
from mainstay.mail.models import Mailbox
from mainstay.people.models import Agent, Team
from mainstay.promises.models import Calendar, Target
from mainstay.promises.queries import revision_now
from mainstay.setup import actions, code

ANSWERS = {
    "team": "Journeyware Support",
    "mailbox": "Support@Journeyware.example",
    "name": "Ingrid Solberg",
    "email": "Ingrid@journeyware.example",
    "password": "a mast held by two stays",
    "time_zone": "Europe/Oslo",
}
AWAY = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _no_code() -> None:
    code.forget_code()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/help/", "/help/ask", "/settings/", "/account/sign-in", "/nowhere"])
def test_every_page_leads_to_the_first_run(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/setup/")


@pytest.mark.django_db
def test_the_first_run_makes_a_desk_that_stands(client):
    answer = client.post("/setup/", ANSWERS, follow=True)
    assert answer.redirect_chain == [("/settings/", 303)]
    assert "Welcome, Ingrid." in answer.content.decode()
    agent = Agent.objects.select_related("person").get()
    assert (agent.role, agent.person.email, agent.person.time_zone) == ("administrator", "ingrid@journeyware.example", "Europe/Oslo")
    team = Team.objects.get()
    assert (team.signs_as, list(agent.teams.all())) == ("Journeyware Support", [team])
    mailbox = Mailbox.objects.get()
    assert (mailbox.address, mailbox.team, mailbox.is_default) == ("support@journeyware.example", team, True)
    assert revision_now(Calendar.objects.get(is_default=True)).zone == "Europe/Oslo"
    assert Severity.objects.count() == Target.objects.count() == 4


@pytest.mark.django_db
@pytest.mark.security("S-057")
def test_afterwards_the_page_is_gone_for_everybody(client, cast, as_):
    for browser in (client, as_(cast.luis), as_(cast.ingrid)):
        assert browser.get("/setup/").status_code == 404
        assert browser.post("/setup/", ANSWERS).status_code == 404
    assert Agent.objects.filter(role="administrator").count() == 1


@pytest.mark.django_db
def test_when_there_are_agents_asking_for_them_costs_no_query(client, cast, django_assert_num_queries):
    client.get("/help/")
    from mainstay.setup.middleware import has_agents

    with django_assert_num_queries(0):
        assert has_agents()


@pytest.mark.django_db
@pytest.mark.security("S-057")
def test_a_stranger_needs_the_code_that_was_printed(client):
    refused = client.post("/setup/", ANSWERS, **AWAY)
    wrong = client.post("/setup/", {**ANSWERS, "code": "0" * 32}, **AWAY)
    empty = client.post("/setup/", {**ANSWERS, "code": " "}, **AWAY)
    assert (refused.status_code, wrong.status_code, empty.status_code) == (422, 422, 422)
    assert "That is not the code that was printed." in wrong.content.decode()
    assert not Agent.objects.exists()
    printed = code.pending_code()
    assert printed is not None
    assert client.post("/setup/", {**ANSWERS, "code": f" {printed[:8]} {printed[8:].upper()}"}, **AWAY).status_code == 303
    assert not (Path(settings.DATA) / "setup.code").exists()
    assert code.pending_code() is None


@pytest.mark.django_db
@pytest.mark.security("S-057")
@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA"])
def test_what_a_proxy_on_this_machine_brings_is_not_local(client, header):
    assert client.post("/setup/", ANSWERS, **{header: "127.0.0.1"}).status_code == 422
    assert not Agent.objects.exists()


@pytest.mark.django_db
def test_an_installation_with_a_public_address_asks_everybody_for_the_code(client, settings):
    settings.BASE_URL = "https://help.journeyware.example"
    assert client.post("/setup/", ANSWERS).status_code == 422


def test_the_code_lies_where_only_the_operator_reads_it(db):
    first = code.pending_code()
    path = Path(settings.DATA) / "setup.code"
    assert path.stat().st_mode & 0o777 == 0o600
    assert code.pending_code() == first == path.read_text()
    assert len(first or "") == 32


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "short", "at least 10 characters"),
        ("password", "password123", "too common"),
        ("email", "not an address", "Enter a valid email address"),
        ("mailbox", "ingrid@journeyware.example", "This is your own address"),
        ("time_zone", "Middle/Earth", "is not one of the available choices"),
        ("team", " ", "This field is required"),
    ],
)
def test_a_wrong_answer_comes_back_with_the_reason_beside_it(client, field, value, sentence):
    answer = client.post("/setup/", {**ANSWERS, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert ANSWERS["name"] in page
    assert ANSWERS["password"] not in page
    assert not Agent.objects.exists()


@pytest.mark.django_db
@pytest.mark.security("S-051")
def test_more_than_was_asked_for_is_not_heard(client):
    client.post("/setup/", {**ANSWERS, "role": "agent", "is_default": "", "id": "77", "number": "1"})
    assert Agent.objects.get().role == "administrator"
    assert Agent.objects.get().person_id != 77


def test_of_two_first_runs_at_the_same_moment_one_wins(committed):
    results: list[str] = []
    together = threading.Barrier(2)

    def begin(name: str) -> None:
        wanted = actions.Beginning(name, name, f"{name}@journeyware.example", "a mast held by two stays", "UTC", f"{name}@desk.example")
        together.wait()
        try:
            actions.begin(wanted)
            results.append("made")
        except actions.AlreadySetUp:
            results.append("late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["late", "made"]
    assert Agent.objects.count() == Team.objects.count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}

"""The front page of the help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.cases.actions import assign, mark_spam
from mainstay.channels.links import seal
from mainstay.kernel import clock
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
SATURDAY = datetime(2026, 3, 7, 23, 12, tzinfo=UTC)


def home(client) -> str:
    answer = client.get("/help/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bare_address_leads_agents_to_the_desk_and_everybody_else_to_the_help(house, client):
    assert client.get("/").headers["Location"] == "/help/"
    client.force_login(house.luis, backend="mainstay.ui.accounts.Backend")
    assert client.get("/").headers["Location"] == "/help/"
    client.force_login(house.maya, backend="mainstay.ui.accounts.Backend")
    assert client.get("/").headers["Location"] == "/desk/"


def test_it_says_who_we_are_and_that_we_are_here(house, monday, client):
    page = home(client)
    assert "What are you trying to get done?" in page
    assert "Journeyware Support" in page
    assert "We are here now" in page
    assert "today by 11:42" in page
    assert "+1 512 555 0142" in page


def test_on_saturday_night_it_says_when_we_are_back(house, client):
    with clock.standing_at(SATURDAY):
        page = home(client)
    assert "Back on Monday at 9:00" in page
    assert "on Monday by 11:00" in page


@pytest.mark.security("S-054")
def test_first_names_of_the_team_and_no_more(house, client):
    page = home(client)
    assert "Maya" in page
    assert "Aiko" in page
    for inner in ("Nils", "maya@", "@journeyware.example", "Administrator"):
        assert inner not in page


def test_a_disabled_agent_helps_nobody(house, client):
    from mainstay.people.actions.agents import disable_agent

    disable_agent(house.tom.agent, by=house.ingrid)
    assert "Tom" not in home(client)


def test_before_hours_and_mailboxes_are_set_it_stands_all_the_same(cast, client):
    page = home(client)
    assert "We are here now" not in page
    assert client.get("/help/ask").status_code == 200


class TestCasesThatWereOpenedHere:
    def test_are_listed_with_who_has_them(self, house, client):
        case = house.case()
        assign(case, owner=house.maya, by=house.maya)
        assert "Your cases" not in home(client)
        client.get(f"/help/case/{seal(case, house.luis)}")
        page = home(client)
        assert "Overtime counts the holiday twice" in page
        assert "Maya has it." in page

    def test_one_link_shows_one_case_and_not_the_persons_others(self, house, client):
        mine, other = house.case(), house.case(subject="Something else of Luis's")
        client.get(f"/help/case/{seal(mine, house.luis)}")
        assert "Something else" not in home(client)
        assert other.subject

    def test_the_newest_link_of_a_case_stands_for_the_older(self, house, client):
        case = house.case()
        for minute in range(3):
            with clock.standing_at(clock.now() + timedelta(minutes=minute)):
                client.get(f"/help/case/{seal(case, house.luis)}")
        assert home(client).count("Overtime counts") == 1

    def test_spam_and_old_links_are_not_listed(self, house, client):
        old, spam = house.case(subject="An old link"), house.case(subject="Bad words")
        with clock.standing_at(MONDAY):
            client.get(f"/help/case/{seal(old, house.luis)}")
            client.get(f"/help/case/{seal(spam, house.luis)}")
        mark_spam(spam, by=house.maya)
        with clock.standing_at(MONDAY + timedelta(days=61)):
            page = home(client)
        assert "An old link" not in page
        assert "Bad words" not in page

    def test_a_forged_cookie_lists_nothing(self, house, client):
        client.cookies["cases"] = f"forged.{'x' * 500}...[1,2]~abc"
        assert "Your cases" not in home(client)

    def test_they_are_forgotten_when_asked(self, house, client):
        client.get(f"/help/case/{seal(house.case(), house.luis)}")
        answer = client.post("/help/forget", follow=True)
        assert "This browser has forgotten your cases" in answer.content.decode()
        assert "Overtime counts" not in home(client)
        assert client.get("/help/forget").status_code == 405

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, house, client):
        answer = client.get(f"/help/case/{seal(house.case(), house.luis)}")
        cookie = answer.cookies["cases"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/help/", "")

    def test_many_cases_cost_no_more_queries_than_two(self, house, client):
        def cost(number: int) -> int:
            for n in range(number):
                client.get(f"/help/case/{seal(house.case(subject=f'Case {n}'), house.luis)}")
            with CaptureQueriesContext(connection) as caught:
                home(client)
            return len(caught)

        assert cost(2) == cost(8)

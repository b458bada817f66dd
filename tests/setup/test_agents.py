"""Agents come, change and go; nobody gives more than they have."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.people.models import Agent, Invitation, Person
from mainstay.setup import actions
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
NEW = "/settings/agents/invite"
SECRET = re.compile(r"/join/([0-9a-f]{32})")


def link_in(answer) -> str:
    found = SECRET.search(answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def invite(browser, house, **more):
    return browser.post(
        NEW, {"name": "Rosa Vega", "email": "Rosa@journeyware.example", "role": "agent", "teams": [house.support.pk], **more}
    )


class TestInviting:
    def test_ingrid_invites_rosa_and_sees_the_link_once(self, house, as_):
        browser = as_(house.ingrid)
        secret = link_in(invite(browser, house))
        rosa = Agent.objects.select_related("person").get(person__email="rosa@journeyware.example")
        assert (rosa.role, list(rosa.teams.all()), rosa.person.password) == ("agent", [house.support], "")
        assert secret not in browser.get("/settings/agents/").content.decode()
        assert "invited" in browser.get("/settings/agents/").content.decode()

    @pytest.mark.security("S-065")
    def test_only_the_hash_of_the_link_is_kept(self, house, as_):
        secret = link_in(invite(as_(house.ingrid), house))
        kept = Invitation.objects.get()
        assert secret not in (kept.hash, str(kept.pk))
        assert not Event.objects.filter(data__icontains=secret).exists()

    @pytest.mark.security("S-063")
    def test_the_link_leads_to_our_own_address_whatever_was_asked_for(self, house, as_, settings):
        settings.BASE_URL, settings.ALLOWED_HOSTS = "https://help.journeyware.example", ["*"]
        browser = as_(house.ingrid)
        answer = browser.post(
            NEW, {"name": "R", "email": "r@x.example", "role": "agent", "teams": [house.support.pk]}, HTTP_HOST="evil.example"
        )
        assert "https://help.journeyware.example/join/" in answer.content.decode()
        assert "evil.example/join" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"email": "maya@journeyware.example"}, "is in the list already"),
            ({"email": "support@journeyware.example"}, "one of our mailboxes"),
            ({"email": "nobody"}, "valid email"),
            ({"role": "king"}, "not one of the available choices"),
            ({"teams": []}, "at least one team"),
            ({"teams": ["99999"]}, "not one of the available choices"),
        ],
    )
    def test_what_can_not_be_says_why(self, house, as_, values, sentence):
        answer = invite(as_(house.ingrid), house, **values)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Invitation.objects.exists()

    def test_a_customer_can_become_a_colleague(self, house, as_):
        invite(as_(house.ingrid), house, email="luis@harbor.example", name="Luis Almeida")
        assert Agent.objects.get(person=house.luis).role == "agent"


@pytest.mark.security("S-052")
class TestALeadsReach:
    def test_aiko_invites_into_her_team(self, house, as_):
        assert link_in(invite(as_(house.aiko), house, role="lead"))

    def test_aiko_makes_no_administrator(self, house, as_):
        assert invite(as_(house.aiko), house, role="administrator").status_code == 422
        assert not Person.objects.filter(email="rosa@journeyware.example").exists()

    def test_aiko_gives_no_team_that_is_not_hers(self, house, as_):
        assert invite(as_(house.aiko), house, teams=[house.billing.pk]).status_code == 422

    @pytest.mark.security("S-050")
    @pytest.mark.parametrize("email", ["ingrid@journeyware.example", "nils@journeyware.example", "dana@corvid.example"])
    def test_aiko_reaches_for_nobody_who_is_known_and_learns_nothing_about_them(self, house, as_, email):
        answer = invite(as_(house.aiko), house, email=email)
        assert answer.status_code == 422
        assert "can&#x27;t be invited from here" in answer.content.decode()
        assert Agent.objects.get(person=house.ingrid).role == "administrator"

    @pytest.mark.parametrize("who", ["ingrid", "nils", "aiko"])
    @pytest.mark.parametrize("what", ["agent", "agent_disable", "agent_enable", "agent_link"])
    def test_aiko_changes_nobody_above_her_beside_her_or_elsewhere(self, house, as_, who, what):
        person = getattr(house, who)
        answer = as_(house.aiko).post(reverse(f"setup:{what}", args=[person.pk]), {"role": "agent", "teams": [house.support.pk]})
        assert answer.status_code == 404
        agent = Agent.objects.get(person=person)
        assert agent.disabled_at is None
        assert agent.role == {"ingrid": "administrator", "nils": "agent", "aiko": "lead"}[who]

    def test_aiko_raises_maya_to_lead_but_no_further(self, house, as_):
        browser, address = as_(house.aiko), reverse("setup:agent", args=[house.maya.pk])
        assert browser.post(address, {"role": "administrator", "teams": [house.support.pk]}).status_code == 422
        assert browser.post(address, {"role": "lead", "teams": [house.support.pk]}).status_code == 303
        assert Agent.objects.get(person=house.maya).role == "lead"

    def test_somebody_who_works_in_another_team_too_is_not_hers_to_change(self, house, as_):
        house.maya.agent.teams.add(house.billing)
        assert as_(house.aiko).get(reverse("setup:agent", args=[house.maya.pk])).status_code == 404

    def test_aiko_makes_a_link_only_for_who_never_had_a_password(self, house, as_):
        browser = as_(house.aiko)
        assert browser.post(reverse("setup:agent_link", args=[house.maya.pk])).status_code == 404
        invite(browser, house)
        rosa = Person.objects.get(email="rosa@journeyware.example")
        assert link_in(browser.post(reverse("setup:agent_link", args=[rosa.pk])))

    def test_aiko_sees_her_team_and_no_other(self, house, as_):
        page = as_(house.aiko).get("/settings/agents/").content.decode()
        assert "Maya Ortiz" in page
        assert "Nils Brandt" not in page


class TestTheLastAdministrator:
    def test_stays_an_administrator(self, house, as_):
        answer = as_(house.ingrid).post(reverse("setup:agent", args=[house.ingrid.pk]), {"role": "agent", "teams": [house.support.pk]})
        assert answer.status_code == 422
        assert "Nobody else is an administrator" in answer.content.decode()
        assert Agent.objects.get(person=house.ingrid).role == "administrator"

    def test_may_step_down_once_there_is_another(self, house, as_):
        Agent.objects.filter(person=house.tom).update(role="administrator")
        as_(house.ingrid).post(reverse("setup:agent", args=[house.ingrid.pk]), {"role": "agent", "teams": [house.support.pk]})
        assert Agent.objects.get(person=house.ingrid).role == "agent"

    def test_one_who_was_disabled_does_not_count(self, house):
        Agent.objects.filter(person=house.tom).update(role="administrator", disabled_at=MONDAY)
        with pytest.raises(actions.LastAdministrator):
            actions.take_away(house.ingrid.agent, by=house.tom)

    def test_nobody_disables_themselves(self, house, as_):
        Agent.objects.filter(person=house.tom).update(role="administrator")
        answer = as_(house.ingrid).post(reverse("setup:agent_disable", args=[house.ingrid.pk]), follow=True)
        assert "You can&#x27;t disable yourself" in answer.content.decode()
        assert Agent.objects.get(person=house.ingrid).disabled_at is None


def test_maya_is_disabled_and_comes_back(house, as_):
    browser = as_(house.ingrid)
    browser.post(reverse("setup:agent_disable", args=[house.maya.pk]))
    assert Agent.objects.get(person=house.maya).disabled_at is not None
    assert "Disabled" in browser.get("/settings/agents/").content.decode()
    assert browser.post(reverse("setup:agent_link", args=[house.maya.pk])).status_code == 404
    browser.post(reverse("setup:agent_enable", args=[house.maya.pk]))
    assert Agent.objects.get(person=house.maya).disabled_at is None
    kinds = set(Event.objects.filter(actor=house.ingrid.pk).values_list("kind", flat=True))
    assert {"agent.disabled", "agent.enabled"} <= kinds


@pytest.mark.security("S-064")
class TestAnInvitationsLink:
    JOIN = {"password": "four words make a lock", "time_zone": "Europe/Madrid"}

    @pytest.fixture
    def secret(self, house, as_) -> str:
        return link_in(invite(as_(house.ingrid), house))

    def test_rosa_joins_with_it_and_is_signed_in(self, secret, client):
        assert "Welcome aboard, Rosa" in client.get(f"/join/{secret}").content.decode()
        answer = client.post(f"/join/{secret}", self.JOIN)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        rosa = Person.objects.get(email="rosa@journeyware.example")
        assert rosa.check_password(self.JOIN["password"])
        assert rosa.time_zone == "Europe/Madrid"
        assert client.get("/profile/").status_code == 200

    def test_it_works_once(self, secret, client):
        client.post(f"/join/{secret}", self.JOIN)
        again = client.post(f"/join/{secret}", {**self.JOIN, "password": "somebody else's words"})
        assert again.status_code == 404
        assert Person.objects.get(email="rosa@journeyware.example").check_password(self.JOIN["password"])

    def test_looking_at_it_uses_nothing_up(self, secret, client):
        for _ in range(3):
            assert client.get(f"/join/{secret}").status_code == 200

    def test_after_three_days_it_is_over(self, secret, client):
        with clock.standing_at(clock.now() + timedelta(hours=72, minutes=1)):
            assert client.get(f"/join/{secret}").status_code == 404
            assert client.post(f"/join/{secret}", self.JOIN).status_code == 404

    def test_a_new_link_ends_the_old_one(self, secret, house, as_, client):
        rosa = Person.objects.get(email="rosa@journeyware.example")
        as_(house.ingrid).post(reverse("setup:agent_link", args=[rosa.pk]))
        assert client.get(f"/join/{secret}").status_code == 404

    def test_it_ends_when_its_agent_is_disabled(self, secret, house, as_, client):
        rosa = Person.objects.get(email="rosa@journeyware.example")
        as_(house.ingrid).post(reverse("setup:agent_disable", args=[rosa.pk]))
        assert client.post(f"/join/{secret}", self.JOIN).status_code == 404

    @pytest.mark.parametrize(
        "odd", ["%20", "%00", "a", "{s}0", "{s}%20", "{u}", "[]", "%5B%22{s}%22%5D", "null", "0", "%C3%A9" * 32, "{h}"], ids=str
    )
    def test_everything_else_gets_one_answer(self, secret, client, odd):
        kept = Invitation.objects.get(used_at=None).hash
        path = odd.format(s=secret, u=secret.upper(), h=kept)
        first, second = client.get(f"/join/{path}"), client.get(f"/join/{'0' * 32}")
        assert first.status_code == second.status_code == 404
        assert "opens nothing" in first.content.decode()

    def test_a_password_that_is_too_easy_leaves_it_open(self, secret, client):
        assert client.post(f"/join/{secret}", {**self.JOIN, "password": "rosa@journeyware"}).status_code == 422
        assert client.get(f"/join/{secret}").status_code == 200

    @pytest.mark.security("S-067")
    def test_a_new_password_is_no_way_around_the_second_step(self, house, as_, client):
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        TOTP.activate(house.maya, generate_totp_secret())
        secret = link_in(as_(house.ingrid).post(reverse("setup:agent_link", args=[house.maya.pk])))
        client.post(f"/join/{secret}", self.JOIN)
        assert client.get("/profile/").status_code == 302


def test_two_administrators_who_disable_each_other_leave_one(cast_committed):
    cast = cast_committed
    Agent.objects.filter(person=cast.tom).update(role="administrator")
    together = threading.Barrier(2)
    refused: list[str] = []

    def disable(agent: Agent, by: Person) -> None:
        together.wait()
        try:
            actions.take_away(agent, by=by)
        except actions.LastAdministrator:
            refused.append(by.name)
        finally:
            connections.close_all()

    pairs = [(cast.ingrid.agent, cast.tom), (Agent.objects.get(person=cast.tom), cast.ingrid)]
    threads = [threading.Thread(target=disable, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Agent.objects.filter(role="administrator", disabled_at=None).count() == 1

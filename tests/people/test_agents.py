"""Agents come, change and go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.people.access import agent_of, can, team_ids
from mainstay.people.actions.agents import disable_agent, enable_agent, invite_agent, invited, join, make_invitation
from mainstay.people.models import Agent, Invitation, Person
from tests.cast import MONDAY

NEW = "a long enough password"


@pytest.fixture
def invitation(cast):
    return invite_agent(name="Samira Haddad", email="Samira@Journeyware.example", role="agent", teams=[cast.support], by=cast.ingrid)


def test_samira_is_invited_and_sets_her_first_password(invitation):
    _, secret = invitation
    samira = join(secret, NEW)
    assert samira.check_password(NEW)
    assert samira.email == "samira@journeyware.example"
    assert Event.objects.filter(kind="agent.joined", actor=samira.id).exists()


def test_a_customer_who_becomes_a_colleague_stays_the_same_person(cast):
    agent, _ = invite_agent(name="", email="luis@harbor.example", role="agent", teams=[cast.support], by=cast.ingrid)
    assert agent.person == cast.luis
    assert agent.person.name == "Luis Almeida"


@pytest.mark.security("S-064")
def test_the_link_works_once(invitation):
    _, secret = invitation
    assert join(secret, NEW) is not None
    assert join(secret, "another long password") is None


@pytest.mark.security("S-064")
def test_the_link_ends_after_three_days(cast):
    with clock.standing_at(MONDAY):
        _, secret = invite_agent(name="S", email="s@journeyware.example", role="agent", teams=[], by=cast.ingrid)
        clock.advance(timedelta(hours=71))
        assert invited(secret) is not None
        clock.advance(timedelta(hours=2))
        assert invited(secret) is None


@pytest.mark.security("S-064")
@pytest.mark.parametrize("wrong", ["", " ", "\x00", "0" * 32, "[]"])
def test_no_other_value_opens_an_invitation(invitation, wrong):
    _, secret = invitation
    assert invited(wrong) is None
    assert invited(secret + "0") is None
    assert invited(secret[:-1]) is None
    assert invited(secret.upper()) is None or secret == secret.upper()


@pytest.mark.security("S-064")
def test_the_secret_itself_is_kept_nowhere(invitation):
    _, secret = invitation
    assert not Invitation.objects.filter(hash=secret).exists()


def test_a_new_link_makes_the_earlier_one_worthless(cast, invitation):
    agent, first = invitation
    second = make_invitation(agent.person, by=cast.ingrid)
    assert invited(first) is None
    assert invited(second) == agent.person


@pytest.mark.security("S-059")
def test_who_is_disabled_may_do_nothing_from_that_moment(cast):
    case = cast.case()
    assert can(cast.maya, "work", case)
    disable_agent(Agent.objects.get(person=cast.maya), by=cast.ingrid)
    maya = Person.objects.get(pk=cast.maya.pk)
    assert agent_of(maya) is None
    assert not can(maya, "see", case)
    assert not can(maya, "see", "desk")


def test_who_comes_back_works_in_the_same_teams(cast):
    agent = Agent.objects.get(person=cast.maya)
    disable_agent(agent, by=cast.ingrid)
    enable_agent(agent, by=cast.ingrid)
    assert team_ids(Person.objects.get(pk=cast.maya.pk)) == [cast.support.id]


def test_an_administrator_works_in_every_team_and_an_agent_in_their_own(cast):
    assert team_ids(cast.ingrid) == sorted([cast.support.id, cast.billing.id])
    assert team_ids(cast.nils) == [cast.billing.id]
    assert team_ids(cast.luis) == []


@pytest.mark.parametrize(("name", "may"), [("ingrid", True), ("aiko", False), ("maya", False), ("luis", False)])
def test_only_administrators_change_settings(cast, name, may):
    assert can(getattr(cast, name), "change", "settings") is may

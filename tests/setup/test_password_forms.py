"""A password manager has to know whose password it keeps, on every form that takes one."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from mainstay.people.actions.agents import invite_agent

pytestmark = pytest.mark.django_db
NAMED = re.compile(r'<input[^>]*autocomplete="username"[^>]*>')
PASSWORD = re.compile(r'<input[^>]*type="password"[^>]*>')


def forms(page: str) -> list[str]:
    return [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if PASSWORD.search(form)]


@pytest.mark.parametrize("path", ["/profile/password", "/account/password", "/account/again"])
def test_maya_s_own_address_stands_beside_her_password(cast, as_, path):
    (form,) = forms(as_(cast.maya).get(path).content.decode())
    (named,) = NAMED.findall(form)
    assert 'value="maya@journeyware.example"' in named
    assert " hidden" in named
    assert form.index(named) < PASSWORD.search(form).start()


def test_rosa_s_address_stands_beside_the_password_that_she_chooses(house):
    _, secret = invite_agent(name="Rosa Vega", email="rosa@journeyware.example", role="agent", teams=[house.support], by=house.ingrid)
    (form,) = forms(Client().get(f"/join/{secret}").content.decode())
    assert 'value="rosa@journeyware.example"' in NAMED.findall(form)[0]
    assert 'autocomplete="new-password"' in PASSWORD.search(form)[0]


@pytest.mark.parametrize("path", ["/setup/", "/account/sign-in"])
def test_where_the_address_is_typed_it_is_the_name(db, path, request):
    if path != "/setup/":
        request.getfixturevalue("cast")
    (form,) = forms(Client().get(path).content.decode())
    (named,) = NAMED.findall(form)
    assert 'type="email"' in named


def test_nobody_s_own_password_is_offered_to_a_mail_server(house, as_):
    (form,) = forms(as_(house.ingrid).get(reverse("setup:mailbox", args=[house.mailbox.pk])).content.decode())
    assert not NAMED.search(form)
    assert 'autocomplete="new-password"' in PASSWORD.search(form)[0]
    assert 'autocomplete="off"' in re.search(r'<input[^>]*name="user"[^>]*>', form)[0]

"""Luis comes with a link that grew old, and gets a fresh one by mail; nobody else does, and nobody learns more from asking."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from django.test import Client
from django.urls import reverse

from mainstay.cases.actions import Words, add_participant, receive, reply, resolve
from mainstay.channels.links import seal, unseal
from mainstay.channels.models import Delivery
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.mail.compose import compose
from mainstay.mail.models import Mailbox
from mainstay.mail.outgoing import prepare
from mainstay.people.models import Address
from tests.cast import MONDAY, words

HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=70)


@pytest.fixture
def case(desk):
    """Answered by Maya, with words of Dana's that Luis was never sent, and resolved; then seventy days went by."""
    case = desk.case()
    reply(case, words(desk.maya, message_id="<answer@journeyware.example>", to=[(desk.luis, "luis@harbor.example")]))
    add_participant(case, desk.dana, by=desk.maya)
    receive(case, Words(author=desk.dana, body="Our salaries are secret", at=clock.now(), channel="email"))
    resolve(case, how="answered", by=desk.maya)
    run_all(raise_errors=False)
    return case


def old_link(case, person) -> str:
    with clock.standing_at(MONDAY):
        return reverse("portal:case", args=[seal(case, person)])


def ask(path: str, at=LATER) -> str:
    """The page that follows the button."""
    with clock.standing_at(at):
        answer = Client().post(path, {"fresh": "yes"}, follow=True)
        run_all(raise_errors=False)
    page = answer.content.decode().partition("<main")[2]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", page)


def mailed() -> list[tuple[str, str, str]]:
    """Whom links were mailed to, under which subject, with which words."""
    found = []
    for row in Delivery.objects.filter(message__is_letter=True, message__body__contains="fresh link").order_by("pk"):
        with clock.standing_at(LATER):
            mail = message_from_bytes(compose(prepare(row, Mailbox.objects.get()).mail))
        text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
        found.append((row.address, str(make_header(decode_header(mail["Subject"]))), text.get_payload(decode=True).decode()))
    return found


@pytest.mark.security("S-024")
def test_luis_gets_a_link_that_opens_his_case_and_nothing_else_with_it(case, desk):
    path = old_link(case, desk.luis)
    with clock.standing_at(LATER):
        assert "Mail me a fresh link" in Client().get(path).content.decode()
    assert "A fresh link is on its way" in ask(path)
    ((address, subject, text),) = mailed()
    assert (address, subject) == ("luis@harbor.example", f"Your case {case.spoken_number}")
    token = next(word for word in text.split() if "/help/case/" in word).rpartition("/")[2]
    with clock.standing_at(LATER):
        opened = unseal(token)
        assert opened is not None
        assert (opened.case, opened.person, opened.is_old) == (case, desk.luis, False)
    assert "salaries" not in text
    assert case.subject not in text
    case.refresh_from_db()
    assert case.state == "resolved"


@pytest.mark.security("S-060")
def test_the_answer_is_one_whatever_became_of_it(case, desk):
    Address.objects.filter(person=desk.dana).update(value="no-reply@corvid.example")
    said = {ask(old_link(case, desk.luis)), ask(old_link(case, desk.luis)), ask(old_link(case, desk.dana))}
    assert len(said) == 1
    assert [address for address, _, _ in mailed()] == ["luis@harbor.example"]
    assert [event.data["reason"] for event in Event.objects.filter(kind="letter.withheld").order_by("id")] == ["case", "no-reply"]


@pytest.mark.security("S-039")
def test_one_an_hour_and_five_letters_a_day(case, desk):
    path = old_link(case, desk.luis)
    for minutes in range(0, 12 * 60, 30):
        ask(path, LATER + timedelta(minutes=minutes))
    assert 1 < len(mailed()) <= 5


@pytest.mark.security("S-092")
def test_a_forged_link_and_a_stranger_s_get_nothing(case, desk):
    with clock.standing_at(LATER):
        assert Client().post(reverse("portal:case", args=["forged"]), {"fresh": "yes"}).status_code == 404
        assert Client().post(old_link(case, desk.zoe), {"fresh": "yes"}).status_code == 404
        assert Client().get(old_link(case, desk.luis)).status_code == 410
    run_all(raise_errors=False)
    assert mailed() == []


def test_a_link_that_is_good_needs_no_fresh_one(case, desk):
    with clock.standing_at(MONDAY + HOUR):
        Client().post(reverse("portal:case", args=[seal(case, desk.luis)]), {"fresh": "yes"})
    run_all(raise_errors=False)
    assert mailed() == []

"""An invitation travels by mail where mail can leave, and its link lies in no table on the way."""

from __future__ import annotations

import email
import ipaddress
import re
from datetime import timedelta

import pytest

from mainstay.jobs import run_all
from mainstay.jobs.models import Job
from mainstay.kernel import clock
from mainstay.mail.models import Mailbox
from mainstay.people.models import Person
from tests.mail.peer import Peer

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"/join/([0-9a-f]{32})")


@pytest.fixture
def peer(house, settings):
    settings.ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    with Peer() as running:
        Mailbox.objects.filter(pk=house.mailbox.pk).update(host="127.0.0.1", port=running.port, security="none")
        yield running


@pytest.fixture
def invited(peer, house, as_) -> str:
    Job.objects.all().delete()
    values = {"name": "Rosa Vega", "email": "rosa@journeyware.example", "role": "agent", "teams": [house.support.pk]}
    page = as_(house.ingrid).post("/settings/agents/invite", values).content.decode()
    assert "It is on its way to rosa@journeyware.example" in page
    return SECRET.search(page)[1]


def test_rosa_finds_the_link_in_her_mail(invited, peer, client):
    run_all()
    (taken,) = peer.taken
    mail = email.message_from_bytes(taken.data)
    assert (taken.recipient, taken.sender) == ("rosa@journeyware.example", "support@journeyware.example")
    words = mail.get_body(("plain",)).get_content() if hasattr(mail, "get_body") else _plain(mail)
    assert f"/join/{invited}" in words.replace("=\n", "")
    assert "Ingrid Solberg invites you" in words.replace("\n", " ")
    assert client.get(f"/join/{invited}").status_code == 200


def _plain(mail) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


@pytest.mark.security("S-065")
def test_the_waiting_job_does_not_hold_the_link(invited):
    job = Job.objects.get(task__contains="carry_invitation")
    assert invited not in str(job.args) + str(job.kwargs)
    assert "/join/" not in str(job.args) + str(job.kwargs)


def test_a_link_that_ended_meanwhile_is_not_sent(invited, peer):
    with clock.standing_at(clock.now() + timedelta(hours=73)):
        run_all()
    assert peer.taken == []


def test_a_server_that_is_busy_is_asked_again(invited, peer):
    peer.script["RCPT"] = ["451 come back later"]
    run_all()
    assert peer.taken == []
    assert Job.objects.get(task__contains="carry_invitation").state == "waiting"
    with clock.standing_at(clock.now() + timedelta(minutes=6)):
        run_all()
    assert len(peer.taken) == 1


def test_where_no_mail_can_leave_ingrid_hands_it_over(house, as_):
    values = {"name": "Rosa Vega", "email": "rosa@journeyware.example", "role": "agent", "teams": [house.support.pk]}
    page = as_(house.ingrid).post("/settings/agents/invite", values).content.decode()
    assert "hand it to Rosa yourself" in page
    assert not Job.objects.filter(task__contains="carry_invitation").exists()
    assert Person.objects.filter(email="rosa@journeyware.example").exists()

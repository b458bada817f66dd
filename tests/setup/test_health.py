"""What stands still is seen within five minutes (P-17)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from mainstay.channels.models import Delivery
from mainstay.jobs.models import Job, Worker
from mainstay.kernel import clock, health
from mainstay.mail.models import Mailbox, RawMail
from tests.cast import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.reliability("P-17")]
LATER = MONDAY + timedelta(minutes=6)
AWAY = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def at_work(house):
    """A worker that was alive a moment before every moment the tests stand at."""

    def beat(at=MONDAY) -> None:
        Worker.objects.update_or_create(name="w1", defaults={"host": "h", "pid": 1, "started_at": MONDAY, "seen_at": at})

    Job.objects.all().delete()
    beat()
    return beat


def look(client, at, **more):
    health.forget()
    with clock.standing_at(at):
        answer = client.get("/healthz", **more)
    return answer.status_code, answer.json()


def delivery(house, **values) -> Delivery:
    from mainstay.cases.models import Message
    from mainstay.people.models import Person

    message = Message.objects.create(
        case=values.pop("case"), origin_id=values.pop("origin"), is_ours=True, channel="email", body="x", at=values.pop("at")
    )
    return Delivery.objects.create(
        message=message, person=Person.objects.get(pk=house.luis.pk), channel="email", address="l@h.example", **values
    )


def test_all_is_well(client, at_work):
    status, told = look(client, MONDAY)
    assert (status, told["status"]) == (200, "ok")
    assert set(told["checks"]) == {"database", "disk", "jobs", "mail in", "mail out", "worker"}


def test_a_worker_that_was_not_seen_for_a_minute(client, at_work):
    status, told = look(client, MONDAY + timedelta(seconds=70))
    assert status == 503
    assert "No worker is running" in told["checks"]["worker"][0]


def test_a_job_that_nobody_does(client, at_work):
    at_work(LATER)
    moment = {"run_at": MONDAY, "rank": MONDAY, "created_at": MONDAY}
    Job.objects.create(task="x", queue="default", max_attempts=3, **moment)
    assert look(client, MONDAY + timedelta(minutes=4))[0] == 503 or look(client, MONDAY)[0] == 200
    status, told = look(client, LATER)
    assert (status, told["checks"]["jobs"]) == (503, ["Work waits for 6 minutes already."])


def test_a_mail_that_is_in_no_case(client, at_work, house):
    at_work(LATER)
    RawMail.objects.create(hash="0" * 64, size=1, mailbox=house.mailbox, envelope_to="s@x.example", received_at=MONDAY)
    status, told = look(client, LATER)
    assert (status, told["checks"]["mail in"]) == (503, ["A mail that arrived 6 minutes ago is in no case yet."])


def test_a_reply_that_does_not_leave(client, at_work, house):
    at_work(LATER)
    case = house.case()
    Job.objects.all().delete()
    delivery(house, case=case, origin=case.pk, at=MONDAY)
    status, told = look(client, LATER)
    assert status == 503
    assert "No mail has left for 6 minutes" in told["checks"]["mail out"][0]


def test_one_slow_recipient_is_no_standstill(client, at_work, house):
    at_work(LATER)
    case = house.case()
    Job.objects.all().delete()
    delivery(house, case=case, origin=case.pk, at=MONDAY, attempts=2)
    delivery(house, case=case, origin=case.pk, at=MONDAY, state=Delivery.State.SENT, sent_at=LATER - timedelta(minutes=1))
    assert look(client, LATER)[0] == 200


def test_a_server_that_refuses_us(client, at_work, house):
    at_work(LATER)
    Mailbox.objects.update(paused_until=LATER + timedelta(minutes=9))
    assert "refuses us" in look(client, LATER)[1]["checks"]["mail out"][0]


def test_a_disk_that_is_almost_full(client, at_work, monkeypatch):
    from mainstay.mail import room

    monkeypatch.setattr(room, "left", lambda: 300 * 1024 * 1024)
    assert "The disk is almost full (300 MB left)" in look(client, MONDAY)[1]["checks"]["disk"][0]


@pytest.mark.security("S-057")
def test_strangers_hear_one_word(client, at_work, house, as_):
    Worker.objects.all().delete()
    assert look(client, MONDAY, **AWAY) == (503, {"status": "stuck"})
    assert look(client, MONDAY, HTTP_X_FORWARDED_FOR="127.0.0.1") == (503, {"status": "stuck"})
    assert look(as_(house.luis), MONDAY, **AWAY) == (503, {"status": "stuck"})
    assert "checks" in look(as_(house.maya), MONDAY, **AWAY)[1]


def test_agents_read_it_over_every_page_and_customers_nowhere(at_work, house, as_, client):
    Worker.objects.all().delete()
    health.forget()
    assert "No worker is running" in as_(house.maya).get("/profile/").content.decode()
    assert "No worker is running" not in client.get("/help/").content.decode()


def test_the_log_says_once_that_it_stands_still_and_once_that_it_moves_again(client, at_work, caplog):
    look(client, MONDAY)
    with caplog.at_level("INFO"):
        for seconds in (70, 80, 90):
            look(client, MONDAY + timedelta(seconds=seconds))
        at_work(LATER)
        look(client, LATER)
        look(client, LATER)
    told = [(record.levelname, record.getMessage()) for record in caplog.records if record.levelname != "DEBUG"]
    assert told == [
        ("WARNING", "standing still: worker: No worker is running: mail waits, in and out, and so do promises. Nothing is lost."),
        ("INFO", "moving again: worker"),
    ]


def test_another_page_that_breaks_is_still_an_error_in_the_log(client, at_work, caplog, monkeypatch):
    monkeypatch.setattr(health, "look", lambda: 1 / 0)
    client.raise_request_exception = False
    with caplog.at_level("INFO"):
        assert client.get("/healthz").status_code == 500
    assert any(record.name == "django.request" and record.levelname == "ERROR" for record in caplog.records)


def test_answers_are_kept_for_a_moment(at_work, django_assert_num_queries):
    health.forget()
    health.look()
    with django_assert_num_queries(0):
        health.look()


def test_a_check_that_breaks_says_so_and_stops_no_other(monkeypatch, at_work):
    monkeypatch.setitem(health.CHECKS._entries, "disk", lambda: 1 / 0)
    health.forget()
    answers = health.look()
    assert "could not look" in answers["disk"][0]
    assert "worker" in answers


def test_why_a_check_could_not_look_is_logged_once(monkeypatch, at_work, caplog):
    health.look()
    monkeypatch.setitem(health.CHECKS._entries, "disk", lambda: 1 / 0)
    for _ in range(3):
        health.forget()
        health.look()
    assert len([record for record in caplog.records if record.exc_info]) == 1


class TestWorkThatWasGivenUp:
    @pytest.fixture
    def job(self, at_work) -> Job:
        values = {"run_at": MONDAY, "rank": MONDAY, "created_at": MONDAY, "max_attempts": 3, "attempts": 3}
        return Job.objects.create(task="mainstay.mail.send", queue="default", state="failed", last_error="<b>no route</b>", **values)

    def test_it_stands_on_the_overview(self, job, house, as_):
        page = as_(house.ingrid).get("/settings/").content.decode()
        assert "mainstay.mail.send" in page
        assert "&lt;b&gt;no route&lt;/b&gt;" in page

    def test_it_is_tried_again(self, job, house, as_):
        as_(house.ingrid).post(reverse("setup:job_retry", args=[job.pk]))
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("waiting", 0)

    def test_it_is_discarded_once(self, job, house, as_):
        browser = as_(house.ingrid)
        browser.post(reverse("setup:job_discard", args=[job.pk]))
        assert not Job.objects.filter(pk=job.pk).exists()
        again = browser.post(reverse("setup:job_discard", args=[job.pk]), follow=True)
        assert "not in the list any more" in again.content.decode()


def test_what_is_missing_is_named_until_it_is_there(house, as_):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    browser = as_(house.ingrid)
    page = browser.get("/settings/").content.decode()
    assert "Say how mail leaves" in page
    assert "Protect the administrators" in page
    assert "Invite a colleague" not in page
    Mailbox.objects.update(host="smtp.example.com")
    TOTP.activate(house.ingrid, generate_totp_secret())
    assert "Still to do" not in browser.get("/settings/").content.decode()

"""Mails that are in no case, and the demo's mails that left."""

from __future__ import annotations

import pytest

from mainstay.cases.actions import reply
from mainstay.channels.actions import post, sent
from mainstay.events.models import Event
from mainstay.kernel import blobs, clock
from mainstay.mail.models import Mailbox, RawMail
from tests.cast import words
from tests.desk.sitting import client_of

SOURCE = b"From: zoe@elsewhere.example\r\nSubject: <script>alert(1)</script>\r\n\r\nHello & goodbye\r\n"


@pytest.fixture
def held(cast):
    """A mail of Support's in quarantine, or set aside."""
    box = Mailbox.objects.create(address="support@journeyware.example", team=cast.support)

    def mail(state="quarantined", reason="unreadable", **more):
        values = {
            "mailbox": box,
            "envelope_to": box.address,
            "received_at": clock.now(),
            "sender": "zoe@elsewhere.example",
            "subject": "<b>Hello",
            **more,
        }
        return RawMail.objects.create(hash=blobs.keep(SOURCE), size=len(SOURCE), state=state, reason=reason, **values)

    return mail


def test_each_mail_says_why_it_waits(cast, maya, held):
    held()
    held("set_aside", "blocked")
    held("filed", "")
    page = maya.get("/desk/quarantine/").content.decode()
    assert "It could not be read." in page
    assert "The sender is blocked." in page
    assert page.count('class="card mail-card"') == 2
    assert "<b>Hello" not in page


def test_nothing_held_back_is_good_news(cast, maya):
    assert "Nothing is held back." in maya.get("/desk/quarantine/").content.decode()


@pytest.mark.security("S-006")
def test_the_source_is_shown_as_text(cast, maya, held):
    page = maya.get(f"/desk/quarantine/{held().pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Hello &amp; goodbye" in page


@pytest.mark.reliability("R-24")
@pytest.mark.parametrize(
    ("noun", "values", "kind"),
    [
        ("letting-in", {}, "mail.let_in"),
        ("letting-in", {"as": "case"}, "mail.released"),
        ("retry", {}, "mail.retried"),
        ("discarding", {}, "mail.discarded"),
    ],
)
def test_a_decision_is_made_once_and_is_in_the_log(cast, maya, held, noun, values, kind):
    row = held()
    for _ in range(2):
        assert maya.post(f"/desk/quarantine/{row.pk}/{noun}", values).status_code == 303
    assert Event.objects.filter(kind=kind, actor=cast.maya.pk).count() == 1
    assert "Somebody settled it already." in maya.get("/desk/quarantine/").content.decode()


@pytest.mark.reliability("R-24")
def test_it_is_put_to_a_case_that_one_works_on_and_to_no_other(cast, maya, held):
    row, case, hidden = held(), cast.case(), cast.case(team=cast.billing)
    for number in ("", "123", str(hidden.number), "987654321"):
        answer = maya.post(f"/desk/quarantine/{row.pk}/attachment", {"number": number})
        assert answer.status_code == 422
        assert "no case with that number" in answer.content.decode()
    maya.post(f"/desk/quarantine/{row.pk}/attachment", {"number": case.spoken_number})
    row.refresh_from_db()
    assert (row.state, row.verdicts["case"]) == ("waiting", case.pk)


@pytest.mark.security("S-045")
def test_mails_of_another_teams_mailbox_are_not_there(cast, held):
    row = held()
    nils = client_of(cast.nils)
    assert "mail-card" not in nils.get("/desk/quarantine/").content.decode()
    assert nils.get(f"/desk/quarantine/{row.pk}/").status_code == 404
    assert nils.post(f"/desk/quarantine/{row.pk}/discarding").status_code == 404
    row.refresh_from_db()
    assert row.state == "quarantined"


@pytest.fixture
def delivery(cast, sending):
    case = cast.case()
    message = reply(case, words(cast.maya, "Try **9.2.1**", to=[(cast.luis, "luis@harbor.example")], channel="trial", format="markdown"))
    row = post(message, [(cast.luis, "luis@harbor.example")])[0]
    sent(row, answer="kept", copy=blobs.keep(SOURCE))
    return row


def test_the_demo_shows_what_left_and_offers_to_play_its_reader(cast, maya, delivery, settings):
    settings.DEMO = True
    page = maya.get("/desk/sent/").content.decode()
    assert "<strong>9.2.1</strong>" in page
    assert "Answer as Luis" in page
    for noun in ("answer", "absence", "bounce"):
        assert f"/desk/sent/{delivery.pk}/{noun}" in page


@pytest.mark.security("S-006")
def test_what_left_can_be_read_byte_for_byte_and_only_as_text(cast, maya, delivery, settings):
    settings.DEMO = True
    source = f"/desk/sent/{delivery.pk}/source"
    assert source in maya.get("/desk/sent/").content.decode()
    assert "Subject: &lt;script&gt;alert(1)&lt;/script&gt;" in maya.get(source).content.decode()


def test_without_a_listener_it_says_so(cast, maya, delivery, settings):
    settings.DEMO, settings.SMTP_PORT = True, 1
    page = maya.post(f"/desk/sent/{delivery.pk}/answer", {"text": "Thanks"}, follow=True).content.decode()
    assert "The mail listener does not answer" in page


@pytest.mark.security("S-045")
def test_outside_the_demo_there_is_no_such_page(cast, maya, delivery):
    assert maya.get("/desk/sent/").status_code == 404
    assert maya.get(f"/desk/sent/{delivery.pk}/source").status_code == 404
    for noun in ("answer", "absence", "bounce"):
        assert maya.post(f"/desk/sent/{delivery.pk}/{noun}").status_code == 404


@pytest.mark.security("S-045")
def test_another_team_does_not_play_the_reader_of_ours(cast, delivery, settings):
    settings.DEMO = True
    nils = client_of(cast.nils)
    assert "Answer as" not in nils.get("/desk/sent/").content.decode()
    assert nils.post(f"/desk/sent/{delivery.pk}/bounce").status_code == 404
    assert nils.get(f"/desk/sent/{delivery.pk}/source").status_code == 404

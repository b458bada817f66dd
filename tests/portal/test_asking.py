"""Somebody asks on the help pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay.cases.models import Attachment, Case, Message
from mainstay.events.models import Event
from mainstay.kernel import blobs, clock
from mainstay.people.models import Person
from mainstay.portal import caps, forms
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def send(client, values, **more):
    return client.post("/help/ask", values, **more)


def test_luis_asks_and_reads_what_happens_next(house, monday, client, filled_in):
    answer = client.post("/help/ask", filled_in(), follow=True)
    page = answer.content.decode()
    case = Case.objects.get()
    assert (case.subject, case.aim, case.requester, case.team) == (
        "Close April's payroll",
        "Close April's payroll",
        house.luis,
        house.support,
    )
    message = case.messages.get()
    assert (message.body, message.channel, message.written_from) == ("The export stays empty.", "portal", "luis@harbor.example")
    digits = str(case.number)
    assert f"{digits[:3]}\N{NO-BREAK SPACE}{digits[3:6]}\N{NO-BREAK SPACE}{digits[6:]}" in page
    assert "today by 11:42" in page
    assert "Monday to Friday 9:00–17:00" in page


@pytest.mark.security("S-031")
def test_what_is_typed_in_the_form_proves_nothing(house, client, filled_in):
    send(client, filled_in())
    assert not Message.objects.get().is_proven


@pytest.mark.security("S-092")
def test_the_thank_you_page_opens_nothing(house, client, filled_in):
    answer = client.post("/help/ask", filled_in(), follow=True)
    page = answer.content.decode()
    assert "/help/case/" not in page
    assert "The export stays empty" not in page
    assert "cases" not in client.cookies
    assert client.get("/help/thanks/forged").status_code == 404


@pytest.mark.security("S-060")
def test_known_unknown_blocked_and_agents_addresses_get_the_same_answer(house, monday, client, filled_in):
    from mainstay.people.actions.block import block_sender

    block_sender("blocked@elsewhere.example", by=house.maya)
    pages = []
    for email in ("luis@harbor.example", "new@elsewhere.example", "blocked@elsewhere.example", "maya@journeyware.example"):
        answer = client.post("/help/ask", filled_in(email=email), follow=True)
        digits = str(Case.objects.latest("id").number)
        said = answer.content.decode().replace(f"{digits[:3]}\N{NO-BREAK SPACE}{digits[3:6]}\N{NO-BREAK SPACE}{digits[6:]}", "NUMBER")
        pages.append((answer.status_code, said.partition("<main")[2].partition("</main>")[0]))
    assert len(set(pages)) == 1


def test_a_blocked_senders_case_is_kept_out_of_the_way(house, client, filled_in):
    from mainstay.people.actions.block import block_sender

    block_sender("zoe@elsewhere.example", by=house.maya)
    send(client, filled_in(email="Zoe@elsewhere.example"))
    assert Case.objects.get().state == Case.State.SPAM
    assert not Event.objects.get(kind="case.opened").data["answerable"]


def test_a_new_person_is_met_by_the_name_they_gave(house, client, filled_in):
    send(client, filled_in(name="Rui Costa", email="Rui@Harbor.example"))
    rui = Person.objects.get(name="Rui Costa")
    assert rui.organization == house.harbor
    assert rui.email is None


@pytest.mark.security("S-050")
def test_nobody_is_renamed_by_a_stranger(house, client, filled_in):
    send(client, filled_in(name="Somebody Else"))
    house.luis.refresh_from_db()
    assert house.luis.name == "Luis Almeida"


def test_files_come_along_under_cleaned_names(house, client, filled_in):
    files = [SimpleUploadedFile("../../etc/passwd", b"root", content_type="text/plain"), SimpleUploadedFile("a\u202egpj.exe", b"MZ")]
    send(client, filled_in(attached=files))
    rows = Attachment.objects.order_by("pk")
    assert [row.name for row in rows] == ["passwd", "agpj.exe"]
    assert blobs.read(rows[0].hash) == b"root"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"goal": " "}, "This field is required"),
        ({"words": ""}, "This field is required"),
        ({"email": "luis"}, "valid email"),
        ({"name": "x" * 201}, "at most 200"),
        ({"words": "x" * 50_001}, "at most 50000"),
        ({"email": "Support@journeyware.example"}, "This is an address of ours"),
    ],
)
def test_a_wrong_form_comes_back_with_every_word(house, client, filled_in, more, sentence):
    answer = send(client, filled_in(**more))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Close April&#x27;s payroll" in page or "goal" in more
    assert not Case.objects.exists()


def test_too_many_and_too_large_files_are_refused_in_words(house, client, filled_in, settings):
    settings.UPLOAD_LIMIT = 1024 * 1024
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    large = [SimpleUploadedFile("a.bin", b"x" * 700_000), SimpleUploadedFile("b.bin", b"x" * 700_000)]
    assert "At most 10 files" in send(client, filled_in(attached=many)).content.decode()
    page = send(client, filled_in(attached=large)).content.decode()
    assert "larger than 1 MB" in page
    assert "choose them once more" in page


@pytest.mark.security("S-039")
class TestMachines:
    def test_who_fills_in_what_nobody_sees_is_asked_once_more(self, house, client, filled_in):
        answer = send(client, filled_in(website="https://buy.example"))
        assert answer.status_code == 422
        assert "press the button once more" in answer.content.decode()
        assert "buy.example" not in answer.content.decode()
        assert not Case.objects.exists()

    @pytest.mark.parametrize("shown", ["", "garbage", "MTc3:1xUz3n:jcfB1z67"])
    def test_who_never_saw_the_form_is_too(self, house, client, filled_in, shown):
        assert send(client, filled_in(shown=shown)).status_code == 422

    def test_who_is_faster_than_a_person_is_too(self, house, client, filled_in):
        assert send(client, filled_in(shown=forms.stamp())).status_code == 422

    def test_who_left_the_page_open_over_night_loses_nothing(self, house, client, filled_in):
        values = filled_in()
        with clock.standing_at(clock.now() + timedelta(days=2)):
            answer = send(client, values)
            assert answer.status_code == 422
            assert "The export stays empty." in answer.content.decode()

    def test_pressing_once_more_works(self, house, client, filled_in):
        first = send(client, filled_in(shown=forms.stamp()))
        shown = first.context["form"]["shown"].value()
        with clock.standing_at(clock.now() + timedelta(seconds=5)):
            assert send(client, filled_in(shown=shown)).status_code == 303


@pytest.mark.security("S-039")
class TestLimits:
    def test_one_address_asks_five_times_an_hour(self, house, monday, client, filled_in):
        answers = [send(client, filled_in(), REMOTE_ADDR=f"203.0.113.{n}") for n in range(6)]
        assert [answer.status_code for answer in answers] == [303] * 5 + [429]
        assert "a lot within one hour" in answers[-1].content.decode()
        assert "The export stays empty." in answers[-1].content.decode()
        with clock.standing_at(MONDAY + timedelta(hours=1)):
            assert send(client, filled_in()).status_code == 303

    @pytest.mark.security("S-061")
    def test_one_source_asks_twenty_times_an_hour_whatever_it_claims(self, house, monday, client, filled_in):
        for n in range(caps.PER_SOURCE):
            assert send(client, filled_in(email=f"a{n}@x.example"), HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code == 303
        assert send(client, filled_in(email="b@x.example"), HTTP_X_FORWARDED_FOR="192.0.2.77").status_code == 429
        assert send(client, filled_in(email="b@x.example"), REMOTE_ADDR="203.0.113.5").status_code == 303

    @pytest.mark.security("S-061")
    def test_all_addresses_of_one_ipv6_network_are_one_source(self):
        assert caps.source_of("2001:db8:1:2::1") == caps.source_of("2001:db8:1:2:ffff::9") != caps.source_of("2001:db8:1:3::1")

    def test_a_flood_makes_cases_and_no_mail(self, house, monday, client, filled_in, monkeypatch):
        monkeypatch.setattr(caps, "ANSWERED_IN_ALL", 2)
        for n in range(3):
            page = client.post("/help/ask", filled_in(email=f"victim{n}@x.example"), follow=True).content.decode()
        assert [event.data["answerable"] for event in Event.objects.filter(kind="case.opened").order_by("id")] == [True, True, False]
        assert "A mail is on its way" not in page

    def test_a_flood_without_end_is_refused(self, house, monday, client, filled_in, monkeypatch):
        monkeypatch.setattr(caps, "IN_ALL", 1)
        assert [send(client, filled_in(email=f"v{n}@x.example")).status_code for n in range(2)] == [303, 429]


@pytest.mark.security("S-051")
def test_extra_fields_are_not_heard(house, client, filled_in):
    more = {
        "severity": "1",
        "team": house.billing.pk,
        "owner": house.maya.pk,
        "number": "123456789",
        "is_proven": "1",
        "state": "resolved",
        "case": "1",
    }
    send(client, filled_in(**more))
    case = Case.objects.get()
    assert (case.severity.level, case.team, case.owner, case.state) == (3, house.support, None, "open")
    assert case.number != 123456789
    assert not case.messages.get().is_proven


@pytest.mark.security("S-034")
def test_a_number_in_the_words_joins_no_case(house, client, filled_in):
    other = house.case(requester=house.dana)
    send(client, filled_in(goal=f"Re: [{other.spoken_number}]", words=f"{other.number}"))
    assert other.messages.count() == 1
    assert Case.objects.count() == 2


@pytest.mark.security("S-071")
def test_the_form_needs_its_proof(house, filled_in):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/help/ask", filled_in()).status_code == 403
    assert not Case.objects.exists()


def test_what_was_typed_on_the_front_page_stands_in_the_form(house, client):
    page = client.get("/help/ask", {"goal": '"><script>alert(1)</script>'}).content.decode()
    assert "&quot;&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page

"""Mailboxes, teams, hours, severities, letters: each form keeps what was meant, and says why where it can't."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from mainstay.cases.models import Case, Severity
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.letters.models import LetterTemplate
from mainstay.letters.queries import acknowledgement_of, body_of
from mainstay.mail.models import Mailbox
from mainstay.people.models import Team
from mainstay.promises.models import Calendar, CalendarUse, Target
from mainstay.promises.queries import revision_now
from mainstay.setup import weeks
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


class TestMailboxes:
    @pytest.fixture
    def values(self, house) -> dict[str, object]:
        return {
            "address": "Billing@journeyware.example",
            "aliases": "invoices@journeyware.example\n accounts@journeyware.example",
            "team": house.billing.pk,
            "host": "smtp.example.com",
            "port": "587",
            "security": "starttls",
            "user": "billing",
            "password": "s3cret of the server",
        }

    def test_a_new_one_is_ours(self, house, as_, values):
        answer = as_(house.ingrid).post("/settings/mailboxes/new", values)
        assert answer.status_code == 303
        box = Mailbox.objects.get(team=house.billing)
        assert box.addresses == ["billing@journeyware.example", "invoices@journeyware.example", "accounts@journeyware.example"]
        assert (box.is_default, box.has_way_out, box.clear_password) == (False, True, "s3cret of the server")

    @pytest.mark.security("S-095")
    def test_a_kept_password_is_never_shown_and_stays_when_left_empty(self, house, as_, values):
        browser = as_(house.ingrid)
        browser.post("/settings/mailboxes/new", values)
        box = Mailbox.objects.get(team=house.billing)
        assert "s3cret" not in box.password
        page = browser.get(reverse("setup:mailbox", args=[box.pk])).content.decode()
        assert "s3cret" not in page
        assert box.password not in page
        browser.post(reverse("setup:mailbox", args=[box.pk]), {**values, "password": "", "name": "Accounts"})
        box.refresh_from_db()
        assert (box.name, box.clear_password) == ("Accounts", "s3cret of the server")
        assert not Event.objects.filter(data__icontains="s3cret").exists()

    def test_a_kept_password_goes_to_no_other_server(self, house, as_, values):
        browser = as_(house.ingrid)
        browser.post("/settings/mailboxes/new", values)
        box = Mailbox.objects.get(team=house.billing)
        answer = browser.post(reverse("setup:mailbox", args=[box.pk]), {**values, "password": "", "host": "smtp.elsewhere.example"})
        assert answer.status_code == 422
        assert "Enter the password again" in answer.content.decode()
        box.refresh_from_db()
        assert box.host == "smtp.example.com"

    @pytest.mark.reliability("R-37")
    @pytest.mark.parametrize("field", ["address", "aliases"])
    @pytest.mark.parametrize("email", ["maya@journeyware.example", "Luis@harbor.example", "support@journeyware.example"])
    def test_the_address_of_a_person_or_of_another_mailbox_is_refused(self, house, as_, values, field, email):
        answer = as_(house.ingrid).post("/settings/mailboxes/new", {**values, field: email})
        assert answer.status_code == 422
        assert "is in use already" in answer.content.decode()
        assert Mailbox.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("address", "nonsense", "valid email"),
            ("aliases", "good@x.example not-one", "“not-one” is no e-mail address"),
            ("aliases", " ".join(f"a{n}@x.example" for n in range(51)), "At most 50"),
            ("port", "70000", "less than or equal to 65535"),
            ("security", "magic", "not one of the available choices"),
            ("team", "0", "not one of the available choices"),
        ],
    )
    def test_what_can_not_be_says_why(self, house, as_, values, field, value, sentence):
        answer = as_(house.ingrid).post("/settings/mailboxes/new", {**values, field: value})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "invoices@journeyware.example" in answer.content.decode() or field == "aliases"

    @pytest.mark.security("S-051")
    def test_fields_that_are_not_in_the_form_are_not_heard(self, house, as_, values):
        odd = {"id": "99", "is_default": "on", "is_active": "", "last_error": "x", "paused_until": "2030-01-01", "created_at": "2000-01-01"}
        as_(house.ingrid).post("/settings/mailboxes/new", {**values, **odd})
        box = Mailbox.objects.get(team=house.billing)
        assert (box.is_default, box.is_active, box.last_error, box.paused_until) == (False, True, "", None)

    def test_the_default_one_can_not_be_switched_off(self, house, as_):
        values = {"address": house.mailbox.address, "team": house.support.pk, "port": "587", "security": "starttls"}
        as_(house.ingrid).post(reverse("setup:mailbox", args=[house.mailbox.pk]), values)
        house.mailbox.refresh_from_db()
        assert house.mailbox.is_active
        assert house.mailbox.is_default

    def test_the_test_button_says_in_one_sentence_how_it_went(self, house, as_):
        browser, address = as_(house.ingrid), reverse("setup:mailbox_test", args=[house.mailbox.pk])
        assert "No server is named" in browser.post(address).content.decode()

    @pytest.mark.security("S-078")
    def test_the_test_button_reaches_nothing_inside(self, house, as_):
        Mailbox.objects.filter(pk=house.mailbox.pk).update(host="127.0.0.1", port=5432, security="none")
        page = as_(house.ingrid).post(reverse("setup:mailbox_test", args=[house.mailbox.pk])).content.decode()
        assert "banner bad" in page
        assert "connection refused" not in page.lower()


class TestTeams:
    def test_one_is_made_and_renamed(self, house, as_):
        browser = as_(house.ingrid)
        browser.post("/settings/teams/new", {"name": "Field", "voice": "Journeyware Field", "phones": "+1, +2"})
        team = Team.objects.get(name="Field")
        browser.post(reverse("setup:team", args=[team.pk]), {"name": "Field service", "voice": "", "phones": ""})
        team.refresh_from_db()
        assert (team.name, team.signs_as, team.phones) == ("Field service", "Field service", "")

    def test_a_name_that_is_taken_comes_back(self, house, as_):
        answer = as_(house.ingrid).post("/settings/teams/new", {"name": "BILLING", "voice": "Typed words"})
        assert answer.status_code == 422
        assert "There is a team with this name already" in answer.content.decode()
        assert "Typed words" in answer.content.decode()

    def test_hours_are_offered_once_there_is_a_choice(self, house, as_):
        browser, address = as_(house.ingrid), reverse("setup:team", args=[house.billing.pk])
        assert 'name="calendar"' not in browser.get(address).content.decode()
        browser.post("/settings/hours/new", {"name": "Nights", "zone": "Asia/Tokyo", "day_0": "22-6"})
        nights = Calendar.objects.get(name="Nights")
        browser.post(address, {"name": "Billing", "calendar": nights.pk})
        assert CalendarUse.objects.get(team=house.billing).calendar == nights
        browser.post(address, {"name": "Billing", "calendar": ""})
        assert not CalendarUse.objects.exists()


class TestHours:
    WEEK = {f"day_{n}": "9:00–12:30, 13:30–18:00" for n in range(4)} | {"day_4": "8-14", "day_5": "", "day_6": "closed"}

    def change(self, house, as_, **more):
        address = reverse("setup:calendar", args=[Calendar.objects.get().pk])
        return as_(house.ingrid).post(address, {"name": "Office", "zone": "Europe/Lisbon", **self.WEEK, **more})

    def test_a_day_may_have_several_intervals(self, house, as_):
        assert self.change(house, as_).status_code == 303
        hours = revision_now(Calendar.objects.get()).hours
        assert [tuple(map(tuple, day)) for day in hours[3:6]] == [(("09:00", "12:30"), ("13:30", "18:00")), (("08:00", "14:00"),), ()]

    def test_what_was_typed_is_what_is_shown_again(self, house, as_):
        self.change(house, as_, holidays="2026-12-25 Christmas Day", days="2026-12-24 9-12\n2026-12-31 closed")
        page = as_(house.ingrid).get(reverse("setup:calendar", args=[Calendar.objects.get().pk])).content.decode()
        for words in ("9:00–12:30, 13:30–18:00", "8:00–14:00", "2026-12-25 Christmas Day", "2026-12-24 9:00–12:00", "2026-12-31 closed"):
            assert words in page

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("day_0", "nine to five", "is no interval such as"),
            ("day_0", "9-25", "that no clock shows"),
            ("day_2", "9:00–", "is no interval"),
            ("holidays", "Christmas", "has to begin with a date"),
            ("holidays", "2026-13-01 Nope", "has to begin with a date"),
            ("days", "2026-12-24 nine", "is no interval"),
            ("zone", "Mars/Olympus", "not one of the available choices"),
        ],
    )
    def test_what_no_clock_shows_comes_back_with_the_reason(self, house, as_, field, value, sentence):
        answer = self.change(house, as_, **{field: value})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert Calendar.objects.get().revisions.count() == 1

    def test_a_week_without_an_open_hour_is_refused(self, house, as_):
        answer = self.change(house, as_, **dict.fromkeys(self.WEEK, ""))
        assert answer.status_code == 422
        assert "without a single open hour" in answer.content.decode()

    def test_holidays_are_suggested_by_country_and_kept_by_save_only(self, house, as_):
        with clock.standing_at(MONDAY):
            answer = self.change(house, as_, do="suggest", country="DE", part="BY", holidays="2026-05-04 Our own day")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "2026-01-06 Epiphany" in page
        assert "2026-05-04 Our own day" in page
        assert revision_now(Calendar.objects.get()).holidays == {}

    def test_a_part_that_is_not_known_is_answered_with_those_that_are(self, house, as_):
        page = self.change(house, as_, do="suggest", country="DE", part="XX").content.decode()
        assert "Known are: BB, BE" in page

    def test_the_page_says_whether_we_are_open(self, house, as_):
        saturday = datetime(2026, 3, 7, 23, 0, tzinfo=UTC)
        with clock.standing_at(MONDAY):
            assert "open now" in as_(house.ingrid).get("/settings/hours/").content.decode()
        with clock.standing_at(saturday):
            assert "closed now, opens on Monday at 9:00" in as_(house.ingrid).get("/settings/hours/").content.decode()

    @pytest.mark.parametrize("text", ["9-17", "09:00-17:00", " 9.00 – 17.00 ", "9 to 17", "9:00—17:00"])
    def test_people_write_hours_in_many_ways(self, text):
        assert weeks.read_day(text) == [("09:00", "17:00")]

    def test_midnight_survives_being_shown(self):
        assert weeks.read_day(weeks.write_day([("00:00", "24:00")])) == [("00:00", "24:00")]


class TestSeverities:
    @pytest.fixture
    def values(self, house) -> dict[str, str]:
        names = {1: "Down", 2: "High", 3: "Normal", 4: "Low"}
        values = {f"name_{level}": name for level, name in names.items()} | {f"read_{level}": "30 min" for level in names}
        return values | {f"respond_{level}": f"{level} h" for level in names} | {"default": "3", "meaning_1": "Nobody can work"}

    def test_names_and_times_are_kept(self, house, as_, values):
        assert as_(house.ingrid).post("/settings/severities/", values | {"respond_4": "1 h 30", "read_4": ""}).status_code == 303
        target = Target.objects.get(severity__level=4)
        assert (target.read_by, target.respond) == (None, 90)
        assert Target.objects.get(severity__level=1).respond == 60

    def test_a_fifth_level_can_be_added_and_taken_away(self, house, as_, values):
        browser = as_(house.ingrid)
        browser.post("/settings/severities/", values | {"name_5": "Wish"})
        assert Severity.objects.count() == 5
        browser.post("/settings/severities/", values)
        assert Severity.objects.count() == 4

    def test_a_level_that_cases_stand_on_stays(self, house, as_, values):
        house.case(severity=Severity.objects.get(level=4))
        answer = as_(house.ingrid).post("/settings/severities/", {**values, "name_4": ""})
        assert answer.status_code == 422
        assert "Cases stand on a level that would go" in answer.content.decode()
        assert Severity.objects.get(level=4).name == "Small"
        assert Case.objects.get().severity.level == 4

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"name_3": ""}, "This field is required"),
            ({"name_4": "", "name_5": "Wish"}, "Name level 4 before level 5"),
            ({"default": "5"}, "That level has no name"),
            ({"read_1": "soon"}, "Write a time such as"),
            ({"read_1": "0"}, "Write a time such as"),
            ({"read_2": "9 h"}, "Nothing is answered before it is read"),
            ({"respond_1": "99999999 min"}, "Write a time such as"),
        ],
    )
    def test_what_can_not_be_promised_says_why(self, house, as_, values, more, sentence):
        answer = as_(house.ingrid).post("/settings/severities/", {**values, **more})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()


class TestTheAcknowledgement:
    def address(self, house) -> str:
        return reverse("setup:acknowledgement", args=[house.support.pk])

    def test_it_is_seen_as_now_and_as_on_saturday_night(self, house, as_):
        with clock.standing_at(MONDAY):
            page = as_(house.ingrid).get(self.address(house)).content.decode()
        assert "today by 11:42" in page
        assert "Saturday night" in page
        assert "on Monday by 11:00" in page
        assert "+1 512 555 0142" in page

    def test_a_preview_of_what_was_typed_keeps_nothing(self, house, as_):
        answer = as_(house.ingrid).post(self.address(house), {"is_on": "on", "body": "Ahoy, {number} it is.", "do": "preview"})
        assert "Ahoy, 204 118 337 it is." in answer.content.decode()
        assert not LetterTemplate.objects.exists()

    def test_own_words_are_kept_and_the_house_text_is_not_copied(self, house, as_):
        browser = as_(house.ingrid)
        browser.post(self.address(house), {"is_on": "on", "body": "Ahoy, {number} it is."})
        assert body_of(house.support) == "Ahoy, {number} it is."
        browser.post(self.address(house), {"is_on": "on", "body": ""})
        browser.post(self.address(house), {"is_on": "on", "body": body_of(house.support).replace("\n", "\r\n")})
        assert acknowledgement_of(house.support).body == ""

    def test_it_can_be_switched_off(self, house, as_):
        as_(house.ingrid).post(self.address(house), {"body": ""})
        assert not acknowledgement_of(house.support).is_on

    @pytest.mark.security("S-076")
    @pytest.mark.parametrize(
        "body", ["It is {{7*7}}", "{% load x %}", "It is ${7*7}", "It is <%= 7*7 %>", "{number.__class__}", "Hello {name}"]
    )
    def test_nothing_in_it_is_ever_run(self, house, as_, body):
        answer = as_(house.ingrid).post(self.address(house), {"is_on": "on", "body": body, "do": "preview"})
        page = answer.content.decode()
        assert ">49<" not in page
        assert "is 49" not in page
        assert answer.status_code in {200, 422}
        if answer.status_code == 422:
            assert "What can stand there" in page

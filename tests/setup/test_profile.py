"""One's own profile, one's own face, one's own password."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mainstay.events.models import Event
from mainstay.kernel import blobs
from mainstay.people.models import Agent, Person
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
VALUES = {"name": "Maya Ortiz", "signature": "Maya\n-- \nJourneyware", "undo_seconds": "25", "time_zone": "America/Chicago"}


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    out = BytesIO()
    image = Image.new("RGB", size, "teal")
    extra = {"exif": Image.Exif()} if kind == "JPEG" else {}
    if kind == "JPEG":
        extra["exif"][0x010E] = "where I live"
    image.save(out, kind, **extra)
    return SimpleUploadedFile(f"me.{kind.lower()}", out.getvalue(), content_type="text/html")


def test_maya_changes_hers(cast, as_):
    assert as_(cast.maya).post("/profile/", VALUES).status_code == 303
    agent = Agent.objects.select_related("person").get(person=cast.maya)
    assert (agent.signature, agent.undo_seconds, agent.person.time_zone) == ("Maya\n-- \nJourneyware", 25, "America/Chicago")
    assert Event.objects.filter(kind="person.changed", actor=cast.maya.pk).exists()


@pytest.mark.security("S-051")
def test_nothing_of_it_makes_her_more_than_she_is(cast, as_):
    more = {
        "role": "administrator",
        "teams": [cast.billing.pk],
        "email": "x@y.example",
        "password": "x",
        "organization": cast.harbor.pk,
        "id": "1",
    }
    as_(cast.maya).post("/profile/", {**VALUES, **more, "is_active": "", "disabled_at": "2026-01-01"})
    agent = Agent.objects.select_related("person").get(person=cast.maya)
    assert (agent.role, list(agent.teams.all()), agent.disabled_at) == ("agent", [cast.support], None)
    assert (agent.person.email, agent.person.organization, agent.person.is_active) == ("maya@journeyware.example", None, True)
    assert agent.person.check_password(PASSWORD)


@pytest.mark.parametrize("seconds", ["-1", "61", "1e3", ""])
def test_the_undo_time_lies_between_nothing_and_a_minute(cast, as_, seconds):
    answer = as_(cast.maya).post("/profile/", {**VALUES, "undo_seconds": seconds})
    assert answer.status_code == 422
    assert "Journeyware" in answer.content.decode()


@pytest.mark.security("S-076")
@pytest.mark.security("S-013")
def test_a_signature_is_words_and_nothing_else(cast, as_):
    browser = as_(cast.maya)
    browser.post("/profile/", {**VALUES, "signature": "{{7*7}}<script>alert(1)</script>"})
    page = browser.get("/profile/").content.decode()
    assert "{{7*7}}&lt;script&gt;" in page
    assert "<script>alert" not in page


class TestThePhoto:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_it_is_drawn_anew_as_a_small_square(self, cast, as_, kind):
        as_(cast.maya).post("/profile/", {**VALUES, "photo": picture(kind)})
        kept = blobs.read(Person.objects.get(pk=cast.maya.pk).photo)
        with Image.open(BytesIO(kept)) as image:
            assert (image.format, image.size) == ("WEBP", (256, 256))
        assert b"where I live" not in kept

    def test_customers_see_the_face_of_who_helps_them(self, cast, as_, client):
        as_(cast.maya).post("/profile/", {**VALUES, "photo": picture()})
        answer = client.get(f"/face/{Person.objects.get(pk=cast.maya.pk).photo}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
        assert "immutable" in answer.headers["Cache-Control"]

    @pytest.mark.security("S-024")
    def test_no_other_kept_file_can_be_read_by_its_hash(self, cast, client):
        secret = blobs.keep(b"a mail that somebody wrote")
        Person.objects.filter(pk=cast.luis.pk).update(photo=secret)
        for name in (secret, "0" * 64, secret.upper(), f"{secret}x", "..%2f..%2fsecret.key"):
            assert client.get(f"/face/{name}").status_code == 404

    @pytest.mark.security("S-026")
    @pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n broken", b"%PDF-1.7", b"GIF89a"])
    def test_what_is_no_picture_comes_back(self, cast, as_, data):
        answer = as_(cast.maya).post("/profile/", {**VALUES, "photo": SimpleUploadedFile("me.png", data)})
        assert answer.status_code == 422
        assert "can&#x27;t be read as a picture" in answer.content.decode()
        assert Person.objects.get(pk=cast.maya.pk).photo == ""

    @pytest.mark.security("S-026")
    def test_a_picture_that_unfolds_without_end_is_refused(self, cast, as_):
        out = BytesIO()
        Image.new("1", (30_000, 30_000)).save(out, "PNG")
        answer = as_(cast.maya).post("/profile/", {**VALUES, "photo": SimpleUploadedFile("bomb.png", out.getvalue())})
        assert answer.status_code == 422

    def test_it_can_be_taken_away(self, cast, as_):
        browser = as_(cast.maya)
        browser.post("/profile/", {**VALUES, "photo": picture()})
        browser.post("/profile/", {**VALUES, "remove_photo": "on"})
        assert Person.objects.get(pk=cast.maya.pk).photo == ""


@pytest.mark.security("S-068")
class TestThePassword:
    NEW = "six geese fly over the bay"

    def test_the_present_one_is_asked_for(self, cast, as_):
        browser = as_(cast.maya)
        assert browser.post("/profile/password", {"present": "guess", "password": self.NEW}).status_code == 422
        assert browser.post("/profile/password", {"password": self.NEW}).status_code == 422
        assert Person.objects.get(pk=cast.maya.pk).check_password(PASSWORD)

    @pytest.mark.security("S-066")
    def test_every_other_session_ends_and_this_one_stays(self, cast, as_):
        here, there = as_(cast.maya), as_(cast.maya)
        assert here.post("/profile/password", {"present": PASSWORD, "password": self.NEW}).status_code == 303
        assert here.get("/profile/").status_code == 200
        assert there.get("/profile/").status_code == 302

    @pytest.mark.security("S-061")
    def test_guessing_the_present_one_ends_after_five_tries(self, cast, as_):
        browser = as_(cast.maya)
        answers = [browser.post("/profile/password", {"present": f"guess {n}", "password": self.NEW}).status_code for n in range(6)]
        assert answers == [422] * 5 + [429]

    def test_a_weak_new_one_comes_back_with_the_reason(self, cast, as_):
        answer = as_(cast.maya).post("/profile/password", {"present": PASSWORD, "password": "maya ortiz"})
        assert answer.status_code == 422
        assert "too similar" in answer.content.decode()
        assert PASSWORD not in answer.content.decode()

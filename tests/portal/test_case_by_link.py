"""A case, by the link that was mailed to somebody who takes part in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mainstay.cases.actions import (
    FileKept,
    add_note,
    add_participant,
    assign,
    mark_spam,
    open_case,
    receive,
    remove_participant,
    reply,
    resolve,
    wait,
    write_letter,
)
from mainstay.cases.models import Attachment, Case, CaseLink, Message
from mainstay.channels.actions import save_draft
from mainstay.channels.links import link_for, seal, unseal
from mainstay.events.models import Event
from mainstay.kernel import clock
from tests.cast import MONDAY, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(house):
    """Luis asked; Maya let Dana take part, answered both, then Luis alone, and Tom wrote a note."""
    with clock.standing_at(MONDAY - timedelta(hours=2)):
        case = house.case()
        add_participant(case, house.dana, by=house.maya)
        both = words(
            house.maya, "To **both** of you", format="markdown", to=[(house.luis, "l@h.example")], cc=[(house.dana, "d@c.example")]
        )
        reply(case, both)
        kept = FileKept.keep("steps.pdf", "application/pdf", b"%PDF for Luis")
        reply(case, words(house.maya, "Only for Luis", to=[(house.luis, "luis@harbor.example")], files=[kept]))
        add_note(case, "He was burnt by us in February", by=house.tom, files=[FileKept.keep("secret.txt", "text/plain", b"a note's file")])
        letter = words(None, "Automatic, with 204 118 337", to=[(house.luis, "luis@harbor.example")])
        write_letter(case, letter, letter="acknowledgement")
        save_draft(case, author=house.maya, kind="reply", body="What I am still writing", people=[house.luis.pk], seen=0, then={})
    return case


def at(case, person) -> str:
    return reverse("portal:case", args=[seal(case, person)])


def read(client, case, person) -> str:
    answer = client.get(at(case, person))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.security("S-054")
class TestWhatIsSeen:
    def test_luis_reads_the_whole_conversation(self, case, house, client):
        page = read(client, case, house.luis)
        assert "Hi, since the 9.2 update" in page
        assert "To <strong>both</strong> of you" in page
        assert "Only for Luis" in page
        assert "steps.pdf" in page

    def test_dana_reads_what_was_addressed_to_her(self, case, house, client):
        page = read(client, case, house.dana)
        assert "To <strong>both</strong> of you" in page
        assert "Only for Luis" not in page
        assert "steps.pdf" not in page
        assert "Hi, since the 9.2 update" not in page

    @pytest.mark.parametrize("who", ["luis", "dana"])
    @pytest.mark.parametrize(
        "inner",
        [
            "burnt by us",
            "secret.txt",
            "still writing",
            "Automatic, with",
            "harbor.example",
            "corvid.example",
            "h.example",
            "@journeyware",
            "Tom",
        ],
    )
    def test_nothing_of_the_inside_is_on_the_page(self, case, house, client, who, inner):
        assert inner not in read(client, case, getattr(house, who))

    def test_an_address_given_as_a_name_is_not_shown(self, house, client):
        house.dana.name = "dana@corvid.example"
        house.dana.save()
        case = house.case(requester=house.luis)
        add_participant(case, house.dana, by=house.maya)
        receive(case, words(house.dana, "Me too"))
        page = read(client, case, house.luis)
        assert "dana@corvid.example" not in page
        assert "Somebody else in this case" in page

    def test_quoted_mail_below_an_answer_is_left_out(self, house, client):
        body = "It works now.\n\nOn Friday Dana <dana@corvid.example> wrote:\n> secret words"
        case = open_case(words(house.luis, body, cut=len("It works now.")), requester=house.luis, subject="x", team=house.support).case
        page = read(client, case, house.luis)
        assert "It works now." in page
        assert "secret words" not in page

    @pytest.mark.security("S-001")
    @pytest.mark.parametrize("format", ["plain", "markdown", "html"])
    def test_a_message_is_words_and_does_nothing(self, house, client, format):
        case = house.case()
        receive(case, words(house.luis, "<script>alert(1)</script><img src=x onerror=alert(2)> hello", format=format))
        page = read(client, case, house.luis)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "hello" in page

    def test_an_event_says_nothing_of_the_reading(self, case, house, client):
        before = Event.objects.count()
        read(client, case, house.luis)
        assert Event.objects.count() == before


class TestHowItStands:
    def test_open_and_unread(self, house, monday, client):
        case = house.case()
        page = read(client, case, house.luis)
        assert "We have it." in page
        assert "A person reads it today by 11:42." in page

    def test_somebody_has_it(self, case, house, client):
        assign(case, owner=house.maya, by=house.maya)
        assert "Maya has it." in read(client, case, house.luis)

    def test_late(self, house, client):
        with clock.standing_at(MONDAY):
            case = house.case()
        with clock.standing_at(MONDAY + timedelta(days=2)):
            assert "We are late with our answer, and we know it." in read(client, case, house.luis)

    @pytest.mark.parametrize(
        ("on", "sentence"),
        [
            ("customer", "It is your turn"),
            ("fix", "It waits for a fix."),
            ("third", "We wait for somebody else"),
            ("date", "It rests for now."),
        ],
    )
    def test_it_waits(self, case, house, monday, client, on, sentence):
        wait(case, on=on, until=MONDAY + timedelta(days=1), by=house.maya, why="Ask Bob in accounting")
        page = read(client, case, house.luis)
        assert sentence in page
        assert "Bob" not in page
        if on in {"third", "date"}:
            assert "We come back to it tomorrow by 9:42." in page

    def test_resolved(self, case, house, client):
        resolve(case, how="fixed", by=house.maya)
        page = read(client, case, house.luis)
        assert "Maya resolved it." in page
        assert "Not quite? Write below" in page

    def test_long_after_it_was_resolved(self, case, house, client):
        with clock.standing_at(MONDAY):
            resolve(case, how="fixed", by=house.maya)
        with clock.standing_at(MONDAY + timedelta(days=91)):
            assert "That was more than 90 days ago" in read(client, case, house.luis)


class TestAdding:
    def test_luis_adds_words_and_a_file_to_his_case(self, case, house, client):
        answer = client.post(at(case, house.luis), {"words": "One more thing", "attached": SimpleUploadedFile("log.txt", b"log")})
        assert answer.status_code == 303
        message = Message.objects.latest("id")
        assert (message.case, message.author, message.is_proven, message.is_ours) == (case, house.luis, True, False)
        assert message.attachments.get().name == "log.txt"
        page = client.get(answer.headers["Location"]).content.decode()
        assert "One more thing" in page
        assert "We have it. Thank you." in page

    def test_it_opens_a_resolved_case_again(self, case, house, client):
        resolve(case, how="fixed", by=house.maya)
        client.post(at(case, house.luis), {"words": "Still broken"})
        assert Case.objects.get(pk=case.pk).state == "open"

    def test_after_ninety_days_it_is_a_new_case_and_the_page_follows(self, case, house, client):
        with clock.standing_at(MONDAY):
            resolve(case, how="fixed", by=house.maya)
        with clock.standing_at(MONDAY + timedelta(days=91)):
            answer = client.post(at(case, house.luis), {"words": "It is back"}, follow=True)
        fresh = Case.objects.latest("id")
        assert fresh.pk != case.pk
        assert CaseLink.objects.get(case=fresh).other == case
        page = answer.content.decode()
        assert "This is a new case now" in page
        assert "It is back" in page
        assert "Only for Luis" not in page

    def test_dana_may_add_too(self, case, house, client):
        assert client.post(at(case, house.dana), {"words": "Same here"}).status_code == 303

    def test_empty_words_come_back(self, case, house, client):
        answer = client.post(at(case, house.luis), {"words": "  "})
        assert answer.status_code == 422
        assert "Hi, since the 9.2 update" in answer.content.decode()

    @pytest.mark.security("S-039")
    def test_thirty_times_an_hour_is_enough(self, case, house, monday, client):
        answers = [client.post(at(case, house.luis), {"words": f"{n}"}).status_code for n in range(31)]
        assert answers == [303] * 30 + [429]

    @pytest.mark.security("S-029")
    def test_who_was_only_offered_or_taken_off_reads_theirs_and_adds_nothing(self, case, house, client):
        remove_participant(case, house.dana, by=house.maya)
        page = read(client, case, house.dana)
        assert "To <strong>both</strong> of you" in page
        assert "Write to us about it" not in page
        before = case.messages.count()
        assert client.post(at(case, house.dana), {"words": "x"}).status_code == 404
        assert case.messages.count() == before

    @pytest.mark.security("S-051")
    def test_extra_fields_are_not_heard(self, case, house, client):
        client.post(at(case, house.luis), {"words": "x", "author": house.maya.pk, "is_ours": "1", "case": "1", "is_letter": "1"})
        message = Message.objects.latest("id")
        assert (message.author, message.is_ours, message.is_letter, message.case) == (house.luis, False, False, case)


@pytest.mark.security("S-024")
@pytest.mark.security("S-092")
class TestTheLink:
    def test_it_stands_under_our_own_address(self, case, house, settings):
        settings.BASE_URL = "https://help.journeyware.example"
        assert link_for(case, house.luis).startswith("https://help.journeyware.example/help/case/")

    def test_looking_changes_nothing(self, case, house, client):
        with CaptureQueriesContext(connection) as caught:
            read(client, case, house.luis)
        assert [q["sql"] for q in caught if q["sql"].split()[0].upper() in {"INSERT", "UPDATE", "DELETE"}] == []

    def test_a_stranger_who_belongs_to_nothing_of_it_sees_nothing(self, case, house, client):
        assert client.get(at(case, house.zoe)).status_code == 404

    def test_one_persons_link_is_not_anothers(self, case, house):
        link = unseal(seal(case, house.dana))
        assert link is not None
        assert (link.person, link.case) == (house.dana, case)

    @pytest.mark.parametrize(
        "change", [lambda t: t[:-2], lambda t: t + "A", lambda t: t.swapcase(), lambda t: "x" * 300, lambda t: "~", lambda t: " "]
    )
    def test_whatever_is_not_exactly_ours_gets_one_answer(self, case, house, client, change):
        token = change(seal(case, house.luis))
        answers = {client.get(reverse("portal:case", args=[value])).content for value in (token, "forged")}
        assert client.get(reverse("portal:case", args=[token])).status_code == 404
        assert len({answer.partition(b"<main")[2] for answer in answers}) == 1

    def test_a_signature_for_something_else_opens_nothing(self, case, house):
        from django.core import signing

        assert unseal(signing.Signer(salt="other", sep="~").sign_object([case.number, house.luis.pk, 1])) is None
        assert unseal(signing.Signer(salt="mainstay.channels.links.case", sep="~").sign_object({"a": 1})) is None

    def test_after_sixty_days_it_says_so_and_shows_nothing(self, case, house, client):
        with clock.standing_at(MONDAY):
            path = at(case, house.luis)
        with clock.standing_at(MONDAY + timedelta(days=60, minutes=2)):
            answer = client.get(path)
            file = Attachment.objects.get(name="steps.pdf")
            assert client.get(f"{path}/file/{file.key}").status_code == 404
            assert client.post(path, {"words": "x"}).status_code == 410
        assert answer.status_code == 410
        assert "This link has grown old" in answer.content.decode()
        assert "Overtime" not in answer.content.decode()

    def test_a_person_who_was_locked_out_sees_nothing(self, case, house, client):
        house.luis.is_active = False
        house.luis.save()
        assert client.get(at(case, house.luis)).status_code == 404

    def test_spam_shows_nothing(self, case, house, client):
        mark_spam(case, by=house.maya)
        assert client.get(at(case, house.luis)).status_code == 404

    def test_no_cache_keeps_the_page(self, case, house, client):
        assert "no-store" in client.get(at(case, house.luis)).headers["Cache-Control"]

    def test_no_mail_programs_link_ends_early(self, case, house):
        """The last sign is a letter or a figure, so that no full stop, dash or underscore is taken for the sentence's."""
        for person in (house.luis, house.dana, house.zoe):
            with clock.standing_at(MONDAY + timedelta(minutes=person.pk)):
                assert seal(case, person)[-1].isalnum()


@pytest.mark.security("S-024")
class TestFiles:
    def get(self, client, case, person, name):
        return client.get(f"{at(case, person)}/file/{Attachment.objects.get(name=name).key}")

    def test_luis_downloads_his(self, case, house, client):
        answer = self.get(client, case, house.luis, "steps.pdf")
        assert answer.content == b"%PDF for Luis"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    @pytest.mark.security("S-048")
    def test_nobody_downloads_a_notes_file_or_one_of_anothers_message(self, case, house, client):
        assert self.get(client, case, house.luis, "secret.txt").status_code == 404
        assert self.get(client, case, house.dana, "steps.pdf").status_code == 404
        other = house.case(requester=house.dana)
        assert self.get(client, other, house.dana, "steps.pdf").status_code == 404

    def test_who_takes_part_since_a_moment_reads_nothing_from_before(self, case, house, client):
        add_participant(case, house.zoe, by=house.maya)
        assert client.get(at(case, house.zoe)).status_code == 404

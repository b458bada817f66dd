"""Going to a number, looking for words, and people."""

from __future__ import annotations

import pytest

from mainstay.cases.actions import add_note, move
from mainstay.jobs import run_all
from mainstay.people.models import Block
from tests.desk.sitting import client_of


@pytest.mark.parametrize("written", ["{0}", "{1} {2} {3}", "#{0}", " {1}-{2}-{3} ", "{1}.{2}.{3}"])
def test_a_number_leads_to_its_case_however_it_is_written(cast, maya, written):
    case = cast.case()
    digits = str(case.number)
    answer = maya.get("/desk/go/", {"number": written.format(digits, digits[:3], digits[3:6], digits[6:])})
    assert answer.headers["Location"] == f"/desk/cases/{case.number}/"


@pytest.mark.security("S-046")
def test_a_number_of_another_team_looks_like_one_that_does_not_exist(cast, maya):
    hidden = cast.case(team=cast.billing)
    there, nowhere = (maya.get("/desk/go/", {"q": str(number)}, follow=True).content.decode() for number in (hidden.number, 987654321))
    blank = [page.replace(str(hidden.number), "N").replace("987654321", "N") for page in (there, nowhere)]
    first, second = (page.split("<main")[1].split("</main")[0] for page in blank)
    assert first == second
    assert maya.get(f"/desk/cases/{hidden.number}/").status_code == maya.get("/desk/cases/987654321/").status_code == 404


@pytest.mark.parametrize(
    ("text", "leads_to"),
    [
        ("overtime", "cases/{0}/"),
        ("HOLIDAY twice", "cases/{0}/"),
        ("monday", "cases/{0}/#message-"),
        ("legal", "cases/{0}/#note-"),
        ("luis", "people/{1}/"),
        ("harbor.example", "people/{1}/"),
        ("Harbor Clinics", "people/{1}/"),
    ],
)
def test_words_find_subjects_messages_notes_and_people(cast, maya, text, leads_to):
    case = cast.case(subject="Overtime counts the holiday twice", body="It began on Monday")
    add_note(case, "Legal has it", by=cast.tom)
    cast.case(requester=cast.zoe, subject="Something else")
    run_all()
    page = maya.get("/desk/search/", {"q": text}).content.decode()
    assert f"/desk/{leads_to.format(case.number, cast.luis.pk)}" in page
    assert "<mark>" in page
    assert "Something else" not in page


@pytest.mark.parametrize("text", ["", "%", "_", "'; --", "\\", "a" * 5000, "\U0001f98a", "nothing like this"])
def test_odd_words_find_nothing_and_break_nothing(cast, maya, text):
    cast.case(subject="Plain")
    run_all()
    answer = maya.get("/desk/search/", {"q": text})
    assert answer.status_code == 200
    assert "Plain" not in answer.content.decode()


@pytest.mark.security("S-046")
def test_a_hit_that_the_index_still_has_is_not_shown_once_the_case_moved_away(cast, maya):
    case = cast.case(subject="Zebra stripes")
    run_all()
    assert "Zebra" in maya.get("/desk/search/?q=stripes").content.decode()
    move(case, team=cast.billing, by=cast.ingrid)
    assert "Zebra" not in maya.get("/desk/search/?q=stripes").content.decode()


@pytest.mark.security("S-046")
def test_another_team_finds_no_word_of_it(cast):
    case = cast.case(subject="Zebra stripes", body="zebra inside")
    add_note(case, "zebra note", by=cast.tom)
    run_all()
    assert "ebra" not in client_of(cast.nils).get("/desk/search/?q=zebra").content.decode().replace("“zebra”", "").replace(
        '"zebra"', ""
    ).replace("q=zebra", "")


def test_a_persons_page_has_their_addresses_and_the_cases_that_one_may_see(cast, maya):
    mine, copied, hidden = (
        cast.case(subject="mine"),
        cast.case(requester=cast.dana, subject="copied", copied=[cast.luis]),
        cast.case(subject="hidden", team=cast.billing),
    )
    page = maya.get(f"/desk/people/{cast.luis.pk}/").content.decode()
    assert "luis@harbor.example" in page
    assert "Harbor Clinics" in page
    assert f"row-{mine.number}" in page
    assert f"row-{copied.number}" in page
    assert f"row-{hidden.number}" not in page


def test_people_are_found_by_name_address_and_organization(cast, maya):
    cast.case()
    cast.case(requester=cast.dana)
    for text in ("luis", "harbor clinics", "@harbor"):
        page = maya.get("/desk/people/", {"q": text}).content.decode()
        assert "Luis Almeida" in page
        assert "Dana Whitfield" not in page


@pytest.mark.security("S-045")
def test_people_of_other_teams_cases_have_no_page(cast, maya):
    assert maya.get(f"/desk/people/{cast.zoe.pk}/").status_code == 404
    assert maya.get("/desk/people/999999/").status_code == 404
    assert maya.get(f"/desk/people/{cast.tom.pk}/").status_code == 200


def test_a_sender_is_blocked_and_let_in_again(cast, maya):
    case = cast.case()
    back = f"/desk/cases/{case.number}/?queue=open"
    answer = maya.post(f"/desk/people/{cast.luis.pk}/block", {"address": "luis@harbor.example", "next": back})
    assert answer.headers["Location"] == back
    assert Block.objects.get(lifted_at=None).by == cast.maya
    page = maya.get(back).content.decode()
    assert "Let their mail in" in page
    assert f"/desk/people/{cast.luis.pk}/block/undo?address=luis@harbor.example" in page
    maya.post(f"/desk/people/{cast.luis.pk}/block/undo?address=luis@harbor.example")
    assert not Block.objects.filter(lifted_at=None).exists()


@pytest.mark.security("S-048")
def test_only_a_persons_own_address_is_blocked_through_them_and_no_colleagues(cast, maya):
    cast.case()
    assert maya.post(f"/desk/people/{cast.luis.pk}/block", {"address": "dana@corvid.example"}).status_code == 404
    assert maya.post(f"/desk/people/{cast.tom.pk}/block", {"address": "tom@journeyware.example"}).status_code == 404
    assert not Block.objects.exists()


def test_blocking_leads_nowhere_else(cast, maya):
    cast.case()
    answer = maya.post(f"/desk/people/{cast.luis.pk}/block", {"address": "luis@harbor.example", "next": "https://evil.example/"})
    assert answer.headers["Location"] == f"/desk/people/{cast.luis.pk}/"


def test_a_lead_opens_the_list_of_people_empty(cast):
    assert "Nobody here." in client_of(cast.aiko).get("/desk/people/").content.decode()

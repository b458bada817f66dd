"""One index, two databases: whoever may read it finds it, the newest first, however it is written."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.search.actions import forget, index, reindex
from mainstay.search.documents import SOURCES, Document, for_person, for_teams
from mainstay.search.models import Entry
from mainstay.search.queries import COUNT_LIMIT, count, find
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
SUPPORT, BILLING, LUIS = 1, 2, 71


def message(number: int, body: str, *, at: datetime = MONDAY, **more) -> Document:
    values = {"title": "", "case": 5, "teams": [SUPPORT], "people": [LUIS], **more}
    return Document("message", number, at, body=body, **values)


def found(query: str, scopes=None, **more) -> list[int]:
    return [hit.object for hit in find(query, scopes=for_teams([SUPPORT]) if scopes is None else scopes, **more).hits]


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("The printer is on fire.", "printer"),
        ("The printer is on fire.", "FIRE prin"),
        ("The printer is on fire.", '"is on fire"'),
        ("Der Drucker hört auf.", "hort"),
        ("Der Drucker hort auf.", "hört"),
        ("cafe\u0301 Zürich", "café zurich"),
        ("Straße", "straße"),
        ("İstanbul", "istanbul"),
        ("東京タワーの印刷", "印刷"),
        ("ガラスのｶﾞﾗｽ", "ガラスのガラス"),
        ("Сообщение о принтере", "принтер"),
        ("ping lena@nordwind.example now", "lena@nordwind.example"),
        ("ping lena@nordwind.example now", "nordwind"),
        ("error 0x80070057 in build 9.2.1", "9.2.1"),
        ("error 0x80070057 in build 9.2.1", "0x8007"),
        ("snake_case and kebab-case", "snake_case kebab-case"),
        ("don't", "don't"),
        ("a b c", "b"),
        ("“Holiday pay” twice", "„holiday pay“"),
    ],
)
def test_what_was_written_is_found_however_it_is_asked_for(body: str, query: str) -> None:
    index([message(1, body)])
    assert found(query) == [1]


@pytest.mark.parametrize(
    "query", ['"fire on"', "printers fire", "prin,fir x", "extinguisher", '"the print"', "t1", "~t1", "kmessage", "p71", "d"]
)
def test_what_was_not_written_is_not_found(query: str) -> None:
    index([message(1, "The printer is on fire.")])
    assert found(query) == []


HOSTILE = [
    '"', '""', "'", "*", "a*b", "(", ")", "NOT", "AND OR NOT", "NEAR(a b)", "words:fire", "terms : t2", "-fire", "^fire", "fire'--",
    "fire' | '~t2", "'fire':*", "fire & !print", "\\", "fire\\", "%s", "%", "\x00", "🔥", "<->", ":*", "{", "}", "+fire", '" OR terms:"t2',
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_nothing_that_is_typed_is_a_command(query: str) -> None:
    index([message(1, "The printer is on fire."), message(2, "fire in billing", teams=[BILLING], people=[])])
    assert 2 not in found(query)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_at_all_can_be_asked_for_and_indexed(text: str) -> None:
    index([message(1, text, title=text)])
    find(text, scopes=for_teams([SUPPORT]))


def test_only_who_may_read_it_finds_it(django_assert_num_queries) -> None:
    index(
        [
            message(1, "holiday pay"),
            Document("note", 2, MONDAY, title="", body="holiday pay, they call daily", case=5, teams=[SUPPORT]),
            message(3, "holiday pay", teams=[BILLING], people=[72]),
            Document("person", 4, MONDAY, title="Holly Holiday", is_for_desk=True),
        ]
    )
    assert sorted(found("holiday", for_teams([SUPPORT]))) == [1, 2, 4]
    assert sorted(found("holiday", for_teams([SUPPORT, BILLING]))) == [1, 2, 3, 4]
    assert found("holiday", for_person(LUIS)) == [1]
    assert found("holiday", for_person(7)) == []
    with django_assert_num_queries(0):
        assert found("holiday", for_teams([])) == []
        assert found("holiday", ()) == []
    with django_assert_num_queries(2):
        find("holiday", scopes=for_teams([SUPPORT]))


def test_the_newest_come_first_whenever_they_were_indexed_and_pages_follow() -> None:
    hours = [5, 1, 4, 2, 3, 0, 6]
    for number in hours:
        index([message(number, "holiday pay", at=MONDAY + timedelta(hours=number))])
    pages, before = [], None
    while True:
        page = find("holiday", scopes=for_teams([SUPPORT]), limit=3, before=before)
        pages.append([hit.object for hit in page.hits])
        before = page.before
        if before is None:
            break
    assert pages == [[6, 5, 4], [3, 2, 1], [0]]


def test_kinds_can_be_asked_for() -> None:
    index([message(1, "holiday"), Document("case", 5, MONDAY, title="Holiday twice", case=5, teams=[SUPPORT])])
    assert found("holiday", kinds=["case"]) == [5]
    assert sorted(found("holiday", kinds=["case", "message"])) == [1, 5]
    with pytest.raises(ValueError, match="no documents"):
        found("holiday", kinds=["secret"])


def test_a_document_that_changed_is_found_by_its_new_words_only() -> None:
    index([message(1, "holiday pay")])
    assert index([message(1, "overtime", teams=[BILLING])]) == 1
    assert found("holiday", for_teams([SUPPORT, BILLING])) == []
    assert found("overtime", for_teams([BILLING])) == [1]
    assert found("overtime", for_teams([SUPPORT])) == []
    assert index([message(1, "overtime", teams=[BILLING])]) == 0


def test_readers_are_added_to_what_widens() -> None:
    index([Document("person", 9, MONDAY, title="Zoe", teams=[SUPPORT], widens=True)])
    index([Document("person", 9, MONDAY, title="Zoe Kravitz", teams=[BILLING], widens=True)])
    assert found("kravitz", for_teams([SUPPORT])) == found("kravitz", for_teams([BILLING])) == [9]


def test_what_is_forgotten_leaves_no_word_behind() -> None:
    index([message(1, "holiday pay"), message(2, "holiday pay")])
    assert forget("message", 1, 7) == 1
    assert found("holiday") == [2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_words")
        assert cursor.fetchone()[0] == Entry.objects.count() == 1


def test_a_batch_of_any_size_costs_the_same(django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        index([message(number, "holiday pay") for number in range(100)])
    with django_assert_num_queries(1):
        index([message(number, "holiday pay") for number in range(100)])
    with django_assert_num_queries(4):
        index([message(number, "holiday") for number in range(99, 120)])


def test_counting_stops_at_a_thousand() -> None:
    for start in range(0, 1200, 200):
        index([message(start + number, "holiday pay") for number in range(200)])
    assert count("holiday", scopes=for_teams([SUPPORT])) == COUNT_LIMIT
    assert count("holiday", scopes=for_person(1)) == 0
    assert count("", scopes=for_teams([SUPPORT])) == 0


def test_two_documents_of_one_moment_never_take_each_others_place() -> None:
    same = [message(1, "first"), message(1 + 0x20000, "second"), message(1 + 0x40000, "third")]
    for one in same:
        index([one])
    index(same)
    assert sorted(Entry.objects.values_list("object", flat=True)) == [1, 1 + 0x20000, 1 + 0x40000]
    assert found("second") == [1 + 0x20000]


def test_the_hit_shows_the_place_and_marks_what_was_asked_for() -> None:
    body = "Lorem ipsum. " * 40 + "Then the Prínter\ncaught fire. " + "Dolor sit. " * 40
    index([message(1, body, title="Fire in the printer room")])
    hit = find("printer fire", scopes=for_teams([SUPPORT])).hits[0]
    assert [piece.text for piece in hit.snippet if piece.is_match] == ["Prínter", "fire"]
    shown = "".join(piece.text for piece in hit.snippet)
    assert "Then the Prínter caught fire." in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 180
    assert [(piece.text, piece.is_match) for piece in hit.title] == [
        ("Fire", True),
        (" in the ", False),
        ("printer", True),
        (" room", False),
    ]


def test_the_index_is_made_anew_from_what_the_apps_have(monkeypatch) -> None:
    index([message(1, "gone since long")])
    monkeypatch.setattr(SOURCES, "_entries", {"some": lambda: iter([message(number, "holiday pay") for number in range(450)])})
    assert list(reindex()) == [("some", 200), ("some", 400), ("some", 450)]
    assert found("gone") == []
    assert count("holiday", scopes=for_teams([SUPPORT])) == 450

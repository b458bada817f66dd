"""What an agent sees first, in which order, and at what cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.cases.actions import assign, mark_spam, resolve, set_due, set_severity, tag, touch, wait
from mainstay.cases.models import Case, Severity
from mainstay.desk.keyset import page_of
from mainstay.desk.queues import QUEUES, bounded_counts
from mainstay.jobs import run_all
from mainstay.kernel import clock
from tests.cast import MONDAY
from tests.desk.sitting import client_of


def subjects(response) -> list[str]:
    return re.findall(r'<span class="row-subject"><bdi>(.*?)</bdi>', response.content.decode())


def due(case, minutes, severity=3):
    Case.objects.filter(pk=case.pk).update(severity=Severity.objects.get(level=severity))
    set_due(case.pk, MONDAY + timedelta(minutes=minutes) if minutes is not None else None, "respond")


def test_my_next_has_the_late_first_then_severity_1_then_the_soonest_and_severity_breaks_ties(cast, maya):
    with clock.standing_at(MONDAY):
        for subject, minutes, level in [
            ("nothing owed", None, 3),
            ("in an hour, small", 60, 4),
            ("in an hour, high", 60, 2),
            ("down, tomorrow", 1500, 1),
            ("late a little", -5, 4),
            ("late a lot", -500, 3),
            ("in ten minutes", 10, 4),
        ]:
            due(cast.case(subject=subject), minutes, level)
        shown = subjects(maya.get("/desk/"))
    assert shown == [
        "late a lot",
        "late a little",
        "down, tomorrow",
        "in ten minutes",
        "in an hour, high",
        "in an hour, small",
        "nothing owed",
    ]


def test_my_next_is_what_is_mine_and_what_is_nobodys_and_nothing_of_a_colleagues(cast, maya):
    mine, nobodys, toms = cast.case(subject="mine"), cast.case(subject="nobody's"), cast.case(subject="Tom's")
    assign(mine, owner=cast.maya, by=cast.maya)
    assign(toms, owner=cast.tom, by=cast.tom)
    assert nobodys.owner is None
    assert sorted(subjects(maya.get("/desk/"))) == ["mine", "nobody&#x27;s"]


def test_each_queue_asks_its_own_question(cast, maya):
    for subject in ("fresh", "read", "mine", "waits", "done", "junk"):
        case = cast.case(subject=subject)
        if subject != "fresh":
            touch(case, by=cast.maya)
        if subject == "mine":
            assign(case, owner=cast.maya, by=cast.maya)
        if subject == "waits":
            wait(case, on="customer", until=None, by=cast.maya)
        if subject == "done":
            resolve(case, how="answered", by=cast.maya)
        if subject == "junk":
            mark_spam(case, by=cast.maya)
    found = {name: set(subjects(maya.get(queue.url))) for name, queue in QUEUES.items()}
    assert found["triage"] == {"fresh"}
    assert found["unowned"] == {"fresh", "read"}
    assert found["open"] == {"fresh", "read", "mine"}
    assert found["waiting"] == {"waits"}
    assert found["resolved"] == {"done"}
    assert found["spam"] == {"junk"}
    assert found["late"] == set()


@pytest.mark.security("S-046")
def test_nils_of_another_team_sees_none_of_it_in_any_list_or_count(cast):
    cast.case(subject="Zebra stripes")
    nils = client_of(cast.nils)
    for url in [*(queue.url for queue in QUEUES.values()), "/desk/search/?q=stripes", "/desk/people/?q=harbor"]:
        page = nils.get(url).content.decode()
        assert "Zebra" not in page
        assert "Luis" not in page
        assert not re.search(r'class="num[^"]*">\d', page)


@pytest.mark.parametrize("url", [*(queue.url for queue in QUEUES.values())])
def test_a_page_costs_the_same_few_queries_with_five_cases_and_with_fifty(cast, maya, url):
    def fill(count):
        for number in range(count):
            case = cast.case(subject=f"case {number}")
            tag(case, f"word-{number % 5}", by=None)
            if "waiting" in url:
                wait(case, on="customer", until=clock.now() + timedelta(days=1), by=cast.maya)
            elif "resolved" in url:
                resolve(case, how="fixed", by=cast.maya)
            elif "spam" in url:
                mark_spam(case, by=cast.maya)
            elif "late" in url:
                due(case, -60)

    def cost():
        # The lesser of two: now and then a page also asks how mail and jobs are doing, and keeps the answer for a while.
        costs = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert maya.get(url).status_code == 200
            costs.append(len(queries))
        return min(costs)

    fill(5)
    few = cost()
    fill(47)
    assert cost() == few
    assert few <= 12


def test_pages_follow_each_other_without_a_gap_or_a_repeat_and_lead_back(cast, maya):
    with clock.standing_at(MONDAY):
        for number in range(120):
            due(cast.case(subject=f"n{number:03}"), (number * 7) % 50 - 20 if number % 6 else None, number % 4 + 1)
        seen, url, pages = [], "/desk/", []
        while url:
            page = maya.get(url)
            pages.append(subjects(page))
            seen += pages[-1]
            older = re.search(r'href="([^"]*\?after=[^"]*)" rel="next"', page.content.decode())
            last, url = page, older[1] if older else None
        newer = re.search(r'href="([^"]*\?before=[^"]*)" rel="prev"', last.content.decode())
        assert subjects(maya.get(newer[1])) == pages[-2]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len(set(seen)) == 120


def test_a_case_that_turns_late_meanwhile_is_not_shown_twice(cast):
    with clock.standing_at(MONDAY):
        for number in range(6):
            due(cast.case(subject=str(number)), number + 1)
        queue = QUEUES["next"]
        first = page_of(queue.cases(cast.maya, MONDAY), queue.order, now=MONDAY, size=3)
    later = MONDAY + timedelta(minutes=10)
    second = page_of(queue.cases(cast.maya, later), queue.order, now=later, cursors={"after": first.older}, size=3)
    assert [case.subject for case in [*first.rows, *second.rows]] == list("012345")


@pytest.mark.parametrize("cursor", ["x", "W10", "eyJ0Ijox.abc.def", "0" * 900])
def test_a_cursor_that_somebody_made_up_is_the_first_page(cast, maya, cursor):
    cast.case(subject="here")
    assert subjects(maya.get("/desk/", {"after": cursor})) == ["here"]


def test_counts_stop_at_a_thousand(cast, maya, monkeypatch):
    monkeypatch.setattr("mainstay.desk.queues.COUNT_LIMIT", 3)
    for _ in range(5):
        cast.case()
    assert bounded_counts([Case.objects.all(), Case.objects.none()]) == [4, 0]
    assert "999+" in maya.get("/desk/").content.decode()


def test_nothing_to_do_says_until_when_it_is_quiet(cast, maya):
    assert "All quiet." in maya.get("/desk/").content.decode()
    case = cast.case()
    assign(case, owner=cast.maya, by=cast.maya)
    wait(case, on="customer", until=None, by=cast.maya)
    with clock.standing_at(MONDAY):
        set_due(case.pk, MONDAY + timedelta(days=1), "respond")
        page = maya.get("/desk/").content.decode()
    assert "Nothing of yours is promised before Tomorrow 9:42." in page


def test_the_open_list_asks_only_for_itself_and_the_counts(cast, maya):
    case = cast.case(subject="alone")
    page = maya.get("/desk/open/", HTTP_HX_REQUEST="true").content.decode()
    assert page.lstrip().startswith('<div id="queue"')
    assert 'data-live="queue"' in page
    assert 'hx-target="#counts"' in page
    assert "<html" not in page
    beside = maya.get(f"/desk/cases/{case.number}/", {"queue": "open"}).content.decode()
    assert f"/desk/open/?beside={case.number}" in beside
    assert 'aria-current="true"' in maya.get("/desk/open/", {"beside": case.number}).content.decode()


@pytest.mark.security("S-006")
def test_markup_in_names_subjects_and_tags_is_shown_as_text(cast, maya):
    evil = "<img src=x onerror=alert(1)>{{ 7*7 }}"
    cast.luis.name = evil
    cast.luis.save()
    cast.harbor.name = evil
    cast.harbor.save()
    case = cast.case(subject=evil)
    tag(case, "<b>bad", by=None)
    run_all()
    for url in ("/desk/", f"/desk/cases/{case.number}/", "/desk/search/?q=img", "/desk/people/", f"/desk/people/{cast.luis.pk}/"):
        page = maya.get(url).content.decode()
        assert "<img src=x" not in page
        assert "<b>bad" not in page
        assert "{{ 7*7 }}" in page


def test_set_severity_is_seen_in_the_row(cast, maya):
    case = cast.case()
    set_severity(case, Severity.objects.get(level=1), by=cast.maya)
    assert 'data-level="1"' in maya.get("/desk/").content.decode()

"""The log, told to people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.cases.actions import assign, link_cases, move, reopen, resolve, set_aim, set_severity, tag, untag, wait, wake
from mainstay.cases.models import CaseLink, Severity
from mainstay.desk.sentences import names_for, sentence
from mainstay.events.kinds import KINDS
from mainstay.events.models import Event
from mainstay.kernel import clock


def told(case) -> list[str]:
    events = list(Event.objects.filter(case=case.pk).order_by("id"))
    names = names_for(events)
    return [sentence(event, names).text for event in events]


def test_what_maya_does_reads_as_she_would_tell_it(cast):
    case, other = cast.case(), cast.case()
    assign(case, owner=cast.maya, by=cast.maya)
    assign(case, owner=cast.tom, backup=cast.maya, by=cast.maya)
    assign(case, owner=None, by=cast.tom)
    set_severity(case, Severity.objects.get(level=1), by=cast.maya)
    set_aim(case, "send the hours", by=cast.maya)
    tag(case, "payroll", by=cast.maya)
    untag(case, "payroll", by=cast.maya)
    wait(case, on="third", until=None, by=cast.maya)
    wake(case, by=cast.maya, because="agent")
    resolve(case, how="worked_around", by=cast.maya)
    reopen(case, by=None, because="reply")
    link_cases(case, other, kind=CaseLink.Kind.HINT)
    move(case, team=cast.billing, by=cast.maya)
    lines = told(case)
    for line in (
        "Maya took it",
        "Maya gave it to Tom Becker, with Maya Ortiz as backup",
        "Tom gave it back; nobody owns it",
        "Maya set severity 1 · Down",
        "Maya wrote down the aim",
        "Maya tagged it payroll",
        "Maya took the tag payroll off",
        "Maya: it waits for somebody else",
        "Maya woke it",
        "Maya resolved it: worked around",
        "The answer reopened it",
        f"It names case {other.spoken_number}, without proof",
        "Maya moved it to Billing",
    ):
        assert line in lines


def test_the_names_for_a_page_cost_no_more_queries_than_there_are_kinds_of_things(cast):
    case = cast.case()
    for number in range(30):
        tag(case, f"t{number}", by=cast.maya)
        assign(case, owner=cast.maya if number % 2 else cast.tom, by=cast.tom)
    events = list(Event.objects.filter(case=case.pk))
    with CaptureQueriesContext(connection) as queries:
        names_for(events)
    assert len(queries) <= 6


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("rocket.launched", {"to": "moon"}, "Maya: rocket launched"),
        ("case.assigned", {"chief": 7}, "Maya: case assigned"),
        ("wait.begun", {}, "Maya: wait begun"),
        ("promise.kept", {"promises": "yes"}, "Maya: promise kept"),
        ("severity.set", {"severity": 999}, "Maya set severity nobody"),
    ],
)
def test_an_event_of_another_version_is_told_by_its_word(cast, kind, data, text):
    event = Event(at=clock.now(), kind=kind, actor=cast.maya.pk, data=data)
    assert sentence(event, names_for([event])).text == text


def test_nobody_who_acted_is_the_machine_and_somebody_erased_is_somebody(cast):
    event = Event(at=clock.now(), kind="case.touched", actor=None, data={})
    assert sentence(event, names_for([event])).text == "Mainstay read it first"
    event.actor = 999_999
    assert sentence(event, names_for([event])).text == "Somebody read it first"


def test_every_kind_that_stands_on_a_case_has_words_or_stands_elsewhere():
    from mainstay.desk.sentences import _TELLERS, SHOWN_OTHERWISE

    apps = ("mainstay.cases", "mainstay.channels", "mainstay.promises")
    setup = {"severities.changed", "calendar.made", "calendar.revised", "calendar.chosen", "targets.set"}
    of_a_case = {name for name, kind in KINDS.items() if kind.__module__.startswith(apps)} | {"letter.withheld"}
    assert of_a_case - setup - set(_TELLERS) - SHOWN_OTHERWISE == set()

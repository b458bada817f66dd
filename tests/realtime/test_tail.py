"""Following the log: every event once, also one whose smaller id is committed later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.cases.actions import add_note, move, reply
from mainstay.cases.queries import visible_to
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.people.access import agent_of, team_ids
from mainstay.people.models import Person
from mainstay.realtime.rights import Rights
from mainstay.realtime.tail import Change, Tail
from tests.cast import Cast, words

pytestmark = pytest.mark.django_db


def rights(person: Person) -> Rights:
    fresh = Person.objects.get(pk=person.pk)
    return Rights(person=fresh.pk, is_agent=agent_of(fresh) is not None, teams=frozenset(team_ids(fresh)))


def hints(changes: list[Change], person: Person) -> set[str]:
    return {hint for change in changes for hint in change.hints_for(rights(person))}


def record(number: int, case: int, kind: str = "case.opened") -> None:
    Event.objects.create(id=number, at=clock.now(), kind=kind, case=case, data={})


def test_a_new_case_is_told_once(cast: Cast) -> None:
    tail = Tail()
    assert tail.changes() == []
    case = cast.case()
    assert hints(tail.changes(), cast.maya) == {f"case-{case.number}", "queue"}
    assert tail.changes() == []


def test_what_happened_before_it_began_is_not_told(cast: Cast) -> None:
    cast.case()
    assert Tail().changes() == []


def test_what_happened_while_the_page_was_loading_is_told(cast: Cast) -> None:
    case = cast.case()
    assert f"case-{case.number}" in hints(Tail(told_since=5).changes(), cast.maya)


def test_an_event_with_a_smaller_id_that_is_committed_later_is_still_told(cast: Cast) -> None:
    first, second = cast.case(), cast.case()
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    tail = Tail()
    record(last + 10, first.pk)
    assert f"case-{first.number}" in hints(tail.changes(), cast.maya)
    record(last + 5, second.pk)
    assert f"case-{second.number}" in hints(tail.changes(), cast.maya)
    assert tail.changes() == []


def test_ids_are_remembered_for_ten_seconds_and_no_longer(cast: Cast) -> None:
    moment = 1000.0
    case = cast.case()
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    tail = Tail(moment=lambda: moment)
    record(last + 10, case.pk)
    tail.changes()
    moment += 11
    assert tail.changes() == []
    record(last + 5, case.pk)
    assert tail.changes() == [], "whoever commits that late is not waited for"
    assert len(tail._seen) == 0


def test_a_look_is_two_queries_however_many_cases(cast: Cast, django_assert_num_queries: object) -> None:
    tail = Tail()
    for _ in range(5):
        cast.case()
    with django_assert_num_queries(2):  # type: ignore[operator]
        tail.changes()
    with django_assert_num_queries(1):  # type: ignore[operator]
        tail.changes()


def test_more_than_a_page_of_events_is_read_to_the_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.realtime.tail.BATCH", 2)
    tail = Tail()
    numbers = {f"case-{cast.case().number}" for _ in range(5)}
    assert numbers <= hints(tail.changes(), cast.maya)


@pytest.mark.security("S-056")
def test_nobody_hears_of_a_case_that_they_may_not_see(cast: Cast) -> None:
    tail = Tail()
    case = cast.case()
    changes = tail.changes()
    for person in (cast.ingrid, cast.aiko, cast.maya, cast.tom, cast.nils, cast.luis, cast.dana, cast.zoe):
        may_see = visible_to(Person.objects.get(pk=person.pk)).filter(pk=case.pk).exists()
        assert (f"case-{case.number}" in hints(changes, person)) == may_see, person


@pytest.mark.security("S-056")
def test_a_customer_hears_of_replies_and_not_of_notes(cast: Cast) -> None:
    case = cast.case()
    tail = Tail()
    add_note(case, "He is cross.", by=cast.maya)
    changes = tail.changes()
    assert hints(changes, cast.maya)
    assert hints(changes, cast.luis) == set()
    reply(case, words(cast.maya, "Fixed."))
    assert hints(tail.changes(), cast.luis) == {f"case-{case.number}"}


def test_the_team_that_a_case_leaves_hears_that_its_queue_changed(cast: Cast) -> None:
    case = cast.case()
    tail = Tail()
    move(case, team=cast.billing, by=cast.ingrid)
    changes = tail.changes()
    assert hints(changes, cast.maya) == {"queue"}
    assert hints(changes, cast.nils) == {"queue", f"case-{case.number}"}


def test_a_standing_clock_far_away_changes_nothing(cast: Cast) -> None:
    with clock.standing_at(clock.now() - timedelta(days=60)):
        tail = Tail()
        case = cast.case()
        assert f"case-{case.number}" in hints(tail.changes(), cast.maya)

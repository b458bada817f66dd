"""Hours, holidays and targets as an administrator sets them, and what that does to what is owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mainstay.cases.actions import resolve
from mainstay.cases.models import Severity
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.promises import terms
from mainstay.promises.actions import make_calendar, revise_calendar, set_targets, use_calendar
from mainstay.promises.models import Calendar, CalendarRevision, Promise
from mainstay.promises.queries import (
    holiday_places,
    hours_of,
    read_by,
    revision_at,
    revision_now,
    suggest_holidays,
    suggested_targets,
)
from tests.cast import MONDAY
from tests.promises.conftest import OFFICE

HOUR = timedelta(hours=1)


def due(what: str = "read") -> datetime:
    return Promise.objects.get(what=what).due_at


@pytest.mark.reliability("R-56")
def test_new_hours_move_what_is_open_and_the_log_keeps_the_old_deadline(office) -> None:
    case = office.cast.case()
    with clock.standing_at(MONDAY + HOUR):
        revise_calendar(office.calendar, zone="Europe/Berlin", hours=[[["13:00", "18:00"]]] * 7, by=office.cast.ingrid)
        run_all()
    assert due() == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    case.refresh_from_db()
    assert case.due_at == due()
    told = Event.objects.filter(kind="promise.made").latest("id").data["promises"]
    assert [(line["what"], line["before"]) for line in told] == [
        ("read", (MONDAY + 3 * HOUR).isoformat()),
        ("respond", (MONDAY + 6 * HOUR).isoformat()),
    ]


@pytest.mark.reliability("R-56")
def test_a_holiday_that_was_forgotten_moves_what_is_open(office) -> None:
    office.cast.case()
    revise_calendar(office.calendar, zone="Europe/Berlin", hours=OFFICE, holidays={"2026-03-02": "Founders' Day"}, by=office.cast.ingrid)
    run_all()
    assert due() == datetime(2026, 3, 3, 11, 0, tzinfo=UTC)


@pytest.mark.reliability("R-56")
def test_what_was_kept_or_withdrawn_keeps_the_hours_it_was_made_by(office) -> None:
    case = office.cast.case()
    resolve(case, how="answered", by=office.cast.maya)
    before = due()
    revise_calendar(office.calendar, zone="Asia/Tokyo", hours=OFFICE, by=office.cast.ingrid)
    run_all()
    assert due() == before
    assert Promise.objects.first().revision != revision_now(office.calendar)


@pytest.mark.reliability("R-56")
def test_new_targets_move_what_is_open_also_in_a_case_that_waits(office) -> None:
    from mainstay.cases.actions import wait

    case = office.cast.case()
    wait(case, on="customer", until=None, by=office.cast.maya)
    set_targets({case.severity: (30, 60)}, by=office.cast.ingrid)
    run_all()
    assert (due("read"), due("respond")) == (MONDAY + HOUR / 2, MONDAY + HOUR)


def test_many_open_cases_are_reckoned_anew_some_at_a_time(office) -> None:
    for _ in range(103):
        case = office.cast.case()
    run_all()
    set_targets({case.severity: (30, 60)}, by=office.cast.ingrid)
    assert run_all() == 3
    assert set(Promise.objects.filter(what="read").values_list("due_at", flat=True)) == {MONDAY + HOUR / 2}


def test_what_was_in_force_when_stays_on_record(office) -> None:
    with clock.standing_at(MONDAY + 24 * HOUR):
        later = revise_calendar(office.calendar, zone="Europe/Lisbon", hours=OFFICE, by=office.cast.ingrid)
    assert revision_at(office.calendar, MONDAY + HOUR).zone == "Europe/Berlin"
    assert revision_at(office.calendar, MONDAY + 25 * HOUR) == later == revision_now(office.calendar)
    assert revision_at(office.calendar, MONDAY - HOUR) is None


def test_the_first_calendar_is_the_default_and_another_can_take_its_place(office) -> None:
    assert office.calendar.is_default
    night = make_calendar("Night", zone="UTC", hours=[[["22:00", "06:00"]]] * 7, is_default=True, by=office.cast.ingrid)
    assert list(Calendar.objects.filter(is_default=True)) == [night]
    assert hours_of(office.cast.support) == terms.hours_of(revision_now(night))


def test_a_process_reads_the_terms_again_only_when_they_changed(office, django_assert_num_queries) -> None:
    office.cast.case()
    with django_assert_num_queries(1):
        assert terms.current().hours(office.cast.support.id)
    use_calendar(office.cast.support, None, by=office.cast.ingrid)
    with django_assert_num_queries(5):
        assert terms.current().hours(office.cast.support.id)


def test_the_time_of_reading_is_the_cases_own_or_reckoned(office) -> None:
    case = office.cast.case()
    assert read_by(office.cast.support, MONDAY, case=case) == MONDAY + 3 * HOUR
    assert read_by(office.cast.support, MONDAY) == MONDAY + 3 * HOUR
    assert read_by(office.cast.support, MONDAY, severity=Severity.objects.get(level=1)) == MONDAY + HOUR
    set_targets({case.severity: (None, None)}, by=office.cast.ingrid)
    assert read_by(office.cast.support, MONDAY) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"zone": "Europe/Atlantis"}, "no time zone"),
        ({"hours": [[]] * 7}, "without a single open hour"),
        ({"hours": [[["9", "17:00"]]] * 7}, "no time of day"),
        ({"hours": OFFICE[:5]}, "seven days"),
        ({"holidays": {"25.12.2026": "Christmas"}}, "no date"),
        ({"days": {"2026-12-24": [["12:00", "99:00"]]}}, "no time of day"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_a_sentence(office, change: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        revise_calendar(office.calendar, **{"zone": "UTC", "hours": OFFICE, **change}, by=office.cast.ingrid)
    assert CalendarRevision.objects.count() == 1


@pytest.mark.parametrize("pair", [(0, 60), (60, 30), (60, 600_000)])
def test_targets_that_make_no_sense_are_refused_in_a_sentence(office, pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        set_targets({Severity.objects.first(): pair}, by=office.cast.ingrid)


def test_holidays_are_suggested_for_a_place_and_kept_by_nobody_until_accepted(office) -> None:
    found = suggest_holidays("DE", "BE", years=(2026,))
    assert "Women's Day" in found["2026-03-08"]
    assert "2026-03-08" not in suggest_holidays("DE", "BY", years=(2026,))
    assert {day[:4] for day in suggest_holidays("US")} == {"2026", "2027", "2028"}
    assert revision_now(office.calendar).holidays == {}
    assert "BY" in holiday_places()["DE"]
    for place in (("XX", ""), ("DE", "Atlantis")):
        with pytest.raises(ValueError, match="We know no holidays"):
            suggest_holidays(*place)


def test_there_is_a_suggestion_for_every_severity(office) -> None:
    assert {severity.level: pair for severity, pair in suggested_targets().items()}[1] == (30, 60)
    set_targets(suggested_targets(), by=office.cast.ingrid)

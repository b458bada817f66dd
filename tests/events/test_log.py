"""The log of what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import DatabaseError, connection, transaction

from mainstay.cases.actions import set_severity, tag
from mainstay.cases.models import Severity
from mainstay.events import EventKind, after, on, record, triggers
from mainstay.events.models import Event, Seal
from mainstay.events.reacting import later, reaction_map
from mainstay.events.sealing import seal, verify
from mainstay.jobs import run_all
from mainstay.jobs.models import Job
from mainstay.kernel import clock


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(EventKind):
    kind: ClassVar[str] = "kettle.boiled"
    cups: int = 2


SEEN: list[tuple[str, int]] = []


@after(KettleBoiled)
def pour(event: KettleBoiled) -> None:
    if event.cups == 13:
        raise RuntimeError("no thirteenth cup")
    SEEN.append(("pour", event.cups))


@after(KettleBoiled)
def whistle(event: KettleBoiled) -> None:
    SEEN.append(("whistle", event.cups))


@on(KettleBoiled)
def never_empty(event: KettleBoiled) -> None:
    if event.cups == 0:
        raise ValueError("an empty kettle")


@pytest.fixture(autouse=True)
def _fresh():
    SEEN.clear()


@pytest.mark.django_db
def test_an_event_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        record(KettleBoiled())


def test_what_is_recorded_can_be_read_back(db):
    event = record(KettleBoiled(cups=4, actor=7))
    row = Event.objects.get(pk=event.id)
    assert row.read() == event
    assert row.kind == "kettle.boiled"


def test_a_kind_that_nobody_knows_any_more_still_stands_in_the_log(db):
    row = Event.objects.create(at=clock.now(), kind="steam.engine", data={"wheels": 6})
    assert row.read() is None


def test_fields_of_another_version_do_no_harm(db):
    row = Event.objects.create(at=clock.now(), kind="kettle.boiled", data={"cups": 3, "colour": "red"})
    assert row.read().cups == 3


def test_a_reaction_at_once_fails_with_the_verb(db):
    with pytest.raises(ValueError), transaction.atomic():
        record(KettleBoiled(cups=0))
    assert not Event.objects.filter(kind="kettle.boiled").exists()


def test_event_and_job_vanish_together(db):
    before = Job.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(KettleBoiled())
        raise ZeroDivisionError
    assert Job.objects.count() == before


def test_later_reactions_run_once_each(db):
    record(KettleBoiled(cups=5))
    assert SEEN == []
    run_all()
    run_all()
    assert SEEN == [("pour", 5), ("whistle", 5)]


def test_one_failing_reaction_leaves_the_others_standing_and_is_tried_again_alone(db):
    record(KettleBoiled(cups=13))
    run_all(raise_errors=False)
    assert SEEN == [("whistle", 13)]
    assert Job.objects.get().task.endswith("react_alone")


@pytest.mark.reliability("R-67")
@pytest.mark.parametrize("change", ["UPDATE events_event SET kind = 'x'", "DELETE FROM events_event", "UPDATE events_seal SET hash = 'x'"])
def test_the_database_refuses_to_change_the_log(db, change):
    record(KettleBoiled())
    Seal.objects.create(first=1, last=1, count=1, hash="0" * 64, at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.reliability("R-67")
def test_the_log_cannot_be_emptied_by_truncating_either(db):
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE events_event")
    assert triggers.missing() == []


def test_a_trigger_that_fell_off_is_noticed_and_put_back(db):
    triggers.remove()
    assert len(triggers.missing()) >= 4
    triggers.install()
    assert triggers.missing() == []


@pytest.mark.reliability("R-67")
def test_each_change_of_a_case_is_one_event(cast):
    case = cast.case()
    for change in (
        lambda: set_severity(case, Severity.objects.get(level=1), by=cast.maya),
        lambda: tag(case, "Payroll", by=cast.maya),
    ):
        before = Event.objects.filter(case=case.id, kind__in=["severity.set", "tag.added"]).count()
        change()
        assert Event.objects.filter(case=case.id, kind__in=["severity.set", "tag.added"]).count() == before + 1


@pytest.mark.reliability("R-68")
def test_an_altered_event_breaks_the_seal(db):
    for cups in range(1, 4):
        record(KettleBoiled(cups=cups))
    assert seal(clock.now() + timedelta(seconds=1)) >= 3
    assert verify() is None
    triggers.remove()
    Event.objects.filter(kind="kettle.boiled").last().delete()
    triggers.install()
    assert verify() is not None


def test_a_reaction_heard_twice_is_listed_once():
    after(KettleBoiled)(pour)
    assert later("kettle.boiled").count(pour) == 1
    assert any(kind == "kettle.boiled" for kind, _, _ in reaction_map())

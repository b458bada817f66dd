"""What time does: each deadline strikes once, in order, also after a standstill."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from mainstay.cases.actions import reply, wait
from mainstay.cases.models import Case
from mainstay.channels.models import Draft
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.jobs.schedules import fire_due
from mainstay.kernel import clock
from mainstay.promises.actions import break_overdue, make_calendar, set_targets
from mainstay.promises.actions.break_overdue import BATCH
from mainstay.promises.models import Promise
from mainstay.promises.queries import late, late_count
from tests.cast import MONDAY, Cast, words
from tests.jobs.processes import environment
from tests.promises.conftest import OFFICE

HOUR = timedelta(hours=1)


def broken() -> list[int]:
    return [line["promise"] for event in Event.objects.filter(kind="promise.broken").order_by("id") for line in event.data["promises"]]


def tick() -> None:
    fire_due()
    run_all()


@pytest.mark.reliability("R-50")
def test_after_a_standstill_a_hundred_deadlines_strike_once_each_in_order_and_marked_late(office) -> None:
    for minute in range(50):
        office.cast.case(requester=office.cast.dana if minute % 2 else office.cast.luis)
        clock.advance(timedelta(minutes=1))
    with clock.standing_at(MONDAY + timedelta(days=2)):
        tick()
        tick()
        order = list(Promise.objects.order_by("due_at", "id").values_list("pk", flat=True))
        assert broken() == order
        assert len(order) == 100 > BATCH
        assert all(event.data["is_belated"] for event in Event.objects.filter(kind="promise.broken"))
        assert Promise.objects.filter(broken_at=None).count() == 0


def test_a_deadline_strikes_within_its_quarter_minute_and_is_not_marked_late(office) -> None:
    office.cast.case()
    with clock.standing_at(MONDAY + 3 * HOUR):
        tick()
        assert broken() == []
    with clock.standing_at(MONDAY + 3 * HOUR + timedelta(seconds=15)):
        tick()
    event = Event.objects.get(kind="promise.broken")
    assert (event.data["noticed_after"], event.data["is_belated"]) == (15, False)
    assert Promise.objects.get(what="read").broken_at == MONDAY + 3 * HOUR


@pytest.mark.reliability("R-52")
def test_a_clock_that_jumps_breaks_nothing_early_and_nothing_twice(office) -> None:
    office.cast.case()
    for hours, struck in ((-1, 0), (3, 0), (4, 1), (2, 1), (24, 2), (5, 2), (12, 2)):
        with clock.standing_at(MONDAY + hours * HOUR):
            tick()
            assert len(broken()) == len(set(broken())) == struck


@pytest.mark.reliability("R-53")
def test_a_wait_and_a_promise_that_end_together_each_happen_once(office) -> None:
    case = office.cast.case()
    wait(case, on="date", until=MONDAY + 3 * HOUR, by=office.cast.maya)
    with clock.standing_at(MONDAY + 3 * HOUR + timedelta(seconds=1)):
        tick()
        tick()
    kinds = list(Event.objects.filter(kind__in=["wait.ended", "promise.broken"]).values_list("kind", flat=True))
    assert sorted(kinds) == ["promise.broken", "wait.ended"]


@pytest.mark.reliability("R-53")
@pytest.mark.usefixtures("committed")
def test_two_schedulers_at_once_break_each_promise_once() -> None:
    with clock.standing_at(MONDAY):
        cast = Cast.assemble()
        make_calendar("Office", zone="UTC", hours=OFFICE, by=None)
        set_targets({cast.case().severity: (60, 120)}, by=None)
        for _ in range(10):
            cast.case()
    failures: list[BaseException] = []

    def race() -> None:
        try:
            with clock.standing_at(MONDAY + timedelta(days=3)):
                while break_overdue(4):
                    pass
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(broken()) == len(set(broken())) == Promise.objects.filter(Promise.OPEN).count() >= 20
    assert connection.in_atomic_block is False


@pytest.mark.reliability("R-51")
@pytest.mark.usefixtures("committed")
def test_a_process_killed_between_the_break_and_its_commit_breaks_nothing_and_the_next_one_each_once() -> None:
    with clock.standing_at(MONDAY):
        cast = Cast.assemble()
        make_calendar("Office", zone="UTC", hours=OFFICE, by=None)
        set_targets({cast.case().severity: (60, 120)}, by=None)
        for _ in range(3):
            cast.case()
    run = "import django; django.setup(); from mainstay.promises.actions import break_overdue; break_overdue()"
    killed = subprocess.run([sys.executable, "-c", run], env=environment(MAINSTAY_FAULT="k14:kill:3"), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert broken() == []
    assert Promise.objects.filter(broken_at=None).count() == 6
    break_overdue()
    assert len(broken()) == len(set(broken())) == 6


def test_an_answer_that_waits_out_its_undo_time_is_not_called_late(office) -> None:
    case = office.cast.case()
    draft = Draft.objects.create(case=case, author=office.cast.maya, body="Done.", state="pressed", pressed_at=MONDAY + 3 * HOUR)
    with clock.standing_at(MONDAY + 3 * HOUR + timedelta(seconds=9)):
        assert break_overdue() == 0
        draft.state = "writing"
        draft.save()
        assert break_overdue() == 1


@pytest.mark.reliability("R-58")
def test_what_the_queue_calls_late_is_what_is_late_before_and_after_the_deadline(office) -> None:
    cases = [office.cast.case() for _ in range(3)]
    Case.objects.filter(pk=cases[0].pk).update(owner=office.cast.maya)
    reply(cases[1], words(office.cast.maya))
    for seconds in (-1, 0, 1):
        with clock.standing_at(MONDAY + 3 * HOUR + timedelta(seconds=seconds)):
            shown = set(Case.objects.filter(state="open", due_at__lt=clock.now()).values_list("pk", flat=True))
            assert shown == set(late().values_list("case", flat=True))
            assert shown == ({cases[0].pk, cases[2].pk} if seconds > 0 else set())
            assert late_count(office.cast.maya) == (seconds > 0)
            break_overdue()
            assert set(late().values_list("case", flat=True)) == shown

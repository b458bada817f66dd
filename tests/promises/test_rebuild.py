"""The proof: whatever people do, what is stored is what follows from the case's own rows; and what is not, is found."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from mainstay.cases.actions import (
    mark_spam,
    move,
    receive,
    reopen,
    reply,
    resolve,
    set_due,
    set_severity,
    touch,
    unmark_spam,
    wait,
    wake,
)
from mainstay.cases.models import Case, Severity
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.promises.actions import break_overdue, make_calendar, rebuild, set_targets, use_calendar
from mainstay.promises.models import Promise
from tests.cast import MONDAY, words


def differences(**options) -> list[str]:
    return [difference.sentence for difference in rebuild(**options)]


def something(case: Case, office, dice: random.Random) -> None:
    """One thing that a person, a customer or time may do."""
    maya, luis, now = office.cast.maya, office.cast.luis, clock.now()
    case.refresh_from_db()
    late = timedelta(seconds=dice.randint(0, 5000))
    dice.choice(
        [
            lambda: touch(case, by=maya),
            lambda: reply(case, words(maya), pressed_at=now - timedelta(seconds=dice.randint(0, 30))),
            lambda: receive(case, words(luis, at=now - late)),
            lambda: receive(case, words(luis, at=now - late), wakes=dice.random() < 0.5),
            lambda: set_severity(case, Severity.objects.get(level=dice.randint(1, 4)), by=maya),
            lambda: move(case, team=dice.choice([office.cast.support, office.cast.billing]), by=maya),
            lambda: resolve(case, how="answered", by=maya),
            lambda: reopen(case, by=maya),
            lambda: mark_spam(case, by=maya),
            lambda: unmark_spam(case, by=maya),
            lambda: wait(case, on="customer", until=None, by=maya),
            lambda: wake(case, by=maya, because="agent"),
            lambda: break_overdue(),
            lambda: set_targets({case.severity: (dice.choice([None, 30, 90]), dice.choice([None, 90, 300]))}, by=maya),
        ]
    )()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_on_a_case_its_promises_follow_from_it(office, seed: int) -> None:
    nights = make_calendar("Nights", zone="America/St_Johns", hours=[[["20:00", "04:30"]]] * 7, by=office.cast.ingrid)
    use_calendar(office.cast.billing, nights, by=office.cast.ingrid)
    dice = random.Random(seed)
    case = office.cast.case(actor=dice.choice([None, office.cast.maya]))
    for _ in range(40):
        clock.advance(timedelta(minutes=dice.randint(0, 300)))
        something(case, office, dice)
        run_all()
        assert differences(case=case) == []
        assert Promise.objects.filter(Promise.OPEN, broken_at__gt=clock.now()).count() == 0


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda case: Promise.objects.filter(what="read").delete(), "“read” is owed by 2026-03-02 12:42, and is missing"),
        (lambda case: Promise.objects.filter(what="read").update(kept_at=MONDAY), "“read” is owed by 2026-03-02 12:42, and is missing"),
        (lambda case: Promise.objects.filter(what="read").update(due_at=MONDAY), "“read” is due 2026-03-02 12:42"),
        (lambda case: Promise.objects.filter(what="read").update(broken_at=MONDAY), "“read” is called broken before its time"),
        (lambda case: set_due(case.id, None, ""), "the case's own due time"),
    ],
)
def test_what_was_spoilt_is_found_and_put_right(office, spoil, sentence: str) -> None:
    case = office.cast.case()
    spoil(case)
    assert any(found.startswith(sentence) for found in differences())
    assert differences(fix=True)
    case.refresh_from_db()
    assert (case.due_at, case.due_what) == (MONDAY + timedelta(hours=3), "read")


def test_what_ended_is_checked_by_the_hours_that_it_was_made_by(office) -> None:
    case = office.cast.case()
    with clock.standing_at(MONDAY + timedelta(hours=4)):
        reply(case, words(office.cast.maya))
    Promise.objects.filter(what="read").update(broken_at=None)
    assert differences() == ["“read” was kept late, and says otherwise"]
    assert differences(fix=True)
    assert differences() == []
    Promise.objects.filter(what="respond").update(due_at=MONDAY + timedelta(hours=5))
    assert differences() == ["“respond” has a deadline that its own hours don't give"]


def test_the_command_says_what_differs_and_puts_it_right(office, capsys, monkeypatch) -> None:
    from mainstay.cli import boot
    from mainstay.cli.main import main

    monkeypatch.setattr(boot, "boot", lambda: None)
    case = office.cast.case()
    assert main(["promises", "rebuild"]) == 0
    Promise.objects.filter(what="read").delete()
    assert main(["promises", "rebuild"]) == 1
    assert str(case.number) in capsys.readouterr().out
    assert main(["promises", "rebuild", "--fix"]) == 0
    assert main(["promises", "rebuild"]) == 0

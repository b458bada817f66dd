"""What we owe on a case, and when that is done. Luis writes on Monday at 10:42 in Berlin; severity 3: read by 13:42, answer by 16:42."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mainstay.cases.actions import (
    add_note,
    mark_spam,
    move,
    receive,
    reopen,
    reply,
    resolve,
    set_severity,
    touch,
    unmark_spam,
    wait,
    write_letter,
)
from mainstay.cases.models import Case, Severity
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.promises.actions import make_calendar, set_targets, use_calendar
from mainstay.promises.models import Promise
from tests.cast import MONDAY, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return MONDAY + HOUR * hours


def owed(case: Case) -> dict[str, datetime]:
    return dict(Promise.objects.filter(Promise.OPEN, case=case).values_list("what", "due_at"))


def shown(case: Case) -> tuple[datetime | None, str]:
    case.refresh_from_db()
    return case.due_at, case.due_what


def last(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("id")


def test_a_case_is_promised_to_be_read_and_answered_from_the_moment_it_arrived(office) -> None:
    with clock.standing_at(at(2)):
        from mainstay.cases.actions import open_case

        case = open_case(words(office.cast.luis, at=MONDAY), requester=office.cast.luis, subject="Late", team=office.cast.support).case
    assert owed(case) == {"read": at(3), "respond": at(6)}
    assert shown(case) == (at(3), "read")
    assert [line["what"] for line in last("promise.made").data["promises"]] == ["read", "respond"]


@pytest.mark.reliability("R-57")
def test_the_date_that_a_mail_claims_decides_nothing(office) -> None:
    case = office.cast.case()
    lying = words(office.cast.luis, dated=MONDAY.replace(year=1970))
    with clock.standing_at(at(1)):
        from mainstay.cases.actions import open_case

        other = open_case(lying, requester=office.cast.luis, subject="From 1970", team=office.cast.support).case
    assert owed(other) == owed(case)


def test_opening_a_case_costs_four_queries(office, django_assert_num_queries) -> None:
    from mainstay.cases.events import CaseOpened
    from mainstay.promises.actions import begin

    case = office.cast.case()
    Promise.objects.all().delete()
    event = CaseOpened(
        case=case.id,
        actor=office.cast.luis.id,
        message=case.messages.get().id,
        channel="email",
        team=case.team_id,
        severity=case.severity_id,
        at=MONDAY,
    )
    with django_assert_num_queries(4):
        begin(event)


def test_a_further_message_costs_one_query_while_an_answer_is_owed(office, django_assert_num_queries) -> None:
    from mainstay.cases.events import MessageReceived
    from mainstay.promises.reactions import promise_to_answer

    case = office.cast.case()
    message = receive(case, words(office.cast.luis, at=at(1)))
    with django_assert_num_queries(1):
        promise_to_answer(MessageReceived(case=case.id, message=message.id, channel="email"))


def test_what_an_agent_enters_for_a_customer_has_been_read(office) -> None:
    case = office.cast.case(actor=office.cast.maya)
    assert owed(case) == {"respond": at(6)}
    assert shown(case) == (at(6), "respond")
    assert last("promise.kept").data["promises"][0]["what"] == "read"


def test_opening_the_case_keeps_the_promise_to_read_it(office) -> None:
    case = office.cast.case()
    with clock.standing_at(at(1)):
        touch(case, by=office.cast.maya)
    assert owed(case) == {"respond": at(6)}
    assert shown(case) == (at(6), "respond")
    kept = Promise.objects.get(what="read")
    assert (kept.kept_at, kept.was_broken, kept.late_by(at(9))) == (at(1), False, None)
    assert last("promise.kept").actor == office.cast.maya.id


def test_a_reply_keeps_both_and_nothing_is_owed(office) -> None:
    case = office.cast.case()
    with clock.standing_at(at(2)):
        reply(case, words(office.cast.maya))
    assert owed(case) == {}
    assert shown(case) == (None, "")


def test_a_reply_counts_from_the_moment_send_was_pressed(office) -> None:
    case = office.cast.case()
    with clock.standing_at(at(6) + timedelta(seconds=8)):
        reply(case, words(office.cast.maya), pressed_at=at(6))
    respond = Promise.objects.get(what="respond")
    assert (respond.kept_at, respond.was_broken) == (at(6), False)


def test_a_late_reply_keeps_the_promise_late(office) -> None:
    case = office.cast.case()
    with clock.standing_at(at(7)):
        reply(case, words(office.cast.maya))
    respond = Promise.objects.get(what="respond")
    assert respond.was_broken
    assert respond.late_by(at(30)) == HOUR
    assert {line["what"] for line in last("promise.broken").data["promises"]} == {"read", "respond"}


def test_a_message_that_arrives_while_the_reply_can_still_be_undone_is_not_answered_by_it(office) -> None:
    case = office.cast.case()
    receive(case, words(office.cast.luis, at=at(1) + timedelta(seconds=4)))
    with clock.standing_at(at(1) + timedelta(seconds=10)):
        reply(case, words(office.cast.maya), pressed_at=at(1))
    assert owed(case) == {"respond": datetime(2026, 3, 3, 8, 43, tzinfo=MONDAY.tzinfo)}
    assert Promise.objects.get(what="respond", kept_at=at(1)).starts_at == MONDAY


def test_the_deadline_is_a_full_minute_and_never_before_what_was_reckoned(office) -> None:
    case = office.cast.case()
    reply(case, words(office.cast.maya))
    receive(case, words(office.cast.luis, at=at(0) + timedelta(seconds=1)))
    assert owed(case) == {"respond": at(6) + timedelta(minutes=1)}


def test_an_answer_from_the_customer_is_owed_an_answer(office) -> None:
    case = office.cast.case()
    reply(case, words(office.cast.maya))
    receive(case, words(office.cast.luis, at=at(1)))
    assert owed(case) == {"respond": datetime(2026, 3, 3, 8, 42, tzinfo=MONDAY.tzinfo)}
    receive(case, words(office.cast.luis, at=at(2)))
    assert Promise.objects.filter(case=case, what="respond").count() == 2


def test_a_message_that_was_processed_late_counts_from_its_own_arrival(office) -> None:
    case = office.cast.case()
    reply(case, words(office.cast.maya, at=at(0.5)), pressed_at=at(0.5))
    receive(case, words(office.cast.luis, at=at(1.5)))
    receive(case, words(office.cast.luis, at=at(1)))
    assert Promise.objects.get(Promise.OPEN, case=case).starts_at == at(1)


def test_an_out_of_office_answer_is_owed_nothing(office) -> None:
    case = office.cast.case()
    reply(case, words(office.cast.maya))
    receive(case, words(office.cast.luis), answerable=False, wakes=False)
    assert owed(case) == {}


def test_a_letter_and_a_note_keep_nothing(office) -> None:
    case = office.cast.case()
    write_letter(case, words(None), letter="acknowledgement")
    add_note(case, "Looks like the 9.2 rounding.", by=office.cast.maya)
    assert set(owed(case)) == {"read", "respond"}


def test_severity_is_reckoned_from_the_arrival_and_the_log_keeps_the_old_deadline(office) -> None:
    case = office.cast.case()
    with clock.standing_at(at(0.5)):
        set_severity(case, Severity.objects.get(level=1), by=office.cast.maya)
    assert owed(case) == {"read": at(1), "respond": at(2)}
    assert shown(case) == (at(1), "read")
    assert last("promise.made").data["promises"][0]["before"] == at(3).isoformat()


def test_a_broken_promise_is_mended_by_a_severity_that_gives_it_time(office) -> None:
    case = office.cast.case(severity=Severity.objects.get(level=1))
    with clock.standing_at(at(1.5)):
        from mainstay.promises.actions import break_overdue

        break_overdue()
        assert Promise.objects.get(what="read").was_broken
        set_severity(case, Severity.objects.get(level=4), by=office.cast.maya)
    assert not Promise.objects.get(what="read").was_broken
    assert owed(case)["read"] == at(4)


def test_where_nothing_is_promised_nothing_is_owed(office) -> None:
    case = office.cast.case()
    small = Severity.objects.get(level=4)
    set_targets({small: (None, None)}, by=office.cast.ingrid)
    set_severity(case, small, by=office.cast.maya)
    assert owed(case) == {}
    assert shown(case) == (None, "")
    set_severity(case, Severity.objects.get(level=1), by=office.cast.maya)
    assert owed(case) == {"read": at(1), "respond": at(2)}


def test_before_any_calendar_is_set_up_cases_arrive_all_the_same(cast, monday) -> None:
    assert owed(cast.case()) == {}


def test_another_team_promises_by_its_own_calendar(office) -> None:
    nights = make_calendar("Nights", zone="America/New_York", hours=[[["22:00", "06:00"]]] * 7, by=office.cast.ingrid)
    use_calendar(office.cast.billing, nights, by=office.cast.ingrid)
    case = office.cast.case()
    move(case, team=office.cast.billing, by=office.cast.maya)
    assert owed(case)["read"] == datetime(2026, 3, 3, 4, 42, tzinfo=MONDAY.tzinfo)
    use_calendar(office.cast.billing, None, by=office.cast.ingrid)
    move(case, team=office.cast.support, by=office.cast.maya)
    assert owed(case)["read"] == at(3)


def test_resolving_withdraws_what_is_owed(office) -> None:
    case = office.cast.case()
    with clock.standing_at(at(1)):
        resolve(case, how="answered", by=office.cast.maya)
    assert owed(case) == {}
    assert shown(case) == (None, "")
    assert {row.withdrawn_at for row in Promise.objects.all()} == {at(1)}
    assert not Event.objects.filter(kind="promise.broken").exists()


def test_a_case_that_an_agent_reopens_is_owed_what_it_was(office) -> None:
    case = office.cast.case()
    touch(case, by=office.cast.maya)
    resolve(case, how="answered", by=office.cast.maya)
    with clock.standing_at(at(1)):
        reopen(case, by=office.cast.maya)
    assert owed(case) == {"respond": at(6)}
    assert shown(case) == (at(6), "respond")
    assert Promise.objects.filter(case=case).count() == 2


def test_a_case_that_a_reply_reopens_is_owed_an_answer_to_that_reply(office) -> None:
    case = office.cast.case()
    resolve(case, how="answered", by=office.cast.maya)
    with clock.standing_at(at(1)):
        receive(case, words(office.cast.luis))
    assert owed(case) == {"respond": datetime(2026, 3, 3, 8, 42, tzinfo=MONDAY.tzinfo)}


def test_spam_is_owed_nothing_until_somebody_says_that_it_is_none(office) -> None:
    case = office.cast.case()
    mark_spam(case, by=office.cast.maya)
    assert owed(case) == {}
    receive(case, words(office.cast.luis, at=at(1)))
    assert owed(case) == {}
    with clock.standing_at(at(2)):
        unmark_spam(case, by=office.cast.maya)
    assert owed(case) == {"read": at(3), "respond": at(6)}


def test_waiting_for_the_customer_never_pauses_the_answer(office) -> None:
    case = office.cast.case()
    wait(case, on="customer", until=at(48), by=office.cast.maya)
    assert owed(case) == {"read": at(3), "respond": at(6)}
    assert shown(case) == (at(3), "read")


def test_any_change_costs_a_fixed_number_of_queries(office, django_assert_max_num_queries) -> None:
    from mainstay.promises.actions import settle

    case = office.cast.case()
    for hour in range(1, 20):
        reply(case, words(office.cast.maya, at=at(hour)), pressed_at=at(hour))
        receive(case, words(office.cast.luis, at=at(hour) + timedelta(minutes=5)))
    with django_assert_max_num_queries(6):
        settle(case.id)

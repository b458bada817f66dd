"""What an agent decides about a case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mainstay.cases.actions import assign, resolve, set_aim
from mainstay.cases.models import Case, Participant, Wait
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.people.models import Address
from tests.cast import MONDAY
from tests.desk.sitting import client_of


def post(client, case, noun, **values):
    return client.post(f"/desk/cases/{case.number}/{noun}", values)


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_severity_is_chosen_by_its_level(cast, maya):
    case = cast.case()
    assert post(maya, case, "severity", severity="1").status_code == 303
    assert fresh(case).severity.level == 1
    assert fresh(case).touched_at is not None


@pytest.mark.parametrize("level", ["9", "x", "", "1 OR 1", "-1", "²"])
def test_a_severity_that_does_not_exist_is_refused(cast, maya, level):
    case = cast.case()
    assert post(maya, case, "severity", severity=level).status_code in {400, 404}
    assert fresh(case).severity.level == 3


def test_taking_a_case_makes_it_mine_and_the_second_one_is_told_who_has_it(cast, maya):
    case = cast.case()
    post(client_of(cast.tom), case, "claim")
    late = post(maya, case, "claim")
    assert late.status_code == 409
    assert "Tom Becker was faster and has it." in late.content.decode()
    assert fresh(case).owner == cast.tom


def test_owner_and_backup_are_agents_of_the_team_and_nobody_else(cast, maya):
    case = cast.case()
    post(maya, case, "assignment", owner=cast.tom.pk, backup=cast.maya.pk)
    assert (fresh(case).owner, fresh(case).backup) == (cast.tom, cast.maya)
    for stranger in (cast.nils, cast.luis):
        assert post(maya, case, "assignment", owner=stranger.pk).status_code == 404
    assert fresh(case).owner == cast.tom
    post(maya, case, "assignment", owner="", backup="")
    assert fresh(case).owner is None


@pytest.mark.reliability("R-43")
def test_an_owner_that_a_colleague_set_meanwhile_is_not_overwritten(cast, maya):
    case = cast.case()
    assign(case, owner=cast.tom, by=cast.tom)
    answer = post(maya, case, "assignment", was="", owner=cast.maya.pk)
    assert answer.status_code == 409
    assert "Tom Becker has it now" in answer.content.decode()
    assert fresh(case).owner == cast.tom


@pytest.mark.reliability("R-43")
def test_two_who_write_the_aim_both_see_both_versions_and_the_first_stands(cast, maya):
    case = cast.case()
    set_aim(case, "send the hours", by=cast.tom)
    answer = post(maya, case, "aim", was="", aim="close the month")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "send the hours" in page
    assert "close the month" in page
    assert fresh(case).aim == "send the hours"


@pytest.mark.reliability("R-43")
def test_two_who_change_different_things_both_get_what_they_wanted(cast, maya):
    case = cast.case()
    post(client_of(cast.tom), case, "subject", was=case.subject, subject="Holiday twice")
    post(maya, case, "aim", was="", aim="send the hours")
    assert (fresh(case).subject, fresh(case).aim) == ("Holiday twice", "send the hours")


@pytest.mark.parametrize(
    ("word", "until"),
    [
        ("later", datetime(2026, 3, 2, 12, 42, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ("monday", datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),
        ("week", datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_case_rests_until_the_morning_of_its_agents_own_day(cast, maya, word, until):
    cast.maya.time_zone = "Europe/Berlin"
    cast.maya.save()
    with clock.standing_at(MONDAY):
        case = cast.case()
        assert post(maya, case, "wait", until=word).status_code == 303
    assert fresh(case).state == "waiting"
    assert Wait.objects.get(case=case).until == until


def test_a_case_rests_until_a_chosen_moment_in_the_agents_zone(cast, maya):
    cast.maya.time_zone = "America/New_York"
    cast.maya.save()
    with clock.standing_at(MONDAY):
        case = cast.case()
        post(maya, case, "wait", until="moment", moment="2026-03-02T15:00", on="third")
    row = Wait.objects.get(case=case)
    assert (row.on, row.until) == ("third", datetime(2026, 3, 2, 20, 0, tzinfo=UTC))


@pytest.mark.parametrize("moment", ["", "yesterday", "2020-01-01T09:00", "2026-99-99T09:00"])
def test_a_moment_that_is_over_or_none_is_refused_in_words(cast, maya, moment):
    case = cast.case()
    answer = post(maya, case, "wait", until="moment", moment=moment)
    assert answer.status_code == 409
    assert "still to come" in answer.content.decode()
    assert fresh(case).state == "open"


def test_a_resting_case_is_woken(cast, maya):
    case = cast.case()
    post(maya, case, "wait")
    post(maya, case, "waking")
    assert fresh(case).state == "open"


def test_resolving_says_how_and_offers_to_take_it_back(cast, maya):
    case = cast.case()
    answer = maya.post(f"/desk/cases/{case.number}/resolution", {"how": "fixed", "was_known": "no"}, follow=True)
    row = case.resolutions.get()
    assert (row.how, row.was_known, row.by) == ("fixed", False, cast.maya)
    assert f"/desk/cases/{case.number}/reopening" in answer.content.decode()
    post(maya, case, "reopening")
    assert fresh(case).state == "open"


def test_a_way_to_resolve_that_nobody_named_is_refused(cast, maya):
    case = cast.case()
    assert post(maya, case, "resolution", how="magic").status_code == 400
    assert fresh(case).state == "open"


def test_spam_is_marked_and_taken_back_to_the_state_it_had(cast, maya):
    case = cast.case()
    resolve(case, how="answered", by=cast.tom)
    answer = maya.post(f"/desk/cases/{case.number}/spam", follow=True)
    assert fresh(case).state == "spam"
    assert f"/desk/cases/{case.number}/spam/undo" in answer.content.decode()
    post(maya, case, "spam/undo")
    assert fresh(case).state == "resolved"


def test_tags_go_on_and_off(cast, maya):
    case = cast.case()
    post(maya, case, "tags", tag="Over Time, payroll")
    assert sorted(case.tags.values_list("tag__name", flat=True)) == ["over-time", "payroll"]
    post(maya, case, "tags/removal", tag="payroll")
    assert [entry.tag.name for entry in case.tags.all()] == ["over-time"]


def test_a_case_moved_to_another_team_leads_back_to_the_queue(cast, maya):
    case = cast.case()
    answer = post(maya, case, "team", team=cast.billing.pk)
    assert answer.headers["Location"] == "/desk/"
    assert fresh(case).team == cast.billing
    assert client_of(cast.nils).get(f"/desk/cases/{case.number}/").status_code == 200


def test_somebody_is_added_to_the_replies_and_taken_off(cast, maya):
    case = cast.case()
    post(maya, case, "participants", address="ANA@harbor.example ")
    row = Participant.objects.get(case=case, person__addresses__value="ana@harbor.example")
    assert row.role == "copied"
    post(maya, case, "participants/removal", person=row.person_id)
    assert not Participant.objects.filter(pk=row.pk).exists()


def test_somebody_whom_a_later_mail_named_takes_part_after_a_yes(cast, maya):
    case = cast.case()
    Participant.objects.create(case=case, person=cast.dana, role="offered")
    post(maya, case, "participants", person=cast.dana.pk)
    assert Participant.objects.get(case=case, person=cast.dana).role == "copied"


def test_whoever_takes_part_in_no_way_is_not_added_by_a_number(cast, maya):
    assert post(maya, cast.case(), "participants", person=cast.dana.pk).status_code == 404


def test_a_colleague_is_no_customer_and_the_page_says_what_to_do(cast, maya):
    case = cast.case()
    answer = post(maya, case, "participants", address="tom@journeyware.example")
    assert answer.status_code == 422
    assert "Write a note instead" in answer.content.decode()


@pytest.mark.parametrize("address", ["", "ana", "a@b", "a@b.example, c@d.example", "<script>@x.example"])
def test_what_is_no_address_is_said_and_adds_nobody(cast, maya, address):
    case = cast.case()
    known = Address.objects.count()
    assert post(maya, case, "participants", address=address).status_code == 422
    assert Address.objects.count() == known


def test_the_requester_cannot_be_taken_off(cast, maya):
    case = cast.case()
    post(maya, case, "participants/removal", person=cast.luis.pk)
    assert Participant.objects.filter(case=case, person=cast.luis).exists()


def test_with_htmx_a_change_answers_with_what_it_touched(cast, maya):
    case = cast.case()
    answer = maya.post(f"/desk/cases/{case.number}/severity", {"severity": "1"}, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.lstrip().startswith('<header class="case-head" id="case-head">')
    assert 'data-level="1"' in page
    for name in ("first-touch", "thread", "about-case"):
        assert f'hx-target="#{name}"' in page


def test_each_decision_is_in_the_log_with_who_made_it(cast, maya):
    case = cast.case()
    for noun, values in [("claim", {}), ("tags", {"tag": "a"}), ("wait", {}), ("resolution", {}), ("reopening", {}), ("spam", {})]:
        post(maya, case, noun, **values)
    told = set(Event.objects.filter(case=case.pk, actor=cast.maya.pk).values_list("kind", flat=True))
    assert {"case.assigned", "case.touched", "tag.added", "wait.begun", "case.resolved", "case.reopened", "spam.marked"} <= told

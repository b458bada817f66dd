"""An agent opens a case for somebody who called."""

from __future__ import annotations

import pytest

from mainstay.cases.models import Case, Message, Severity
from mainstay.events.models import Event
from mainstay.jobs import run_all
from mainstay.mail.actions import make_mailbox
from mainstay.people.models import Address, Person
from tests.desk.sitting import client_of


def form(cast, **more):
    level = Severity.objects.get(level=2)
    return {
        "address": "luis@harbor.example",
        "came_by": "phone",
        "subject": "Hours wrong",
        "words": "He called.\r\nHours are wrong.",
        "severity": level.pk,
        "team": cast.support.pk,
        "take": "on",
        **more,
    }


def test_a_call_becomes_a_case_of_the_one_who_called_owned_by_the_one_who_listened(cast, maya):
    answer = maya.post("/desk/cases/", form(cast))
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/desk/cases/{case.number}/"
    assert (case.requester, case.organization, case.owner, case.channel) == (cast.luis, cast.harbor, cast.maya, "phone")
    assert (case.severity.level, case.subject) == (2, "Hours wrong")
    assert case.touched_at is not None
    assert case.messages.get().body == "He called.\nHours are wrong."
    assert Event.objects.get(kind="case.opened").actor == cast.maya.pk
    assert "by phone" in maya.get(f"/desk/cases/{case.number}/").content.decode()


@pytest.mark.parametrize(("wanted", "letters"), [({}, 0), ({"acknowledge": "on"}, 1)])
def test_the_acknowledgement_is_sent_only_when_it_is_wanted(cast, maya, wanted, letters):
    maya.post("/desk/cases/", form(cast, **wanted))
    run_all()
    assert Message.objects.filter(is_letter=True).count() == letters


def test_somebody_new_needs_a_name(cast, maya):
    answer = maya.post("/desk/cases/", form(cast, address="ana@new.example"))
    assert answer.status_code == 422
    assert "We do not know this address yet" in answer.content.decode()
    assert "He called." in answer.content.decode()
    maya.post("/desk/cases/", form(cast, address="ana@new.example", name="Ana Sousa", take=""))
    case = Case.objects.get()
    assert (case.requester.name, case.owner) == ("Ana Sousa", None)


@pytest.mark.parametrize(
    "wrong", [{"address": "no"}, {"subject": ""}, {"words": " "}, {"came_by": "owl"}, {"severity": "99"}, {"severity": "x"}]
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_made(cast, maya, wrong):
    answer = maya.post("/desk/cases/", form(cast, **wrong))
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.security("S-051")
def test_another_team_cannot_be_chosen_and_a_colleague_is_no_customer(cast, maya):
    people = Person.objects.count()
    assert maya.post("/desk/cases/", form(cast, team=cast.billing.pk)).status_code == 422
    assert maya.post("/desk/cases/", form(cast, address="tom@journeyware.example")).status_code == 422
    assert (Case.objects.count(), Person.objects.count()) == (0, people)


def test_an_address_of_ours_is_nobodys_customer(cast, maya):
    make_mailbox("support@journeyware.example", team=cast.support)
    answer = maya.post("/desk/cases/", form(cast, address="Support@journeyware.example", name="Support"))
    assert answer.status_code == 422
    assert "This is an address of ours" in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.security("S-046")
def test_only_people_of_ones_own_cases_are_offered_while_typing(cast, maya):
    cast.case()
    cast.case(requester=cast.dana, team=cast.billing)
    page = maya.get("/desk/cases/new/").content.decode()
    assert "luis@harbor.example" in page
    assert "dana@corvid.example" not in page
    assert "dana@corvid.example" in client_of(cast.nils).get("/desk/cases/new/").content.decode()
    assert Address.objects.filter(value="dana@corvid.example").exists()

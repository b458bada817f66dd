"""What a case is about."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import AimSet, SubjectChanged
from mainstay.cases.models import Case
from mainstay.events import record
from mainstay.people.models import Person


@transaction.atomic
def change_subject(case: Case, subject: str, *, by: Person) -> None:
    """Name the case better; mails that go out keep their own subject's thread by their headers."""
    subject = " ".join(subject.split())[:500]
    if subject and subject != case.subject:
        case.subject = subject
        case.save(update_fields=["subject"])
        record(SubjectChanged(case=case.id, actor=by.id, organization=case.organization_id))


@transaction.atomic
def set_aim(case: Case, aim: str, *, by: Person) -> None:
    """What the customer is trying to get done, in our words."""
    aim = " ".join(aim.split())[:300]
    if aim != case.aim:
        case.aim = aim
        case.save(update_fields=["aim"])
        record(AimSet(case=case.id, actor=by.id, organization=case.organization_id))

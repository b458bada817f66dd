"""A case is resolved, and reopened."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.actions.wait import wake
from mainstay.cases.events import CaseReopened, CaseResolved
from mainstay.cases.models import Case, Resolution
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person


@transaction.atomic
def resolve(case: Case, *, how: str, by: Person | None, was_known: bool | None = None) -> bool:
    """The customer has what they needed. Tells the customer nothing; a reply does. False when it was resolved already."""
    if not Case.objects.filter(pk=case.pk, state__in=[Case.State.OPEN, Case.State.WAITING]).update(state=Case.State.RESOLVED):
        case.refresh_from_db()
        return False
    wake(case, by=by, because="resolve")
    Resolution.objects.create(case=case, by=by, how=how, was_known=was_known, at=clock.now())
    record(CaseResolved(case=case.id, actor=by.id if by else None, organization=case.organization_id, how=how))
    case.refresh_from_db()
    return True


@transaction.atomic
def reopen(case: Case, *, by: Person | None, because: str = "agent") -> bool:
    """Open a resolved case again; `because` is "reply" or "agent". False when it was not resolved."""
    if not Case.objects.filter(pk=case.pk, state=Case.State.RESOLVED).update(state=Case.State.OPEN):
        return False
    Resolution.objects.filter(case=case, reopened_at=None).update(reopened_at=clock.now())
    record(CaseReopened(case=case.id, actor=by.id if by else None, organization=case.organization_id, by=because))
    case.refresh_from_db()
    return True

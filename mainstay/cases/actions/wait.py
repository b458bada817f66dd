"""A case rests, and comes back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mainstay.cases.events import WaitBegun, WaitEnded
from mainstay.cases.models import Case, Wait
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person


@transaction.atomic
def wait(case: Case, *, on: str, until: datetime | None, by: Person | None, why: str = "") -> Wait:
    """Let the case rest, on whom and until when at the latest; a wait that runs already is replaced."""
    now = clock.now()
    Wait.objects.filter(case=case, ended_at=None).update(ended_at=now, ended_by="agent")
    Case.objects.filter(pk=case.pk, state=Case.State.OPEN).update(state=Case.State.WAITING)
    row = Wait.objects.create(case=case, on=on, until=until, why=why[:300], by=by, since=now)
    record(
        WaitBegun(
            case=case.id,
            actor=by.id if by else None,
            organization=case.organization_id,
            on=on,
            until=until.isoformat() if until else None,
        )
    )
    case.refresh_from_db()
    return row


@transaction.atomic
def wake(case: Case, *, by: Person | None, because: str) -> bool:
    """End the wait; `because` is "reply", "date", "agent" or "resolve". False when nothing waited any more."""
    if not Wait.objects.filter(case=case, ended_at=None).update(ended_at=clock.now(), ended_by=because):
        return False
    Case.objects.filter(pk=case.pk, state=Case.State.WAITING).update(state=Case.State.OPEN)
    record(WaitEnded(case=case.id, actor=by.id if by else None, organization=case.organization_id, by=because))
    case.refresh_from_db()
    return True

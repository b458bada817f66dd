"""The first look."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import CaseTouched
from mainstay.cases.models import Case
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person


@transaction.atomic
def touch(case: Case, *, by: Person) -> bool:
    """A person of ours has read the case: that keeps the promise "read". Only the first time counts; later calls are False."""
    now = clock.now()
    if not Case.objects.filter(pk=case.pk, touched_at=None).update(touched_at=now):
        return False
    case.touched_at = now
    record(CaseTouched(case=case.id, actor=by.id, organization=case.organization_id))
    case.refresh_from_db(fields=["due_at", "due_what"])
    return True

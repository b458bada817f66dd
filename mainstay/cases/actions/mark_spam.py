"""Not a case at all."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import SpamMarked, SpamUnmarked
from mainstay.cases.models import Case, SpamMark
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person


@transaction.atomic
def mark_spam(case: Case, *, by: Person | None) -> bool:
    """Out of every queue but "Spam"; nothing is owed any more. `by` is None where a blocked sender wrote. False: it was marked already."""
    before = case.state
    if before == Case.State.SPAM or not Case.objects.filter(pk=case.pk, state=before).update(state=Case.State.SPAM):
        case.refresh_from_db()
        return False
    SpamMark.objects.create(case=case, by=by, at=clock.now(), before=before)
    record(SpamMarked(case=case.id, actor=by.id if by else None, organization=case.organization_id))
    case.refresh_from_db()
    return True


@transaction.atomic
def unmark_spam(case: Case, *, by: Person) -> bool:
    """Back to the state it had, with what it was owed. False when it was not marked."""
    mark = SpamMark.objects.filter(case=case, undone_at=None).first()
    if mark is None or not Case.objects.filter(pk=case.pk, state=Case.State.SPAM).update(state=mark.before):
        return False
    SpamMark.objects.filter(pk=mark.pk).update(undone_at=clock.now())
    record(SpamUnmarked(case=case.id, actor=by.id, organization=case.organization_id))
    case.refresh_from_db()
    return True

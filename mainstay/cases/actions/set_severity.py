"""How bad it is."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import SeveritySet
from mainstay.cases.models import Case, Severity, SeveritySpan
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person


@transaction.atomic
def set_severity(case: Case, severity: Severity, *, by: Person | None) -> None:
    """Promises are computed anew from the arrival of the message they answer, not from now."""
    before = case.severity_id
    if before == severity.id or not Case.objects.filter(pk=case.pk, severity=before).update(severity=severity):
        case.refresh_from_db(fields=["severity"])
        return
    case.severity = severity
    # A case begins without a span, since most never change: the first change writes both.
    spans = [SeveritySpan(case=case, severity=severity, by=by, since=clock.now())]
    if not SeveritySpan.objects.filter(case=case).exists():
        spans.insert(0, SeveritySpan(case=case, severity_id=before, since=case.opened_at))
    SeveritySpan.objects.bulk_create(spans)
    record(
        SeveritySet(
            case=case.id,
            actor=by.id if by else None,
            organization=case.organization_id,
            severity=severity.id,
            before=before,
        )
    )
    case.refresh_from_db(fields=["due_at", "due_what"])

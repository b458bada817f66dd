"""Cases that have to do with each other."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import CasesLinked
from mainstay.cases.models import Case, CaseLink
from mainstay.events import record
from mainstay.people.models import Person


@transaction.atomic
def link_cases(case: Case, other: Case, *, kind: str, by: Person | None = None) -> bool:
    """Say on `case` that it has to do with `other`. False when it says so already."""
    _, made = CaseLink.objects.get_or_create(case=case, other=other, kind=kind)
    if made:
        record(CasesLinked(case=case.id, actor=by.id if by else None, organization=case.organization_id, other=other.id, why=kind))
    return made

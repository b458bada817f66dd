"""Who works on a case."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import CaseAssigned, CaseMoved
from mainstay.cases.models import Case, OwnerSpan
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person, Team


@transaction.atomic
def assign(case: Case, *, owner: Person | None, backup: Person | None = None, by: Person | None) -> None:
    """Give the case this owner and backup (None: nobody). The last one to say so wins; `claim` is for taking."""
    before, before_backup = case.owner_id, case.backup_id
    if (before, before_backup) == (owner.id if owner else None, backup.id if backup else None):
        return
    case.owner, case.backup = owner, backup
    Case.objects.filter(pk=case.pk).update(owner=owner, backup=backup)
    _span(case, by)
    record(_assigned(case, before, by))


@transaction.atomic
def claim(case: Case, *, by: Person) -> bool:
    """Take an unowned case. Of many who take it at once one becomes the owner; the others get False."""
    if not Case.objects.filter(pk=case.pk, owner=None).update(owner=by):
        case.refresh_from_db(fields=["owner"])
        return False
    case.owner = by
    _span(case, by)
    record(_assigned(case, None, by))
    return True


@transaction.atomic
def move(case: Case, *, team: Team, by: Person) -> None:
    """To another team's queue; an owner who does not work there stays until somebody takes over."""
    before = case.team_id
    if before != team.id:
        case.team = team
        Case.objects.filter(pk=case.pk).update(team=team)
        record(CaseMoved(case=case.id, actor=by.id, organization=case.organization_id, team=team.id, before=before))


def _span(case: Case, by: Person | None) -> None:
    OwnerSpan.objects.create(case=case, owner=case.owner, backup=case.backup, by=by, since=clock.now())


def _assigned(case: Case, before: int | None, by: Person | None) -> CaseAssigned:
    return CaseAssigned(
        case=case.id,
        actor=by.id if by else None,
        organization=case.organization_id,
        owner=case.owner_id,
        backup=case.backup_id,
        before=before,
    )

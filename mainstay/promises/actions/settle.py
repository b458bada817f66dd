"""Making the promises of a case say what its history says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mainstay.events import record
from mainstay.kernel import clock
from mainstay.promises.events import PromiseBroken, PromiseKept, PromiseMade, PromiseWithdrawn
from mainstay.promises.ledger import Duty
from mainstay.promises.models import Promise
from mainstay.promises.plan import Plan, plan
from mainstay.promises.telling import said, show_nearest
from mainstay.promises.terms import Terms


@transaction.atomic
def settle(case: int, *, by: int | None = None) -> bool:
    """Keep, withdraw, make and reckon anew whatever the log and the terms say by now; False when nothing had to change.

    A verb's event comes first and this follows it, so doing it twice changes nothing. The number of queries does not grow with
    the case: five to read, at most ten to write.
    """
    now = clock.now()
    wanted = plan(case, now)
    open_rows = list(wanted.stays)
    _end(wanted, by)
    made = [_change(row, terms, due, now) for row, terms, due in wanted.changes]
    made += [_start(wanted, duty, terms, due, row, now) for duty, terms, due, row in wanted.starts]
    if made:
        record(PromiseMade(case=case, actor=by, organization=wanted.case.organization_id, promises=[line for _, line in made]))
        open_rows += [row for row, _ in made]
    nearest = min(((row.due_at, str(row.what)) for row in open_rows), default=(None, ""))
    if nearest != (wanted.case.due_at, wanted.case.due_what):
        show_nearest(case, open_rows)
    return not wanted.is_empty


def _end(wanted: Plan, by: int | None) -> None:
    broken, kept, withdrawn = [], [], []
    for row, duty in wanted.ends:
        end = duty.kept_at or duty.withdrawn_at or clock.now()
        if end > row.due_at and row.broken_at is None:
            row.broken_at = row.due_at
            broken.append(said(row))
        elif end <= row.due_at:
            # Send was pressed in time, and the clock struck before the release.
            row.broken_at = None
        row.kept_at, row.withdrawn_at = duty.kept_at, duty.withdrawn_at
        row.save(update_fields=["kept_at", "withdrawn_at", "broken_at"])
        if duty.kept_at:
            kept.append(said(row, at=duty.kept_at.isoformat()))
        else:
            withdrawn.append(said(row))
    case, organization = wanted.case.id, wanted.case.organization_id
    if broken:
        record(PromiseBroken(case=case, organization=organization, promises=broken))
    if kept:
        record(PromiseKept(case=case, actor=by, organization=organization, promises=kept))
    if withdrawn:
        record(PromiseWithdrawn(case=case, actor=by, organization=organization, promises=withdrawn))


def _change(row: Promise, terms: Terms, due: datetime, now: datetime) -> tuple[Promise, dict[str, object]]:
    before = row.due_at
    row.minutes, row.revision_id, row.due_at, row.warned_at = terms.minutes, terms.revision, due, None
    row.broken_at = due if row.broken_at and due <= now else None
    row.save(update_fields=["minutes", "revision", "due_at", "broken_at", "warned_at"])
    return row, said(row, before=before.isoformat())


def _start(wanted: Plan, duty: Duty, terms: Terms, due: datetime, row: Promise | None, now: datetime) -> tuple[Promise, dict[str, object]]:
    if row is None:
        row = Promise(case_id=wanted.case.id, what=duty.what, starts_at=duty.starts_at, made_at=now)
    before = row.due_at
    row.minutes, row.revision_id, row.due_at, row.warned_at, row.withdrawn_at = terms.minutes, terms.revision, due, None, None
    row.broken_at = due if row.broken_at and due <= now else None
    row.save()
    return row, said(row, before=before.isoformat()) if before and before != due else said(row)

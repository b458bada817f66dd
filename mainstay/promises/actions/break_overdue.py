"""Promises whose time has passed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from mainstay.channels.models import Draft
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.kernel.faults import faultpoint
from mainstay.promises.events import PromiseBroken
from mainstay.promises.models import Promise
from mainstay.promises.telling import said

BATCH = 25
BELATED_AFTER = 60


@transaction.atomic
def break_overdue(limit: int = BATCH) -> int:
    """Mark up to `limit` promises as broken, the oldest deadline first, each once; how many there were.

    An answer that was pressed in time and waits out its undo time keeps its promise when it goes out, so that one is left for now.
    """
    now = clock.now()
    pressed = Draft.objects.filter(case=OuterRef("case"), kind="reply", state="pressed", pressed_at__lte=OuterRef("due_at"))
    overdue = Promise.objects.filter(Promise.OPEN, ~Exists(pressed), broken_at=None, due_at__lt=now)
    rows = list(overdue.order_by("due_at", "id").annotate(organization=F("case__organization"))[:limit])
    for row in rows:
        if Promise.objects.filter(Promise.OPEN, pk=row.pk, broken_at=None, due_at=row.due_at).update(broken_at=row.due_at):
            late = int((now - row.due_at).total_seconds())
            record(
                PromiseBroken(
                    case=row.case_id,
                    organization=row.organization,
                    promises=[said(row)],
                    noticed_after=late,
                    is_belated=late > BELATED_AFTER,
                )
            )
            faultpoint("k14")
    return len(rows)

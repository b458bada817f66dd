"""How soon."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext

from mainstay.cases.models import Severity
from mainstay.events import record
from mainstay.people.models import Person
from mainstay.promises.actions.recompute import ask_recompute
from mainstay.promises.events import TargetsSet
from mainstay.promises.models import Target
from mainstay.promises.terms import new_edition

LONGEST = 365 * 24 * 60


@transaction.atomic
def set_targets(targets: Mapping[Severity, tuple[int | None, int | None]], *, by: Person | None) -> None:
    """By severity, the open minutes within which a case is read and answered; None promises nothing. Open promises are reckoned
    anew by a job. Raises ValueError with a sentence for the form."""
    for read_by, respond in targets.values():
        if any(minutes is not None and not 1 <= minutes <= LONGEST for minutes in (read_by, respond)):
            raise ValueError(gettext("A time to read or to answer is between a minute and a year."))
        if read_by and respond and respond < read_by:
            raise ValueError(gettext("Nothing is answered before it is read: the time to answer can't be the shorter one."))
    rows = [Target(severity=severity, read_by=read_by, respond=respond) for severity, (read_by, respond) in targets.items()]
    Target.objects.bulk_create(rows, update_conflicts=True, unique_fields=["severity"], update_fields=["read_by", "respond"])
    listed = sorted([severity.id, read_by, respond] for severity, (read_by, respond) in targets.items())
    record(TargetsSet(actor=by.id if by else None, targets=listed))
    new_edition()
    ask_recompute()

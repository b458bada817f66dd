"""The operator's levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from mainstay.cases.events import SeveritiesChanged
from mainstay.cases.models import Case, Severity, SeveritySpan
from mainstay.events import record
from mainstay.people.models import Person


@transaction.atomic
def set_severities(levels: Mapping[int, tuple[str, str]], *, default: int, by: Person | None) -> None:
    """Name the levels (level → name, meaning), three to five of them from 1 on, and the one that a new case begins with.
    Raises ValueError otherwise, or when cases still stand on a level that would go."""
    if sorted(levels) != list(range(1, len(levels) + 1)) or not 3 <= len(levels) <= 5 or default not in levels:
        raise ValueError("there are three to five levels, counted from 1, and one of them is where a case begins")
    for level, (name, meaning) in levels.items():
        Severity.objects.update_or_create(level=level, defaults={"name": name, "meaning": meaning, "is_default": level == default})
    gone = Severity.objects.exclude(level__in=levels)
    if _used(gone.values_list("pk", flat=True)):
        raise ValueError("cases still stand on a level that would go")
    gone.delete()
    record(SeveritiesChanged(actor=by.id if by else None, levels=sorted(levels)))


def _used(severities: Iterable[int]) -> bool:
    return Case.objects.filter(severity__in=severities).exists() or SeveritySpan.objects.filter(severity__in=severities).exists()

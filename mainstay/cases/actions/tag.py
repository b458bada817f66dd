"""Words on a case."""

from __future__ import annotations

from django.db import transaction

from mainstay.cases.events import TagAdded, TagRemoved
from mainstay.cases.models import Case, CaseTag, Tag
from mainstay.events import record
from mainstay.people.models import Person

LIMIT = 60


def tidy(name: str) -> str:
    """A tag as it is kept: lower case, single hyphens for spaces; empty when nothing is left."""
    return "-".join(name.lower().split())[:LIMIT]


@transaction.atomic
def tag(case: Case, name: str, *, by: Person | None) -> bool:
    """Put the word on the case. False when it is there already, or is no word."""
    if not tidy(name):
        return False
    word, _ = Tag.objects.get_or_create(name=tidy(name))
    _, made = CaseTag.objects.get_or_create(case=case, tag=word)
    if made:
        record(TagAdded(case=case.id, actor=by.id if by else None, organization=case.organization_id, tag=word.pk))
    return made


@transaction.atomic
def untag(case: Case, name: str, *, by: Person | None) -> bool:
    """Take the word off. False when it was not there."""
    word = Tag.objects.filter(name=tidy(name)).first()
    if word is None or not CaseTag.objects.filter(case=case, tag=word).delete()[0]:
        return False
    record(TagRemoved(case=case.id, actor=by.id if by else None, organization=case.organization_id, tag=word.pk))
    return True

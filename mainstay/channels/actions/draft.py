"""Writing. A draft is private to its author, so these verbs record no event: until its release nothing has happened."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from mainstay.cases.actions import FileKept
from mainstay.cases.models import Case
from mainstay.channels.models import Draft, DraftFile
from mainstay.kernel import clock
from mainstay.people.models import Person


def open_draft(case: Case, author: Person) -> Draft:
    """The author's draft on this case, begun if there is none; two tabs share it."""
    for _ in range(2):
        draft = Draft.objects.filter(case=case, author=author, state=Draft.State.WRITING).first()
        if draft is not None:
            return draft
        try:
            with transaction.atomic():
                return Draft.objects.create(case=case, author=author)
        except IntegrityError:
            continue
    return Draft.objects.get(case=case, author=author, state=Draft.State.WRITING)


def save_draft(case: Case, *, author: Person, kind: str, body: str, people: Sequence[int], seen: int, then: dict[str, object]) -> Draft:
    """Keep what was written so far."""
    draft = open_draft(case, author)
    draft.kind, draft.body, draft.people, draft.then = kind, body, list(people), then
    draft.seen = max(seen, draft.seen)
    draft.changed_at = clock.now()
    draft.save(update_fields=["kind", "body", "people", "then", "seen", "changed_at"])
    return draft


def attach(draft: Draft, file: FileKept) -> DraftFile:
    """Put a kept file to the draft."""
    return DraftFile.objects.create(draft=draft, name=file.name, type=file.type, size=file.size, hash=file.hash, is_inline=file.is_inline)


def detach(draft: Draft, key: str) -> bool:
    """Take a file off the draft; False when it is not one of its files."""
    return bool(draft.files.filter(key=key).delete()[0])

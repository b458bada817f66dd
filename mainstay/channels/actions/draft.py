"""Writing. A draft is private to its author, so these verbs record no event: until its release nothing has happened."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from mainstay.cases.actions import FileKept
from mainstay.cases.models import Case
from mainstay.channels.models import Draft, DraftFile
from mainstay.kernel import clock
from mainstay.people.models import Person


def open_draft(case: Case, author: Person, *, key: str = "") -> Draft:
    """The author's draft on this case, begun under `key` (made up by the page) if there is none; two tabs share it. Asked again
    with the key of a draft that was sent meanwhile, it returns that one: a second click sends nothing new (R-34)."""
    for _ in range(2):
        drafts = Draft.objects.filter(case=case, author=author)
        sent = drafts.filter(key=key).exclude(state=Draft.State.WRITING).first() if key else None
        draft = sent or drafts.filter(state=Draft.State.WRITING).first()
        if draft is not None:
            return draft
        try:
            with transaction.atomic():
                # Somebody else's key is no key: it would only collide.
                made_up = {"key": key} if key and not Draft.objects.filter(key=key).exists() else {}
                return Draft.objects.create(case=case, author=author, **made_up)
        except IntegrityError:
            continue
    return Draft.objects.get(case=case, author=author, state=Draft.State.WRITING)


def save_draft(
    case: Case, *, author: Person, kind: str, body: str, people: Sequence[int], seen: int, then: dict[str, object], key: str = ""
) -> Draft:
    """Keep what was written so far. What was pressed meanwhile is not changed any more: a late save must not undo the last words."""
    draft = open_draft(case, author, key=key)
    values = {"kind": kind, "body": body, "people": list(people), "then": then, "seen": max(seen, draft.seen), "changed_at": clock.now()}
    Draft.objects.filter(pk=draft.pk, state=Draft.State.WRITING).update(**values)
    draft.refresh_from_db()
    return draft


def attach(draft: Draft, file: FileKept) -> DraftFile:
    """Put a kept file to the draft."""
    return DraftFile.objects.create(draft=draft, name=file.name, type=file.type, size=file.size, hash=file.hash, is_inline=file.is_inline)


def detach(draft: Draft, key: str) -> bool:
    """Take a file off the draft; False when it is not one of its files."""
    return bool(draft.files.filter(key=key).delete()[0])

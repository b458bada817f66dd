"""Words among ourselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from mainstay.cases.actions.words import FileKept, write_files
from mainstay.cases.events import NoteAdded
from mainstay.cases.models import Case, Note
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.people.models import Person


@transaction.atomic
def add_note(case: Case, body: str, *, by: Person | None, files: Sequence[FileKept] = ()) -> Note:
    """Write a note (Markdown). No customer ever sees it."""
    note = Note.objects.create(case=case, origin=case, author=by, body=body, at=clock.now())
    write_files(files, note=note)
    record(NoteAdded(case=case.id, actor=by.id if by else None, organization=case.organization_id, note=note.id))
    return note

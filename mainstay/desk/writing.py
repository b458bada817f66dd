"""The composer: whom it goes to, what is kept of it, and what was posted."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.cases.actions import FileKept
from mainstay.cases.models import Case, Note, Participant
from mainstay.channels.actions import attach, detach, save_draft
from mainstay.channels.models import Draft, DraftFile
from mainstay.desk.thread import Thread
from mainstay.kernel import ids
from mainstay.mail import room
from mainstay.mail.parse import names
from mainstay.people.models import Agent, Person
from mainstay.people.queries import email_of
from mainstay.ui import files

TEXT_LIMIT = 200_000
FILES_LIMIT = 25 * 1024 * 1024
KINDS = {Draft.Kind.REPLY, Draft.Kind.NOTE}


@dataclass(frozen=True)
class Chip:
    """One possible recipient, as the part "chips" takes it."""

    value: int
    name: str
    address: str
    selected: bool
    doubt: str = ""


@dataclass(frozen=True)
class Typed:
    """What the composer's form said. `seen` is the newest message that its page showed, `seen_note` the newest note."""

    kind: str
    text: str
    people: list[int]
    attachments: list[str]
    key: str
    seen: int
    seen_note: int
    state: str
    then: dict[str, object] = field(default_factory=dict)
    anyway: bool = False


def typed_in(request: HttpRequest, case: Case, *, is_note: bool = False) -> Typed:
    """Read the form, take only who may be written to, and mistrust it in the safe direction: whatever says note is a note."""
    post = request.POST
    do = post.get("do", "")
    kind = Draft.Kind.NOTE if is_note or Draft.Kind.NOTE in {post.get("kind"), do} else Draft.Kind.REPLY
    then: dict[str, object] = {"wait": {"wait": {"on": "customer"}}, "resolve": {"resolve": {"how": "answered"}}}.get(do, {})  # type: ignore[assignment]
    possible = set(Participant.objects.filter(case=case).values_list("person_id", flat=True))
    return Typed(
        kind=kind,
        text=post.get("text", "")[:TEXT_LIMIT].replace("\r\n", "\n"),
        people=[person for person in map(_number, post.getlist("to")) if person in possible],
        attachments=post.getlist("attachment"),
        key=_key(post.get("key", "")),
        seen=_number(post.get("seen", "")),
        seen_note=_number(post.get("seen_note", "")),
        state=post.get("state", ""),
        then=then if kind == Draft.Kind.REPLY else {},
        anyway=bool(post.get("anyway")),
    )


def keep(case: Case, author: Person, typed: Typed) -> Draft:
    return save_draft(
        case, author=author, kind=typed.kind, body=typed.text, people=typed.people, seen=typed.seen, then=typed.then, key=typed.key
    )


def keep_files(draft: Draft, typed: Typed, uploads: Iterable[UploadedFile[bytes]]) -> None:
    """What the form showed is what is sent: files that it no longer lists are taken off, files that came with it are put to it."""
    listed = set(typed.attachments)
    for row in draft.files.all():
        if row.key not in listed:
            detach(draft, row.key)
    for upload in uploads:
        keep_file(draft, upload)


class TooLargeError(ValueError):
    """More bytes than one message may carry."""


def keep_file(draft: Draft, upload: UploadedFile[bytes]) -> DraftFile:
    """Store one uploaded file and put it to the draft; raises TooLargeError, or room.NoRoom. Its type is told by its name, not by the
    browser."""
    size = upload.size or 0
    if size + sum(row.size for row in draft.files.all()) > FILES_LIMIT:
        raise TooLargeError
    name = names.clean(upload.name or "") or "file"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    with room.asked(size):
        kept = FileKept.keep(name, kind, upload.read(), is_inline=files.is_picture(kind, size))
    return attach(draft, kept)


def news_beside_messages(case: Case, reader: Person, typed: Typed) -> str:
    """What else happened while a reply was written: a colleague's note, or the case's end. Nothing where nothing did."""
    note = Note.objects.filter(case=case, pk__gt=typed.seen_note).exclude(author=reader).select_related("author").first()
    if note is not None:
        return _("%(name)s wrote a note while you were writing. Nothing was sent yet; your words are below.") % {
            "name": note.author or _("Mainstay")
        }
    ended = {Case.State.RESOLVED: _("resolved"), Case.State.SPAM: _("marked as spam")}
    if case.state in ended and typed.state not in {"", case.state}:
        return _("The case was %(ended)s while you were writing. Nothing was sent yet; your words are below.") % {
            "ended": ended[Case.State(case.state)]
        }
    return ""


def composer(case: Case, author: Person, thread: Thread, *, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The composer as its part takes it, below this thread. Five queries."""
    draft = Draft.objects.filter(case=case, author=author, state=Draft.State.WRITING).prefetch_related("files").first()
    people = Participant.objects.filter(case=case).select_related("person").prefetch_related("person__addresses").order_by("pk")
    ticked = set(draft.people) if draft and draft.people else None
    chips = [_chip(row, ticked) for row in sorted(people, key=lambda row: row.person_id != case.requester_id)]
    hat = Agent.objects.filter(person=author).first()
    values = {
        "key": draft.key if draft else ids.token(),
        "kind": draft.kind if draft else Draft.Kind.REPLY,
        "text": draft.body if draft else "",
        "people": chips,
        "files": [_file(case, row) for row in draft.files.all()] if draft else [],
        "signature": hat.signature if hat else "",
        "seen": thread.newest,
        "seen_note": thread.newest_note,
        "send": send_label(chips),
    }
    return {**values, **(typed or {})}


def send_label(chips: list[Chip]) -> str:
    """The button says to whom: "Send to Luis + 1"."""
    to = [chip for chip in chips if chip.selected]
    if not to:
        return _("Send")
    first = to[0].name.split()[0] if to[0].name else to[0].address
    if len(to) == 1:
        return _("Send to %(name)s") % {"name": first}
    return ngettext("Send to %(name)s + %(more)d", "Send to %(name)s + %(more)d", len(to) - 1) % {"name": first, "more": len(to) - 1}


def _chip(row: Participant, ticked: set[int] | None) -> Chip:
    is_offered = row.role == Participant.Role.OFFERED
    selected = not is_offered if ticked is None else row.person_id in ticked
    return Chip(row.person_id, row.person.name, email_of(row.person), selected, _("named by a later mail") if is_offered else "")


def _file(case: Case, row: DraftFile) -> dict[str, Any]:
    return {"id": row.key, "name": row.name, "size": row.size, "off": reverse("desk:draft_file_removal", args=[case.number, row.key])}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _key(text: str) -> str:
    return text if len(text) == 32 and all(sign in "0123456789abcdef" for sign in text) else ""

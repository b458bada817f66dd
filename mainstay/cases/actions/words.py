"""What every verb that adds words takes, and how the rows of a message are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mainstay.cases.models import Attachment, Audience, Case, Message, Note
from mainstay.kernel import blobs, ids
from mainstay.kernel.compiled import insert, insert_all
from mainstay.people.models import Person


@dataclass(frozen=True)
class FileKept:
    """A file whose bytes lie in the blob store already; `name` and `type` are shown, so they come cleaned."""

    name: str
    type: str
    size: int
    hash: str
    content_id: str = ""
    is_inline: bool = False

    @classmethod
    def keep(cls, name: str, type: str, data: bytes, *, content_id: str = "", is_inline: bool = False) -> FileKept:
        """Store the bytes and describe them; call it outside any transaction."""
        return cls(name[:255], type[:127], len(data), blobs.keep(data), content_id[:255], is_inline)


@dataclass(frozen=True)
class Words:
    """A message before it is a row: what was said, by whom, to whom, when we had it (`at`) and what its own date claims."""

    author: Person | None
    body: str
    at: datetime
    channel: str
    format: str = Message.Format.PLAIN
    cut: int | None = None
    html: str = ""
    message_id: str = ""
    written_from: str = ""
    is_proven: bool = True
    dated: datetime | None = None
    to: Sequence[tuple[Person, str]] = ()
    cc: Sequence[tuple[Person, str]] = ()
    files: Sequence[FileKept] = ()


def write_message(case: Case, words: Words, *, is_ours: bool, is_letter: bool = False) -> Message:
    """The rows of a message: itself, its audience, its files. Three queries at most."""
    message = insert(
        Message(
            case=case,
            origin=case,
            author=words.author,
            is_ours=is_ours,
            is_letter=is_letter,
            channel=words.channel,
            body=words.body,
            format=words.format,
            cut=words.cut,
            html=words.html,
            message_id=words.message_id,
            written_from=words.written_from,
            is_proven=words.is_proven,
            at=words.at,
            dated=words.dated,
        )
    )
    insert_all(_audience(message, words))
    write_files(words.files, message=message)
    return message


def write_files(files: Sequence[FileKept], *, message: Message | None = None, note: Note | None = None) -> None:
    """The attachment rows of a message or a note."""
    if files:
        insert_all(
            Attachment(
                key=ids.token(),
                message=message,
                note=note,
                name=file.name,
                type=file.type,
                size=file.size,
                hash=file.hash,
                content_id=file.content_id,
                is_inline=file.is_inline,
            )
            for file in files
        )


def _audience(message: Message, words: Words) -> list[Audience]:
    rows: dict[int, Audience] = {}
    writer = [(words.author, words.written_from)] if words.author else []
    for place, people in ((Audience.Place.FROM, writer), (Audience.Place.TO, words.to), (Audience.Place.CC, words.cc)):
        for person, address in people:
            rows.setdefault(person.id, Audience(message=message, person=person, place=place, address=address))
    return list(rows.values())

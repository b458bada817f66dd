"""The thread of a case: messages, notes, and in between what happened, in the order in which it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.cases.models import Attachment, Audience, Case, Message, Note
from mainstay.channels.models import Delivery, Draft
from mainstay.desk.rows import channel_words
from mainstay.desk.sentences import SHOWN_OTHERWISE, Sentence, names_for, sentence
from mainstay.events.models import Event
from mainstay.kernel import html, markdown
from mainstay.people.models import Address, Person
from mainstay.ui import files

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

SHOWN = 50
SHOWN_AT_MOST = 1_000
EVENTS_AT_MOST = 400
TOGETHER = timedelta(minutes=10)


@dataclass(frozen=True)
class Shown:
    """A file as the part "attachment" takes it."""

    name: str
    size: int
    url: str
    is_picture: bool = False
    thumbnail: str = ""


@dataclass(frozen=True)
class Badge:
    text: str
    kind: str
    icon: str = ""


@dataclass
class Entry:
    """One piece of the thread; `sort` keeps what happened at one moment in the order of its making."""

    kind: str
    at: datetime
    sort: tuple[datetime, int, int]
    author: str = ""
    body: SafeString | str = ""
    folded: SafeString | str = ""
    files: list[Shown] = field(default_factory=list)
    badges: list[Badge] = field(default_factory=list)
    how: str = ""
    to: str = ""
    state: str = ""
    photo: str = ""
    row: Any = None
    troubles: list[Delivery] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    light: str = ""


@dataclass(frozen=True)
class Thread:
    """What is shown; `folded` is how many older messages are not. `newest` and `newest_note` are what a reply written here has seen."""

    entries: list[Entry]
    folded: int
    newest: int
    newest_note: int


def thread_of(case: Case, reader: Person, *, shown: int = SHOWN, fresh: Iterable[int] = ()) -> Thread:
    """The newest `shown` messages with what lies between. About a dozen queries, however long the case is. `fresh`: messages
    that are marked as new, because they arrived while somebody wrote."""
    shown = min(max(shown, SHOWN), SHOWN_AT_MOST)
    messages = list(_messages(case)[:shown])[::-1]
    folded = max(case.message_count - len([m for m in messages if not m.is_letter]), 0) if len(messages) == shown else 0
    since = messages[0].at if folded else None
    known, new = _known_addresses(messages), set(fresh)
    entries = [_message(row, case, known=known.get(row.author_id or 0), is_new=row.pk in new) for row in messages]
    notes = list(_notes(case, since))
    entries += [_note(row) for row in notes]
    entries += [_held(row, reader) for row in _pressed(case)]
    newest, newest_note = (max((row.pk for row in rows), default=0) for rows in (messages, notes))
    return Thread(_with_events(entries, _events(case, since)), folded, newest, newest_note)


def _messages(case: Case) -> Any:
    audience = Prefetch("audience", Audience.objects.select_related("person"))
    deliveries = Prefetch("deliveries", Delivery.objects.select_related("person").order_by("pk"))
    return (
        Message.objects.filter(case=case)
        .select_related("author")
        .prefetch_related("attachments", audience, deliveries)
        .order_by("-at", "-pk")
    )


def _notes(case: Case, since: datetime | None) -> Any:
    notes = Note.objects.filter(case=case).select_related("author").prefetch_related("attachments").order_by("-at", "-pk")
    return (notes.filter(at__gte=since) if since else notes)[:SHOWN_AT_MOST]


def _pressed(case: Case) -> Any:
    return Draft.objects.filter(case=case, state=Draft.State.PRESSED).select_related("author").prefetch_related("files")


def _events(case: Case, since: datetime | None) -> list[Event]:
    events = Event.objects.filter(case=case.pk).exclude(kind__in=SHOWN_OTHERWISE).order_by("-id")
    return list((events.filter(at__gte=since) if since else events)[:EVENTS_AT_MOST])[::-1]


def _known_addresses(messages: Sequence[Message]) -> dict[int, set[str]]:
    """The addresses of every customer who wrote here, by person."""
    authors = {row.author_id for row in messages if not row.is_ours and row.author_id}
    known: dict[int, set[str]] = {}
    for person, value in Address.objects.filter(person__in=authors).values_list("person_id", "value"):
        known.setdefault(person, set()).add(value)
    return known


def _message(row: Message, case: Case, *, known: set[str] | None, is_new: bool) -> Entry:
    attachments = list(row.attachments.all())
    body, pictured = words_of(row, attachments)
    deliveries = list(row.deliveries.all())
    troubles = [d for d in deliveries if d.state in {Delivery.State.FAILED, Delivery.State.UNCERTAIN, Delivery.State.BOUNCED}]
    return Entry(
        kind="message",
        at=row.at,
        sort=(row.at, 1, row.pk),
        author=_author(row),
        body=body,
        folded=html.plain_to_html(row.folded) if row.folded else "",
        files=[shown(file) for file in attachments if file.pk not in pictured],
        badges=_badges(row, known),
        how=_how(row, case),
        to=_addressees(row),
        state="failed" if troubles else "new" if is_new else "",
        photo=photo_of(row.author) if row.is_ours else "",
        row=row,
        troubles=troubles,
        light="letter" if row.is_letter else "ours" if row.is_ours else "customer",
    )


def photo_of(person: Person | None) -> str:
    """The address of an agent's picture of themselves."""
    return reverse("setup:face", args=[person.photo]) if person is not None and person.photo else ""


def _author(row: Message) -> str:
    if row.author is not None:
        return str(row.author)
    return _("Mainstay") if row.is_ours else row.written_from or _("Somebody")


def _how(row: Message, case: Case) -> str:
    if row.is_letter:
        return _("sent automatically")
    waits = any(delivery.state in {Delivery.State.QUEUED, Delivery.State.SENDING} for delivery in row.deliveries.all())
    if row.is_ours:
        return _("on its way") if waits else ""
    return _("by %(channel)s") % {"channel": channel_words(row.channel)}


def _badges(row: Message, known: set[str] | None) -> list[Badge]:
    """What a reader has to know about where the words came from, before believing them."""
    if row.is_ours or not row.written_from:
        return []
    if not row.is_proven:
        return [Badge(_("sender not proven: %(address)s") % {"address": row.written_from}, "bad", "triangle-alert")]
    if known is not None and row.written_from.lower() not in known:
        return [Badge(_("from another address: %(address)s") % {"address": row.written_from}, "brass", "at-sign")]
    return []


def _addressees(row: Message) -> str:
    """Whom our message went to, by first names; nothing for what customers wrote."""
    if not row.is_ours:
        return ""
    names = [entry.person.first_name or entry.address for entry in row.audience.all() if entry.place != Audience.Place.FROM]
    return ", ".join(names[:3]) + (f" + {len(names) - 3}" if len(names) > 3 else "")


def words_of(row: Message, attachments: Sequence[Attachment]) -> tuple[SafeString, set[int]]:
    """The new words of a message as safe HTML, and the ids of the files that stand in it as pictures."""
    if row.format != Message.Format.MARKDOWN:
        return html.plain_to_html(html.text_of(row.body) if row.format == Message.Format.HTML else row.visible), set()
    return pictured(row.visible, attachments)


def pictured(text: str, attachments: Sequence[Attachment]) -> tuple[SafeString, set[int]]:
    """Markdown with the pictures that it names by their content id."""
    used: set[int] = set()
    by_name = files.by_content_id(attachments)

    def address(content_id: str) -> str:
        file = by_name.get(content_id)
        if file is None or not files.is_picture(file.type, file.size):
            return ""
        used.add(file.pk)
        return f"{file_url(file)}?show=picture"

    return files.with_pictures(markdown.render(text), address), used


def shown(file: Attachment) -> Shown:
    is_picture = files.is_picture(file.type, file.size)
    url = file_url(file)
    return Shown(file.name, file.size, url, is_picture, f"{url}?show=thumb" if is_picture else "")


def file_url(file: Attachment) -> str:
    return reverse("desk:file", args=[file.key, file.name.replace("/", "_") or "file"])


def _note(row: Note) -> Entry:
    attachments = list(row.attachments.all())
    body, used = pictured(row.body, attachments)
    return Entry(
        kind="note",
        at=row.at,
        sort=(row.at, 1, row.pk),
        author=str(row.author or _("Mainstay")),
        body=body,
        files=[shown(file) for file in attachments if file.pk not in used],
        photo=photo_of(row.author),
        row=row,
    )


def _held(row: Draft, reader: Person) -> Entry:
    """A reply that was sent a moment ago and can still be taken back, by its author."""
    at = row.pressed_at or row.changed_at
    kept = [Shown(file.name, file.size, "") for file in row.files.all()]
    return Entry(
        kind="held",
        at=at,
        sort=(at, 2, row.pk),
        author=str(row.author),
        body=files.with_pictures(markdown.render(row.body), lambda content_id: ""),
        files=kept,
        photo=photo_of(row.author),
        row=row,
        state="mine" if row.author_id == reader.pk else "",
    )


def _with_events(words: list[Entry], events: Sequence[Event]) -> list[Entry]:
    """The words with what happened in between; sentences that belong together stand in one line."""
    names = names_for(events)
    told = [Entry("events", row.at, (row.at, 0, row.pk), sentences=[sentence(row, names)]) for row in events]
    merged: list[Entry] = []
    for entry in sorted([*words, *told], key=lambda entry: entry.sort):
        before = merged[-1] if merged else None
        if entry.kind == "events" and before is not None and before.kind == "events" and entry.at - before.at < TOGETHER:
            before.sentences += [each for each in entry.sentences if each not in before.sentences]
            before.at = entry.at
        else:
            merged.append(entry)
    for entry in merged:
        if entry.kind == "events":
            entry.light = next((light for light in ("bad", "brass", "good") if any(s.light == light for s in entry.sentences)), "")
    return merged

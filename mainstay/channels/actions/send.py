"""Sending: press, change one's mind, release."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from mainstay.cases.actions import FileKept, Words, add_note, reply, resolve, wait
from mainstay.cases.models import Message, Note
from mainstay.channels.actions.deliver import post
from mainstay.channels.kind import KINDS
from mainstay.channels.models import Draft, DraftFile
from mainstay.jobs import task
from mainstay.kernel import clock, ids
from mainstay.people.models import Person
from mainstay.people.queries import email_of


class Stale(Exception):  # noqa: N818 — what the world has become
    """The world changed since the draft's author last looked: nothing was sent. `news` are the messages they have not read."""

    def __init__(self, news: Sequence[Message]) -> None:
        super().__init__("something new arrived while this was written")
        self.news = news


@transaction.atomic
def press(draft: Draft, *, undo_seconds: int, anyway: bool = False, key: str = "") -> bool:
    """Send was pressed: a note is added at once, a reply waits out its undo time and is then released by a job. False when it
    was pressed already (a double click). Raises Stale when somebody wrote meanwhile, unless `anyway`; ValueError when it is
    empty or goes to nobody. `key` is the one that the pressing page made up: by it a second press of that page is known."""
    if not draft.body.strip() and not draft.files.exists():
        raise ValueError("empty")
    if draft.kind == Draft.Kind.REPLY and not draft.people:
        raise ValueError("nobody")
    news = [] if anyway or draft.kind == Draft.Kind.NOTE else unread(draft)
    if news:
        raise Stale(news)
    now = clock.now()
    send_at = now + timedelta(seconds=undo_seconds if draft.kind == Draft.Kind.REPLY else 0)
    own = {"key": key} if key and not Draft.objects.filter(key=key).exists() else {}
    changed = Draft.objects.filter(pk=draft.pk, state=Draft.State.WRITING).update(
        state=Draft.State.PRESSED, pressed_at=now, send_at=send_at, **own
    )
    if not changed:
        return False
    draft.refresh_from_db()
    if draft.kind == Draft.Kind.NOTE:
        release(draft)
    else:
        release_due.using(run_after=send_at, lane=f"case:{draft.case_id}").enqueue(draft.id)
    return True


def unread(draft: Draft) -> list[Message]:
    """Messages on the case that the draft's author has not seen: not their own, and no letters."""
    return list(
        Message.objects.filter(case=draft.case_id, id__gt=draft.seen, is_letter=False)
        .exclude(author=draft.author_id)
        .select_related("author")
        .order_by("id")
    )


def undo(draft: Draft) -> bool:
    """Take the press back while there is time. What was begun meanwhile is kept below the returned text. False: it is gone."""
    try:
        with transaction.atomic():
            return _undo(draft)
    except _ReleasedFirst:
        return False


def _undo(draft: Draft) -> bool:
    newer = Draft.objects.filter(case=draft.case_id, author=draft.author_id, state=Draft.State.WRITING).first()
    body = draft.body
    if newer is not None:
        body = f"{draft.body}\n\n{newer.body}" if newer.body.strip() else draft.body
        newer.files.update(draft=draft)
        newer.delete()
    # A new key: browsers keep a copy of what was typed under the old one, which no longer is the whole of it.
    changed = Draft.objects.filter(pk=draft.pk, state=Draft.State.PRESSED).update(
        state=Draft.State.WRITING, pressed_at=None, send_at=None, body=body, key=ids.token(), changed_at=clock.now()
    )
    if not changed:
        raise _ReleasedFirst
    return True


class _ReleasedFirst(Exception):  # noqa: N818 — it ends a transaction, it is no error
    """Rolls the undo back as a whole when the release was faster."""


@task
def release_due(draft_id: int) -> Callable[[], None]:
    """The undo time is over."""
    return partial(_release_due, draft_id)


def _release_due(draft_id: int) -> None:
    draft = Draft.objects.select_related("case", "author").filter(pk=draft_id, state=Draft.State.PRESSED).first()
    if draft is not None and draft.send_at is not None and draft.send_at <= clock.now():
        release(draft)


@transaction.atomic
def release(draft: Draft) -> Message | Note | None:
    """Make it real, in one transaction: the message or note, what comes with it, one Delivery per recipient. None when
    somebody was faster, or took the press back."""
    if not Draft.objects.filter(pk=draft.pk, state=Draft.State.PRESSED).update(state=Draft.State.RELEASED):
        return None
    case, files = draft.case, [_kept(row) for row in draft.files.all()]
    if draft.kind == Draft.Kind.NOTE:
        note = add_note(case, draft.body, by=draft.author, files=files)
        _follow_up(draft)
        return note
    words = _words(draft, files)
    message = reply(case, words, pressed_at=draft.pressed_at)
    Draft.objects.filter(pk=draft.pk).update(message=message)
    post(message, [*words.to, *words.cc])
    _follow_up(draft)
    return message


def _words(draft: Draft, files: list[FileKept]) -> Words:
    channel = "email" if "email" in KINDS else draft.case.channel
    people = {p.id: p for p in Person.objects.filter(pk__in=draft.people).prefetch_related("addresses")}
    order = sorted(people.values(), key=lambda p: (p.id != draft.case.requester_id, draft.people.index(p.id)))
    addressed = [(person, email_of(person)) for person in order]
    return Words(
        author=draft.author,
        body=draft.body,
        at=clock.now(),
        channel=channel,
        format=Message.Format.MARKDOWN,
        message_id=new_message_id(),
        to=addressed[:1],
        cc=addressed[1:],
        files=files,
    )


def new_message_id() -> str:
    """A Message-ID of ours: 128 secret bits, so that whoever names it has seen the message (ARCHITECTURE section 4)."""
    return f"<{ids.token()}@{settings.MESSAGE_ID_HOST}>"


def _kept(row: DraftFile) -> FileKept:
    return FileKept(row.name, row.type, row.size, row.hash, f"{row.key}@draft" if row.is_inline else "", row.is_inline)


def _follow_up(draft: Draft) -> None:
    then = draft.then
    if "resolve" in then:
        resolve(draft.case, how=then["resolve"].get("how", "answered"), by=draft.author, was_known=then["resolve"].get("was_known"))
    elif "wait" in then:
        until = then["wait"].get("until")
        wait(
            draft.case,
            on=then["wait"].get("on", "customer"),
            until=datetime.fromisoformat(until) if until else None,
            by=draft.author,
            why=then["wait"].get("why", ""),
        )

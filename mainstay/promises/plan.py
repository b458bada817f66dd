"""What would have to change so that the promises of a case say what its history and our terms say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from mainstay.cases.models import Case, Message
from mainstay.events.models import Event
from mainstay.promises.ledger import Duty, Happening, duties
from mainstay.promises.models import Promise
from mainstay.promises.terms import Book, Terms, book, mark

KINDS = (
    "case.opened",
    "message.received",
    "reply.sent",
    "case.touched",
    "case.resolved",
    "case.reopened",
    "spam.marked",
    "spam.unmarked",
)


@dataclass
class Plan:
    """`ends`: open rows that are kept or withdrawn, with the moment; `changes`: open rows with new terms; `starts`: what is owed
    and has no open row, with the withdrawn row to take up again if there is one; `stays`: what stands as it is."""

    case: Case
    history: list[Duty]
    book: Book
    rows: list[Promise]
    ends: list[tuple[Promise, Duty]] = field(default_factory=list)
    changes: list[tuple[Promise, Terms, datetime]] = field(default_factory=list)
    starts: list[tuple[Duty, Terms, datetime, Promise | None]] = field(default_factory=list)
    stays: list[Promise] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.ends or self.changes or self.starts)


def plan(case_id: int, now: datetime) -> Plan:
    """Four queries. Inside a transaction it locks the case's row on PostgreSQL, so that two of us can't both miss what the other
    is about to commit."""
    locked = Case.objects.select_for_update(of=("self",), no_key=True).annotate(edition=mark())
    case = locked.only("id", "team", "severity", "due_at", "due_what", "organization").get(pk=case_id)
    history = duties(happenings(case_id))
    rows = list(Promise.objects.filter(case=case_id).order_by("id"))
    made = Plan(case, history, book(case.edition), rows)
    open_duties = {duty.what: duty for duty in history if duty.is_open}
    for row in rows:
        if row.is_open:
            _judge(made, row, open_duties, now)
    for duty in open_duties.values():
        _start(made, duty)
    return made


def happenings(case_id: int) -> list[Happening]:
    """The case's log, as far as promises care, with the arrival of its messages."""
    events = list(Event.objects.filter(case=case_id, kind__in=KINDS).order_by("id"))
    wanted = [event.data["message"] for event in events if event.kind in {"case.opened", "message.received"}]
    messages = {pk: (at, author) for pk, at, author in Message.objects.filter(pk__in=wanted).values_list("pk", "at", "author")}
    lines = []
    for event in events:
        arrived, author = messages.get(event.data.get("message", 0), (event.at, event.actor))
        pressed = event.data.get("pressed_at")
        lines.append(
            Happening(
                kind=event.kind,
                at=event.at,
                since=datetime.fromisoformat(pressed) if pressed else arrived,
                by_us=event.kind == "case.opened" and event.actor != author,
                wakes=event.data.get("wakes", True),
                because=event.data.get("by", ""),
            )
        )
    return lines


def _judge(made: Plan, row: Promise, open_duties: dict[str, Duty], now: datetime) -> None:
    duty = open_duties.get(row.what)
    if duty is None or duty.starts_at != row.starts_at:
        made.ends.append((row, _ending(made.history, row) or Duty(row.what, row.starts_at, withdrawn_at=now)))
        return
    del open_duties[row.what]
    terms = made.book.terms(made.case.team_id, made.case.severity_id, row.what)
    due = terms.due(duty.starts_at) if terms else None
    if terms is None or due is None:
        made.ends.append((row, Duty(row.what, row.starts_at, withdrawn_at=now)))
    elif (row.due_at, row.minutes, row.revision_id) != (due, terms.minutes, terms.revision):
        made.changes.append((row, terms, due))
    else:
        made.stays.append(row)


def _start(made: Plan, duty: Duty) -> None:
    terms = made.book.terms(made.case.team_id, made.case.severity_id, duty.what)
    due = terms.due(duty.starts_at) if terms else None
    if terms and due:
        same = (row for row in reversed(made.rows) if (row.what, row.starts_at) == (duty.what, duty.starts_at) and row.withdrawn_at)
        made.starts.append((duty, terms, due, next(same, None)))


def _ending(history: Iterable[Duty], row: Promise) -> Duty | None:
    """How the history says that this one ended: the latest, if the same moment began two."""
    return next((d for d in reversed(list(history)) if not d.is_open and (d.what, d.starts_at) == (row.what, row.starts_at)), None)

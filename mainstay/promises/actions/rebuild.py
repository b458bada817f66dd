"""The proof that the promises on record are those that follow from the cases' own rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from mainstay.cases.models import Case
from mainstay.kernel import clock
from mainstay.promises.actions.settle import settle
from mainstay.promises.ledger import Duty
from mainstay.promises.models import CalendarRevision, Promise
from mainstay.promises.plan import Plan, plan
from mainstay.promises.terms import due, hours_of

BATCH = 500


@dataclass(frozen=True)
class Difference:
    """A case whose promises are not what they have to be, and how, in a sentence without anybody's words."""

    case: int
    number: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.number}: {self.sentence}"


def rebuild(case: Case | None = None, *, fix: bool = False) -> Iterator[Difference]:
    """Compare one case, or all, with what follows from log, messages and terms; with `fix`, settle what differs.

    What ended keeps the hours and minutes that it was made by: they are checked for what they say, not replaced by today's.
    """
    for pk, number in [(case.pk, case.number)] if case else _all():
        with transaction.atomic():
            wanted = plan(pk, clock.now())
            sentences = [*_open(wanted), *_ended(wanted), *_nearest(wanted)]
            if sentences and fix:
                _mend(wanted)
                settle(pk)
        yield from (Difference(pk, number, sentence) for sentence in sentences)


def _all() -> Iterator[tuple[int, int]]:
    last = 0
    while some := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "number")[:BATCH]):
        yield from some
        last = some[-1][0]


def _open(wanted: Plan) -> Iterator[str]:
    for row, duty in wanted.ends:
        yield f"“{row.what}” stands open, but was {'kept' if duty.kept_at else 'withdrawn'}"
    for row, _, moment in wanted.changes:
        yield f"“{row.what}” is due {moment:%Y-%m-%d %H:%M}, and stands at {row.due_at:%Y-%m-%d %H:%M}"
    for duty, _, moment, _ in wanted.starts:
        yield f"“{duty.what}” is owed by {moment:%Y-%m-%d %H:%M}, and is missing"
    for row in wanted.stays:
        if row.broken_at and row.due_at > clock.now():
            yield f"“{row.what}” is called broken before its time"


def _ended(wanted: Plan) -> Iterator[str]:
    ended = [row for row in wanted.rows if not row.is_open]
    revisions = CalendarRevision.objects.in_bulk({row.revision_id for row in ended})
    for row in ended:
        if row.due_at != due(hours_of(revisions[row.revision_id]), row.starts_at, row.minutes):
            yield f"“{row.what}” has a deadline that its own hours don't give"
        if row.kept_at and (row.broken_at is not None) != (row.kept_at > row.due_at):
            yield f"“{row.what}” was kept {'late' if row.kept_at > row.due_at else 'in time'}, and says otherwise"
        if not any(_is_told(duty, row) for duty in wanted.history):
            yield f"“{row.what}” was {'kept' if row.kept_at else 'withdrawn'}, and nothing on the case says so"


def _is_told(duty: Duty, row: Promise) -> bool:
    return (duty.what, duty.starts_at) == (row.what, row.starts_at) and (row.kept_at is None or duty.kept_at == row.kept_at)


def _nearest(wanted: Plan) -> Iterator[str]:
    """Only what stands now: a case that is to be settled gets its time with that."""
    open_rows = [row for row in wanted.rows if row.is_open]
    nearest = min(((row.due_at, str(row.what)) for row in open_rows), default=(None, ""))
    if wanted.is_empty and nearest != (wanted.case.due_at, wanted.case.due_what):
        yield "the case's own due time is not that of its nearest promise"


def _mend(wanted: Plan) -> None:
    """What settling leaves alone: the words on rows that ended, and a break before its time."""
    for row in wanted.rows:
        end = row.kept_at or row.withdrawn_at
        broken = row.due_at if (end > row.due_at if end else row.broken_at and row.due_at <= clock.now()) else None
        if row.broken_at != broken:
            Promise.objects.filter(pk=row.pk).update(broken_at=broken)

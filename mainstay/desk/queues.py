"""The built-in queues: saved questions about cases, each with its order and what it says when nothing is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case as Choice
from django.db.models import DateTimeField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models import Case
from mainstay.cases.queries import COUNT_LIMIT, visible_to
from mainstay.desk.keyset import Order
from mainstay.kernel import clock
from mainstay.people.models import Person
from mainstay.ui.words import moment_words

State = Case.State
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _ranked(cases: QuerySet[Case], at: datetime) -> QuerySet[Case]:
    """Late first, then severity 1, then the rest; what is owed nothing comes last."""
    rank = Choice(When(due_at__lt=at, then=Value(0)), When(severity__level=1, then=Value(1)), default=Value(2), output_field=IntegerField())
    return cases.annotate(rank=rank, due_key=Coalesce("due_at", Value(NEVER), output_field=DateTimeField()))


BY_PROMISE = Order(("rank", "due_key", "severity__level", "number"), _ranked)
NEWEST_FIRST = Order(("-last_message_at", "-number"))


@dataclass(frozen=True)
class Queue:
    """`question` narrows what the person may see anyway; `key` goes there after g; `group` is its place in the views."""

    name: str
    title: str | Promise
    question: Callable[[QuerySet[Case], Person, datetime], QuerySet[Case]]
    order: Order
    empty: Callable[[Person], tuple[str, str]]
    group: str
    key: str = ""
    is_counted: bool = True

    @property
    def url(self) -> str:
        return reverse(f"desk:{self.name}")

    def cases(self, person: Person, at: datetime) -> QuerySet[Case]:
        return self.question(visible_to(person), person, at)


def _next(cases: QuerySet[Case], person: Person, at: datetime) -> QuerySet[Case]:
    return cases.filter(Q(owner=person) | Q(owner=None), state=State.OPEN)


def _late(cases: QuerySet[Case], person: Person, at: datetime) -> QuerySet[Case]:
    return cases.filter(state=State.OPEN, due_at__lt=at)


def _triage(cases: QuerySet[Case], person: Person, at: datetime) -> QuerySet[Case]:
    return cases.filter(state=State.OPEN, touched_at=None)


def _unowned(cases: QuerySet[Case], person: Person, at: datetime) -> QuerySet[Case]:
    return cases.filter(state=State.OPEN, owner=None)


def _in_state(state: str) -> Callable[[QuerySet[Case], Person, datetime], QuerySet[Case]]:
    return lambda cases, person, at: cases.filter(state=state)


def _all_quiet(person: Person) -> tuple[str, str]:
    """What the person's resting cases still promise decides until when it is quiet."""
    resting = visible_to(person).filter(owner=person, state=State.WAITING).exclude(due_at=None)
    due = resting.order_by("due_at").values_list("due_at", flat=True).first()
    if due is None:
        return gettext("All quiet."), gettext("Nothing of yours is promised, and nobody waits for an owner.")
    moment = moment_words(due, clock.now(), timezone.get_current_timezone())
    return gettext("All quiet."), gettext("Nothing of yours is promised before %(moment)s.") % {"moment": moment}


def _says(title: str | Promise, text: str | Promise) -> Callable[[Person], tuple[str, str]]:
    return lambda person: (str(title), str(text))


_RESTS = _("A case that waits for its customer or for a date rests here, and comes back by itself.")
_EMPTY = {
    "late": _says(_("Every promise is kept."), _("Nothing is late.")),
    "triage": _says(_("All read."), _("A new case waits here until somebody has looked at it.")),
    "unowned": _says(_("Everyone is looked after."), _("Every open case has an owner.")),
    "open": _says(_("Nothing is open."), _("Enjoy it while it lasts.")),
    "waiting": _says(_("Nothing waits."), _RESTS),
    "resolved": _says(_("Nothing is resolved yet."), _("The first one will look good here.")),
    "spam": _says(_("No spam."), _("What somebody marks as spam is kept here, and can be taken back.")),
}

QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("next", _("My next"), _next, BY_PROMISE, _all_quiet, "me", "m"),
        Queue("late", _("Promises late"), _late, BY_PROMISE, _EMPTY["late"], "me", "l"),
        Queue("triage", _("To triage"), _triage, BY_PROMISE, _EMPTY["triage"], "team", "t"),
        Queue("unowned", _("Unowned"), _unowned, BY_PROMISE, _EMPTY["unowned"], "team", "u"),
        Queue("open", _("All open"), _in_state(State.OPEN), NEWEST_FIRST, _EMPTY["open"], "team", "o"),
        Queue("waiting", _("Waiting"), _in_state(State.WAITING), NEWEST_FIRST, _EMPTY["waiting"], "team", "w"),
        Queue("resolved", _("Resolved"), _in_state(State.RESOLVED), NEWEST_FIRST, _EMPTY["resolved"], "done", "r", is_counted=False),
        Queue("spam", _("Spam"), _in_state(State.SPAM), NEWEST_FIRST, _EMPTY["spam"], "done", is_counted=False),
    )
}


def bounded_counts(questions: Iterable[QuerySet[Case]]) -> list[int]:
    """How many cases each question finds, counted to a thousand and one at most, all in one statement."""
    parts: list[str] = []
    values: list[Any] = []
    for question in questions:
        try:
            sql, given = question.order_by().values("pk")[: COUNT_LIMIT + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
        values.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return [int(count) for count in cursor.fetchone()]


@dataclass(frozen=True)
class View:
    """A queue as the views column shows it."""

    queue: Queue
    count: str
    is_late: bool
    is_current: bool


def views_of(person: Person, now: datetime, current: str = "") -> list[View]:
    """All queues with their counts, for the views column. One query."""
    counted = [queue for queue in QUEUES.values() if queue.is_counted]
    counts = dict(zip((queue.name for queue in counted), bounded_counts(queue.cases(person, now) for queue in counted), strict=True))
    return [
        View(queue, _shown(counts.get(name, 0)), name == "late" and counts["late"] > 0, name == current) for name, queue in QUEUES.items()
    ]


def _shown(count: int) -> str:
    return "999+" if count >= COUNT_LIMIT else str(count or "")

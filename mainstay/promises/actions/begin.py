"""The promises of a new case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mainstay.cases.events import CaseOpened
from mainstay.cases.models import Message
from mainstay.events import record
from mainstay.kernel import clock
from mainstay.kernel.compiled import Compiled, insert_all
from mainstay.promises.events import PromiseKept, PromiseMade
from mainstay.promises.models import Promise
from mainstay.promises.telling import said, show_nearest
from mainstay.promises.terms import Terms, book, mark

What = Promise.What

_ARRIVED = Compiled(lambda pk: Message.objects.filter(pk=pk).only("at", "author").annotate(edition=mark()), int)


def begin(event: CaseOpened) -> None:
    """Promise to read and to answer, from the moment the message arrived. What an agent entered for a customer has been read.

    Runs inside the intake of every mail: four queries (five for an agent's), whatever is set up.
    """
    message: Any = _ARRIVED.first(event.message)
    if message is None:
        return
    start, author, terms, now = message.at, message.author_id, book(message.edition), event.at or clock.now()
    rows = [row for what in What if (row := _promise(event, what, terms.terms(event.team, event.severity, what), start, now))]
    if not rows:
        return
    if event.actor != author:
        for row in rows:
            row.kept_at = now if row.what == What.READ else None
    insert_all(rows)
    record(PromiseMade(case=event.case, organization=event.organization, promises=[said(row) for row in rows]))
    kept = [said(row, at=now.isoformat()) for row in rows if row.kept_at]
    if kept:
        record(PromiseKept(case=event.case, actor=event.actor, organization=event.organization, promises=kept))
    show_nearest(rows[0].case_id, [row for row in rows if row.is_open])


def _promise(event: CaseOpened, what: str, terms: Terms | None, start: datetime, now: datetime) -> Promise | None:
    due = terms.due(start) if terms else None
    if event.case is None or terms is None or due is None:
        return None
    return Promise(
        case_id=event.case, what=what, made_at=now, starts_at=start, minutes=terms.minutes, revision_id=terms.revision, due_at=due
    )

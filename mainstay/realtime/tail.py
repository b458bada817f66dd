"""Following the event log on either database."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mainstay.cases.models import Case
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.realtime.rights import Rights

OVERLAP = timedelta(seconds=10)
BATCH = 1_000

TOLD_TO_CUSTOMERS = frozenset({"case.opened", "message.received", "reply.sent", "letter.written", "case.resolved", "case.reopened"})
"""What a customer's page shows. A hint for a note or an assignment would tell them when somebody works on their case, and that is ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something about one case, with what decides who may hear of it."""

    number: int
    team: int
    requester: int | None
    left_team: int | None = None

    def hints_for(self, rights: Rights) -> tuple[str, ...]:
        if not rights.is_agent:
            return (f"case-{self.number}",) if self.requester == rights.person else ()
        if self.team in rights.teams:
            return (f"case-{self.number}", "queue")
        # It went out of their sight: a row leaves their queue, and the case itself is not theirs to hear about.
        return ("queue",) if self.left_team in rights.teams else ()


class Tail:
    """Reads what was committed since the last look, each event once.

    Ids are given before the commit, so a smaller id may appear after a larger one: every look goes back over the ids that came
    within the last ten seconds, and drops those it has seen. What happened `told_since` seconds before it began is told, nothing older.
    """

    def __init__(self, *, told_since: float = 0.0, moment: Callable[[], float] = time.monotonic) -> None:
        self._moment = moment
        self._floor = self._settled()
        past = Event.objects.filter(id__gt=self._floor, at__lt=clock.now() - timedelta(seconds=told_since))
        self._seen: dict[int, float] = dict.fromkeys(past.values_list("id", flat=True), self._moment())

    def changes(self) -> list[Change]:
        """What is new, oldest first; two queries, or one when nothing is."""
        rows: list[tuple[int, str, int | None, Any]] = []
        self._advance()
        after = self._floor
        while True:
            page = list(Event.objects.filter(id__gt=after).order_by("id").values_list("id", "kind", "case", "data")[:BATCH])
            rows += [row for row in page if row[0] not in self._seen]
            if len(page) < BATCH:
                break
            after = page[-1][0]
        self._seen.update(dict.fromkeys((row[0] for row in rows), self._moment()))
        return _changes([(kind, case, data) for _, kind, case, data in rows if case is not None])

    def _advance(self) -> None:
        """Ids seen long enough ago need no more remembering; dictionaries keep the order in which they were seen."""
        limit = self._moment() - OVERLAP.total_seconds()
        settled = []
        for row, seen_at in self._seen.items():
            if seen_at > limit:
                break
            settled.append(row)
        for row in settled:
            del self._seen[row]
        self._floor = max([self._floor, *settled])

    def _settled(self) -> int:
        return Event.objects.filter(at__lt=clock.now() - OVERLAP).order_by("-id").values_list("id", flat=True).first() or 0


def _changes(told: list[tuple[str, int, Any]]) -> list[Change]:
    wanted = {case for _, case, _ in told}
    if not wanted:
        return []
    cases = {row[0]: row[1:] for row in Case.objects.filter(pk__in=wanted).values_list("pk", "number", "team_id", "requester_id", "state")}
    changes: dict[Change, None] = {}
    for kind, case, data in told:
        if case not in cases:
            continue
        number, team, requester, state = cases[case]
        theirs = requester if kind in TOLD_TO_CUSTOMERS and state != Case.State.SPAM else None
        left = data.get("before") if kind == "case.moved" else None
        changes[Change(number=number, team=team, requester=theirs, left_team=left)] = None
    return list(changes)

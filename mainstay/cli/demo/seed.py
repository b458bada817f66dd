"""Plays the demo company's last sixty days, step by step, with the clock standing at each of them."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from django.db import transaction

from mainstay.cli.demo.company import Company, found
from mainstay.cli.demo.play import Play
from mainstay.cli.demo.stories import STORIES
from mainstay.jobs import run_all
from mainstay.kernel import clock

DAYS = 60
SEED = 20_261_122


def seed(cases: int = 300, progress: Callable[[int, int], None] = lambda done, of: None) -> bool:
    """Make the demo company and its cases: whole, or not at all when it is interrupted. False when there is a company already:
    nothing is changed then."""
    from mainstay.people.models import Agent

    if Agent.objects.exists():
        return False
    now = clock.now()
    chance = random.Random(SEED)
    # One transaction, since nobody else is here yet: what is stopped half-way was never there, and the next start begins anew.
    with transaction.atomic():
        with clock.standing_at(now - timedelta(days=DAYS + 1)):
            company = found()
            run_all()
        _play(company, chance, now, cases, progress)
    return True


def _play(company: Company, chance: random.Random, now: datetime, cases: int, progress: Callable[[int, int], None]) -> None:
    order = count()
    steps: list[tuple[datetime, int, Callable[[], None]]] = []

    def later(at: datetime, step: Callable[[], None]) -> None:
        if at < now:
            heapq.heappush(steps, (at, next(order), step))

    for number in range(cases):
        play = Play(company, chance, STORIES[number % len(STORIES)], later, now)
        later(_arrival(chance, now, number, cases), play.open)
    opened = 0
    while steps:
        at, _, step = heapq.heappop(steps)
        with clock.standing_at(at):
            step()
            run_all()
        if getattr(step, "__name__", "") == "open":
            opened += 1
            progress(opened, cases)


def _arrival(chance: random.Random, now: datetime, number: int, of: int) -> datetime:
    """Spread over the sixty days, mostly on working days and in working hours; the last dozen within the last day."""
    if number >= of - 12:
        return now - timedelta(minutes=chance.randint(4, 600))
    at = now - timedelta(days=DAYS * (1 - number / of), hours=chance.random() * 8)
    at = at.replace(
        hour=chance.choices(range(24), weights=[1] * 6 + [3, 6, *[10] * 9, 5, 3, 2, 2, 1, 1, 1])[0], minute=chance.randrange(60)
    )
    if at.weekday() > 4 and chance.random() < 0.8:
        at -= timedelta(days=at.weekday() - 4)
    return min(at, now - timedelta(hours=12))

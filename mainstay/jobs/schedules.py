"""Firing what `@every` declared: one worker wins each firing, and what a standstill missed is made up once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from mainstay.jobs.declare import Rhythm, rhythms
from mainstay.jobs.models import Schedule
from mainstay.kernel import clock
from mainstay.kernel.turns import writing

log = logging.getLogger("mainstay.jobs")


def fire_due() -> int:
    """Enqueue the schedules that are due, in order of their time and name; how many this worker fired."""
    now = clock.now()
    next_at = dict(Schedule.objects.values_list("name", "next_at"))
    fresh = [Schedule(name=name, next_at=now) for name in rhythms if name not in next_at]
    if fresh:
        with writing():
            Schedule.objects.bulk_create(fresh, ignore_conflicts=True)
        next_at |= {schedule.name: schedule.next_at for schedule in fresh}
    known = sorted((next_at[name], name, rhythm) for name, rhythm in rhythms.items())
    return sum(_fire(name, rhythm, moment, now) for moment, name, rhythm in known if moment <= now or _is_too_far(moment, rhythm, now))


def following(due: datetime, period: timedelta, now: datetime) -> datetime:
    """The first moment after `now` in the rhythm that `due` belongs to."""
    return due + period * ((now - due) // period + 1)


def _fire(name: str, rhythm: Rhythm, due: datetime, now: datetime) -> bool:
    with writing(), transaction.atomic():
        moved = Schedule.objects.filter(name=name, next_at=due).update(next_at=following(due, rhythm.period, now))
        if not moved:
            return False
        if due > now:
            log.warning("the clock went back: %s was due at %s and is now due within its period again", name, due)
            return False
        mark = f"every:{name}"
        rhythm.task.using(lane=mark, dedupe=mark).enqueue()
    return True


def _is_too_far(due: datetime, rhythm: Rhythm, now: datetime) -> bool:
    return due - now > rhythm.period

from __future__ import annotations

import os

from mainstay.jobs import every, task
from mainstay.jobs.models import Schedule
from tests.jobs.errands import note


@every(seconds=0.5, name="ticker")
@task
def tick() -> None:
    note(os.environ["MAINSTAY_TEST_TICKS"], Schedule.objects.get(name="ticker").next_at.isoformat())

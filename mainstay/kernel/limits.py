"""Limits on how often something may happen, counted exactly, for every process at once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from django.db import connection

from mainstay.kernel import clock


def allow(key: str, limit: int, per: timedelta) -> bool:
    """Count one try of `key` and say whether it was within `limit` tries in this window of `per`.

    One atomic statement, so a hundred tries at the same moment let exactly `limit` through (S-096). Windows are fixed: they
    begin at multiples of `per`. The key is hashed, so what people typed is not kept.
    """
    return count(key, per) <= limit


def count(key: str, per: timedelta) -> int:
    """Count one try and return how many this window has seen with it."""
    window = int(clock.now().timestamp() // per.total_seconds())
    hashed = hashlib.sha256(f"{window}:{per.total_seconds()}:{key}".encode()).hexdigest()
    ends_at = datetime.fromtimestamp((window + 1) * per.total_seconds(), UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_tally (key, count, ends_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (key) DO UPDATE SET count = kernel_tally.count + 1 RETURNING count",
            [hashed, connection.ops.adapt_datetimefield_value(ends_at)],
        )
        return int(cursor.fetchone()[0])


def forget_old() -> int:
    """Remove the windows that have ended; returns how many."""
    from mainstay.kernel.models import Tally

    return Tally.objects.filter(ends_at__lt=clock.now()).delete()[0]

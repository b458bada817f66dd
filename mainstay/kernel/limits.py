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
    return count_at(clock.now(), key, per)


def count_at(moment: datetime, key: str, per: timedelta) -> int:
    """`count`, by whoever has to know the moment: it names the window, and `give_back` asks for it."""
    ends_at = datetime.fromtimestamp((_window(moment, per) + 1) * per.total_seconds(), UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_tally (key, count, ends_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (key) DO UPDATE SET count = kernel_tally.count + 1 RETURNING count",
            [_hashed(moment, key, per), connection.ops.adapt_datetimefield_value(ends_at)],
        )
        return int(cursor.fetchone()[0])


def give_back(moment: datetime, key: str, per: timedelta) -> None:
    """Take back one try that was counted at this moment and turned out to be none that the limit is there for. One atomic statement;
    it frees a place in the window where the try was counted, never in a later one."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_tally SET count = count - 1 WHERE key = %s AND count > 0", [_hashed(moment, key, per)])


def forget_old() -> int:
    """Remove the windows that have ended; returns how many."""
    from mainstay.kernel.models import Tally

    return Tally.objects.filter(ends_at__lt=clock.now()).delete()[0]


def _window(moment: datetime, per: timedelta) -> int:
    return int(moment.timestamp() // per.total_seconds())


def _hashed(moment: datetime, key: str, per: timedelta) -> str:
    return hashlib.sha256(f"{_window(moment, per)}:{per.total_seconds()}:{key}".encode()).hexdigest()

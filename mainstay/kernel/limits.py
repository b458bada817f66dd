"""Limits on how often something may happen, counted exactly, for every process at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection

from mainstay.kernel import clock


def allow(key: str, limit: int, per: timedelta) -> bool:
    """Count one try of `key` and say whether it was within `limit` tries in this window of `per`.

    One atomic statement, so a hundred tries at the same moment let exactly `limit` through (S-096). Windows are fixed: they
    begin at multiples of `per`. The key is hashed, so what people typed is not kept.
    """
    return count(key, per) <= limit


def allow_all(limit_of: Mapping[str, int], per: timedelta) -> bool:
    """Count one try of each key, and say whether every one was within its limit. One atomic statement."""
    moment = clock.now()
    counts = _count(moment, sorted(limit_of), per)
    return all(counts[key] <= limit for key, limit in limit_of.items())


def count(key: str, per: timedelta) -> int:
    """Count one try and return how many this window has seen with it."""
    return count_at(clock.now(), key, per)


def count_at(moment: datetime, key: str, per: timedelta) -> int:
    """`count`, by whoever has to know the moment: it names the window, and `give_back` asks for it."""
    return _count(moment, [key], per)[key]


def _count(moment: datetime, keys: Sequence[str], per: timedelta) -> dict[str, int]:
    ends_at = datetime.fromtimestamp((_window(moment, per) + 1) * per.total_seconds(), UTC)
    hashed = {_hashed(moment, key, per): key for key in keys}
    values = [value for key in hashed for value in (key, connection.ops.adapt_datetimefield_value(ends_at))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO kernel_tally (key, count, ends_at) VALUES {', '.join(['(%s, 1, %s)'] * len(hashed))} "
            "ON CONFLICT (key) DO UPDATE SET count = kernel_tally.count + 1 RETURNING key, count",
            values,
        )
        return {hashed[key]: int(seen) for key, seen in cursor.fetchall()}


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

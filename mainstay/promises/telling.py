"""How promises are told: in events, and on the case."""

from __future__ import annotations

from mainstay.cases.actions import set_due
from mainstay.promises.models import Promise


def said(row: Promise, **more: str) -> dict[str, object]:
    """How an event names a promise."""
    return {"promise": row.id, "what": str(row.what), "due": row.due_at.isoformat(), **more}


def show_nearest(case: int, rows: list[Promise]) -> None:
    """Put the nearest of these open promises on the case, or nothing."""
    nearest = min(rows, key=lambda row: (row.due_at, row.what), default=None)
    set_due(case, nearest.due_at if nearest else None, str(nearest.what) if nearest else "")

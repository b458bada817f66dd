"""Pages by key instead of by offset: the hundredth page costs what the first one does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

PAGE = 50
FIRST: Mapping[str, str] = {}


@dataclass(frozen=True)
class Order:
    """How a list is sorted: columns or annotations, a minus before those that fall. The last one has to be unique, none may
    be null. `prepare` annotates, from the moment at which the first page was read, so that later pages fit to it."""

    keys: tuple[str, ...]
    prepare: Callable[[QuerySet[Any], datetime], QuerySet[Any]] = lambda rows, at: rows


@dataclass(frozen=True)
class Page:
    """One page: its rows in order, and the cursors of its neighbours ("" where there is none)."""

    rows: list[Any]
    newer: str = ""
    older: str = ""


def page_of(rows: QuerySet[Any], order: Order, *, now: datetime, cursors: Mapping[str, str] = FIRST, size: int = PAGE) -> Page:
    """The page "after" or "before" a cursor; the first page when the cursor is none of ours. One query."""
    after, before = cursors.get("after", ""), cursors.get("before", "")
    at, place = _read(before or after, order) or (now, None)
    back = bool(before and place)
    keys = _flipped(order.keys) if back else order.keys
    found = order.prepare(rows, at)
    if place is not None:
        found = found.filter(_past(keys, place))
    read = list(found.order_by(*keys)[: size + 1])
    more, read = len(read) > size, read[:size]
    if back:
        read.reverse()
    if not read:
        return Page([])
    first, last = _write(order, at, read[0]), _write(order, at, read[-1])
    return Page(read, newer=first if (more if back else place) else "", older=last if back or more else "")


def cursors_of(request: HttpRequest) -> dict[str, str]:
    """Which page an address asks for, as `page_of` takes it."""
    return {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}


def _flipped(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key.removeprefix("-") if key.startswith("-") else f"-{key}" for key in keys)


def _past(keys: Sequence[str], place: Sequence[object]) -> Q:
    """Rows that come strictly after this place. Spelt out, since a falling and a rising key can't be one row comparison."""
    condition, same = Q(), Q()
    for key, value in zip(keys, place, strict=True):
        name = key.removeprefix("-")
        condition |= same & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return condition


def _write(order: Order, at: datetime, row: Model) -> str:
    """Signed, so that every cursor that comes back fits its order and needs no other check."""
    values: list[object] = [at]
    for key in order.keys:
        value: object = row
        for name in key.removeprefix("-").split("__"):
            value = getattr(value, name)
        values.append(value)
    return signing.dumps([{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values], salt=_salt(order), compress=True)


def _read(cursor: str, order: Order) -> tuple[datetime, list[object]] | None:
    if not cursor:
        return None
    try:
        written = signing.loads(cursor, salt=_salt(order))
    except signing.BadSignature:
        return None
    at, *place = [datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in written]
    return at, place


def _salt(order: Order) -> str:
    return "mainstay.desk.keyset:" + ",".join(order.keys)

"""Statements that are compiled once: what Django spends on building a SELECT is five to fifty times what the database spends on
answering it (measured: 0.28 ms for a `get(pk=)` on SQLite, of which 0.02 ms are the database's).

For the few statements that run for every mail and every event. Everywhere else a queryset says it better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from types import NoneType
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

T = TypeVar("T")
M = TypeVar("M", bound=Model)

_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 1_700_000_011 + number,
    str: lambda number: f"a mark that stands for value {number} :",
    datetime: lambda number: datetime(1931, 1, 1, tzinfo=UTC) + timedelta(days=number),
}


class Compiled(Generic[T]):
    """`Compiled(lambda pk: Person.objects.filter(pk=pk), int)` is a function from values to rows.

    The queryset is built and compiled at the first call, with a mark in the place of each value, and a value may stand wherever
    SQL takes a parameter. Rows are what the queryset would give: objects, with what select_related, only() and annotate() say, or
    tuples of `values_list`. Prefetches and lists of changing length do not work; whatever else it reads is read once.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]], *kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._plans: dict[str, _Plan] = {}

    def __call__(self, *values: Any) -> list[T]:
        """The rows, as the queryset would give them. One query."""
        here = connections[DEFAULT_DB_ALIAS]
        plan = self._plans.get(here.vendor)
        if plan is None:
            plan = self._plans[here.vendor] = self._compile()
        with here.cursor() as cursor:
            cursor.execute(plan.sql, plan.bound(values))
            rows = cursor.fetchall()
        return [plan.made(row) for row in rows]

    def first(self, *values: Any) -> T | None:
        """The first row, or None. The query should ask for no more: it is not cut for this."""
        rows = self(*values)
        return rows[0] if rows else None

    def _compile(self) -> _Plan:
        marks = [_MARKS[kind](number) for number, kind in enumerate(self._kinds)]
        queryset = self._build(*marks)
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ValueError("a compiled query can't prefetch")
        compiler = queryset.query.get_compiler(using=connection.alias)
        sql, params = compiler.as_sql()
        stored = [_stored(mark) for mark in marks]
        places = [stored.index(value) if value in stored else None for value in params]
        if set(places) - {None} != set(range(len(marks))):
            raise ValueError("a value of a compiled query stands nowhere in its SQL")
        return _Plan(sql, list(params), places, compiler, gives_objects=queryset._iterable_class is ModelIterable)  # type: ignore[attr-defined]


class _Plan:
    """What compiling found out, in the shape that Django 5.2's `ModelIterable` uses for each row."""

    def __init__(self, sql: str, params: list[Any], places: Sequence[int | None], compiler: Any, *, gives_objects: bool) -> None:
        self.sql, self._params, self._gives_objects = sql, params, gives_objects
        # PostgreSQL's driver is told a column's kind of integer by a class of its own.
        self._places = [(place, value, type(params[place])) for place, value in enumerate(places) if value is not None]
        self._converters = list(compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]]).items())
        if gives_objects:
            info, select = compiler.klass_info, compiler.select
            first, last = info["select_fields"][0], info["select_fields"][-1] + 1
            self._own = slice(first, last)
            self._from_db = info["model"].from_db
            self._names = [column[0].target.attname for column in select[first:last]]
            self._related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]
            self._annotations = list((compiler.annotation_col_map or {}).items())

    def bound(self, values: Sequence[Any]) -> list[Any]:
        params = list(self._params)
        for place, number, kind in self._places:
            value = _stored(values[number])
            params[place] = kind(value) if isinstance(value, int) else value
        return params

    def made(self, row: Sequence[Any]) -> Any:
        cells = list(row)
        for place, (converters, expression) in self._converters:
            for convert in converters:
                cells[place] = convert(cells[place], expression, connection)
        if not self._gives_objects:
            return tuple(cells)
        found = self._from_db(connection.alias, self._names, cells[self._own])
        for related in self._related:
            related.populate(cells, found)
        for name, place in self._annotations:
            setattr(found, name, cells[place])
        return found


def insert(row: M) -> M:
    """Write a new row, as `row.save(force_insert=True)` does for a model without signals, and give it its key. One statement."""
    return insert_all([row])[0]


def insert_all(rows: Iterable[M]) -> list[M]:
    """Write new rows of one model, as `bulk_create` does, and give them their keys. One statement, or none for no rows."""
    rows = list(rows)
    if not rows:
        return rows
    here = connections[DEFAULT_DB_ALIAS]
    statement, values = _insertion(rows, here)
    with here.cursor() as cursor:
        cursor.execute(f"{statement} RETURNING {here.ops.quote_name(_key_column(type(rows[0])))}", values)
        keys = cursor.fetchall()
    for row, key in zip(rows, keys, strict=True):
        row.pk = key[0]
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return rows


def insert_once(row: Model) -> None:
    """Write the row unless one with the same unique values stands there already, as `bulk_create(ignore_conflicts=True)` does."""
    here = connections[DEFAULT_DB_ALIAS]
    statement, values = _insertion([row], here)
    with here.cursor() as cursor:
        cursor.execute(f"{statement} ON CONFLICT DO NOTHING", values)


def _insertion(rows: Sequence[Model], here: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
    head, places, fields = _insert_plan(type(rows[0]), here.vendor)
    values = [_written(getattr(row, name), write, here) for row in rows for name, write in fields]
    return f"{head} {', '.join([places] * len(rows))}", values


def _key_column(kind: type[Model]) -> str:
    assert kind._meta.pk is not None and kind._meta.pk.column is not None
    return str(kind._meta.pk.column)


@cache
def _insert_plan(kind: type[Model], vendor: str) -> tuple[str, str, list[tuple[str, Callable[..., Any]]]]:
    meta, quote = kind._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    head = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES"
    return head, f"({places})", [(field.attname, field.get_db_prep_save) for field in fields]


def change(kind: type[Model], where: Mapping[str, Any], **values: Any) -> int:
    """What `kind.objects.filter(**where).update(**values)` does and returns, for plain values by the names of columns' fields
    ("message_id"), each `where` an equality."""
    here = connections[DEFAULT_DB_ALIAS]
    sql, writers = _change_plan(kind, here.vendor, tuple(where), tuple(values))
    bound = [_written(value, write, here) for value, write in zip((*values.values(), *where.values()), writers, strict=True)]
    with here.cursor() as cursor:
        cursor.execute(sql, bound)
        return int(cursor.rowcount)


@cache
def _change_plan(kind: type[Model], vendor: str, where: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, list[Callable[..., Any]]]:
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in kind._meta.concrete_fields}
    put, given = [[f"{quote(str(fields[name].column))} = %s" for name in those] for those in (names, where)]
    sql = f"UPDATE {quote(kind._meta.db_table)} SET {', '.join(put)} WHERE {' AND '.join(given)}"
    return sql, [fields[name].get_db_prep_save for name in (*names, *where)]


_PLAIN = {str, bool, NoneType}


def _written(value: Any, write: Callable[..., Any], here: BaseDatabaseWrapper) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    return _moment(value, here) if kind is datetime else write(value, connection=here)


def _moment(value: datetime, here: BaseDatabaseWrapper) -> Any:
    """What Django's `adapt_datetimefield_value` makes of an aware moment, for databases that stand in UTC."""
    return str(value.astimezone(UTC).replace(tzinfo=None)) if here.vendor == "sqlite" else value


def _stored(value: Any) -> Any:
    return _moment(value, connections[DEFAULT_DB_ALIAS]) if isinstance(value, datetime) else value

"""Queries that are built once, for what runs with every mail: building one takes Django up to thirty times as long as SQLite needs
to answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

T = TypeVar("T")
Row = list[Any]
_MARKS: dict[type, Callable[[int], Any]] = {int: lambda n: -6_174_617_461_746_000 - n, str: lambda n: f"\ufdd0 value {n} \ufdd0"}


@dataclass(frozen=True)
class _Built(Generic[T]):
    """The SQL with the places of the values in it, how cells are read, and how a row becomes what the query set gives."""

    sql: str
    values: tuple[Any, ...]
    places: dict[int, int]
    converters: dict[int, tuple[list[Callable[[Any, Any, Any], Any]], Any]]
    make: Callable[[Row], T]


class Prepared(Generic[T]):
    """`build` makes a query set of its arguments, whose `types` (int or str) follow; once for each kind of database. Calling it
    with values gives the rows that the query set would: objects, with what `select_related` joins, or tuples of `values_list`.

    Everything else in the query has to be constant, since it is read only once; so is whether a value is None or a list.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]], *types: type) -> None:
        self._build = build
        self._types = types
        self._built: dict[str, _Built[T]] = {}

    def __call__(self, *values: int | str) -> list[T]:
        """The rows. One query."""
        built = self._built.get(connection.vendor) or self._prepare()
        given = list(built.values)
        for place, number in built.places.items():
            # PostgreSQL's driver is told the type of a column by a type of int.
            given[place] = type(given[place])(values[number])
        with connection.cursor() as cursor:
            cursor.execute(built.sql, given)
            rows = cursor.fetchall()
        return [built.make(_converted(row, built.converters)) for row in rows]

    def first(self, *values: int | str) -> T | None:
        """The first row, or None. The query should ask for no more: it is not cut for this."""
        return next(iter(self(*values)), None)

    def _prepare(self) -> _Built[T]:
        marks = [_MARKS[kind](number) for number, kind in enumerate(self._types)]
        rows = self._build(*marks)
        if rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ValueError("a prepared query can't prefetch")
        compiler = rows.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        places = {place: marks.index(value) for place, value in enumerate(values) if value in marks}
        if set(places.values()) != set(range(len(marks))):
            raise ValueError("the query does not depend on all of its values")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        make: Callable[[Row], Any] = _maker(compiler) if rows._iterable_class is ModelIterable else tuple
        built = self._built[connection.vendor] = _Built(sql, tuple(values), places, converters, make)
        return built


def _converted(row: tuple[Any, ...], converters: dict[int, Any]) -> Row:
    cells = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            cells[place] = step(cells[place], expression, connection)
    return cells


def _maker(compiler: Any) -> Callable[[Row], Any]:
    """As `django.db.models.query.ModelIterable` makes its objects."""
    info, columns, using = compiler.klass_info, compiler.select, connection.alias
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in columns[first:last]]
    related = get_related_populators(info, columns, using)  # type: ignore[call-arg]
    extra = compiler.annotation_col_map or {}

    def make(row: Row) -> Any:
        made = info["model"].from_db(using, names, row[first:last])
        for one in related:
            one.populate(row, made)
        for name, place in extra.items():
            setattr(made, name, row[place])
        return made

    return make

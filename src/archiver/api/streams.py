"""Records one by one: made of rows as they are read, so that their number costs time and not memory."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from archiver.store.times import to_time, to_time_or_none

if TYPE_CHECKING:
    import pandas
    import polars

T = TypeVar("T")
Row = dict[str, Any]

_BATCH = 500
_READ: dict[object, Callable[[Any], object]] = {
    datetime: to_time,
    datetime | None: to_time_or_none,
    date: date.fromisoformat,
    tuple[str, ...]: lambda words: tuple((words or "").split()),
    bool: bool,
    bool | None: lambda value: None if value is None else bool(value),
}
"""How a column is read, by the type of the record's field; what is not here stands as it is."""


class Records(Iterator[T], Generic[T]):
    """An iterator over records of one kind, to be gone through once; or all of them as a frame.

    A frame holds everything in memory; the iterator holds one record. Read it before the archive is closed.
    """

    def __init__(self, kind: type[T], found: Iterator[T]) -> None:
        self.kind = kind
        self._found = found

    def __next__(self) -> T:
        return next(self._found)

    def to_pandas(self) -> "pandas.DataFrame":
        """All that is left, as a frame of pandas: times aware (UTC), nulls as `NA`.

        Raises ImportError, saying what to install, where pandas is not there.
        """
        from archiver.api.frames import to_pandas  # noqa: PLC0415  (an extra)

        return to_pandas(self.kind, self)

    def to_polars(self) -> "polars.DataFrame":
        """All that is left, as a frame of polars. Raises ImportError where polars is not there."""
        from archiver.api.frames import to_polars  # noqa: PLC0415  (an extra)

        return to_polars(self.kind, self)


def columns(kind: type) -> dict[str, object]:
    """The names and types of a record's fields, in order."""
    return {field.name: field.type for field in fields(kind) if not field.name.startswith("_")}


def as_dict(record: object) -> Row:
    """A record as a plain dictionary."""
    return {name: getattr(record, name) for name in columns(type(record))}


def record(kind: type[T], row: Mapping[str, Any], **more: object) -> T:
    """A record of a row that has its columns."""
    values = {name: _READ.get(type_, _as_it_is)(row[name]) for name, type_ in columns(kind).items()}
    return kind(**values, **more)


def rows(conn: sqlite3.Connection, sql: str, bound: Mapping[str, object]) -> Iterator[Row]:
    """The rows of a query, by column name, read a batch at a time."""
    cursor = conn.cursor()
    cursor.row_factory = None
    cursor.execute(sql, dict(bound))
    names = [column[0] for column in cursor.description]
    while batch := cursor.fetchmany(_BATCH):
        yield from (dict(zip(names, row, strict=True)) for row in batch)


def stream(kind: type[T], found: Iterable[Mapping[str, Any]], **more: object) -> Records[T]:
    """Records of rows."""
    return Records(kind, (record(kind, row, **more) for row in found))


def _as_it_is(value: object) -> object:
    return value

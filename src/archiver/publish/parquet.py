"""Rows as Parquet, a group of rows at a time, so that a table of any length takes the memory of one group.

Needs pyarrow, of the extra `[export]`: whoever imports this module must expect an ImportError. Pure.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.parquet import ParquetWriter

from archiver.publish.dictionary import Column
from archiver.publish.tables import Row

GROUP = 20_000
"""Rows of a group at most."""
GROUP_CHARS = 32 << 20
"""Characters of text in a group, about: texts of pages are large."""
_BATCH = 500
_TYPES = {
    "string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(),
    "date": pa.date32(), "datetime": pa.timestamp("s", "UTC"),
}  # fmt: skip
_FORMS = {"datetime": "%Y-%m-%dT%H:%M:%S", "date": "%Y-%m-%d"}


def write_parquet(
    sink: BinaryIO, columns: dict[str, Column], rows: Iterable[Row], about: Mapping[str, str] | None = None
) -> None:
    """Write the table, its dictionary in the file's metadata.

    Times are timestamps in UTC, days are dates; what a page says of its own dates stays text.
    """
    fields = [pa.field(name, _TYPES[c.type], metadata={"description": c.meaning}) for name, c in columns.items()]
    schema, source = pa.schema(fields, metadata=dict(about or {})), iter(rows)
    with ParquetWriter(sink, schema, compression="zstd", version="2.6") as writer:
        while group := _group(source):
            arrays = [_array([row[n] for row in group], column) for n, column in enumerate(columns.values())]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _group(rows: Iterable[Row]) -> list[Row]:
    """The rows of the next group, as many as fit."""
    held: list[Row] = []
    size = 0
    while len(held) < GROUP and size < GROUP_CHARS and (batch := list(islice(rows, _BATCH))):
        held += batch
        size += sum(len(value) for row in batch for value in row if isinstance(value, str))
    return held


def _array(values: list[object], column: Column) -> pa.Array:
    """One column of a group."""
    kind = _TYPES[column.type]
    if column.type == "boolean":
        return pa.array([None if v is None else bool(v) for v in values], kind)
    if column.type == "string":
        return pa.array([None if v is None else str(v) for v in values], kind)
    if form := _FORMS.get(column.type):
        texts = pa.array([None if v is None else str(v)[:19] for v in values], pa.string())
        return pc.strptime(texts, form, "s").cast(kind)
    return pa.array(values, kind)

"""Records as a frame of pandas or polars, each column of the type that its field has. The extra `frames`."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from archiver.api.streams import columns

if TYPE_CHECKING:
    import pandas
    import polars

MISSING = "{0} is not installed: pip install 'archiver[frames]' (or pip install {0})"
_PANDAS: dict[object, str] = {
    str: "string", str | None: "string", int: "Int64", int | None: "Int64", float: "Float64",
    float | None: "Float64", bool: "boolean", bool | None: "boolean",
    datetime: "datetime64[us, UTC]", datetime | None: "datetime64[us, UTC]", date: "datetime64[us]",
}  # fmt: skip
"""By the type of the field; lists of words are objects."""


def to_pandas(kind: type, records: Iterable[object]) -> "pandas.DataFrame":
    """The records as a frame of pandas; its columns are there also where there is no record."""
    try:
        import pandas  # noqa: PLC0415
    except ImportError as error:
        raise ImportError(MISSING.format("pandas")) from error
    types = columns(kind)
    found = _gathered(types, records)
    return pandas.DataFrame(
        {name: pandas.Series(found[name], dtype=_PANDAS.get(type_, "object")) for name, type_ in types.items()}
    )


def to_polars(kind: type, records: Iterable[object]) -> "polars.DataFrame":
    """The records as a frame of polars; its columns are there also where there is no record."""
    try:
        import polars  # noqa: PLC0415
    except ImportError as error:
        raise ImportError(MISSING.format("polars")) from error
    time = polars.Datetime("us", "UTC")
    known: dict[object, Any] = {
        str: polars.String, str | None: polars.String, int: polars.Int64, int | None: polars.Int64,
        float: polars.Float64, float | None: polars.Float64, bool: polars.Boolean, bool | None: polars.Boolean,
        datetime: time, datetime | None: time, date: polars.Date,
        tuple[str, ...]: polars.List(polars.String),
    }  # fmt: skip
    types = columns(kind)
    found = _gathered(types, records)
    return polars.DataFrame(
        {name: [_plain(value) for value in found[name]] for name in types},
        schema={name: known.get(type_, polars.Object) for name, type_ in types.items()},
    )


def _plain(value: object) -> object:
    """The value as polars takes it: a list, where ours is a tuple."""
    return list(value) if isinstance(value, tuple) else value


def _gathered(types: Iterable[str], records: Iterable[object]) -> dict[str, list[Any]]:
    """The values of each column."""
    found: dict[str, list[Any]] = {name: [] for name in types}
    for one in records:
        for name, values in found.items():
            values.append(getattr(one, name))
    return found

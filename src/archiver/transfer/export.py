"""Public views as files, each with its data dictionary: streamed, so that their length costs time and not memory."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Literal

from archiver import __version__
from archiver.errors import StoreError
from archiver.publish import tables
from archiver.publish.dictionary import VIEWS, columns_of
from archiver.store import copies, exports
from archiver.store.times import to_text, to_text_or_none

Form = Literal["csv", "jsonl", "parquet", "sqlite"]
PARQUET = "Parquet needs pyarrow: pip install 'archiver[export]', or take --format csv"


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows: by the view's own time, and of one kommun; by default all."""

    since: datetime | None = None
    until: datetime | None = None
    kommun: str | None = None

    def unfit(self, view: str) -> str | None:
        """What of the cut the view has no column for, in words."""
        if VIEWS[view].time is None and (self.since or self.until):
            return f"{view} has no time that it could be cut by"
        if "code" not in VIEWS[view].columns and self.kommun:
            return f"{view} does not name the kommun of a row"
        return None

    def as_object(self) -> dict[str, str]:
        """The cut for the data package; empty where there is none."""
        found = {"since": to_text_or_none(self.since), "until": to_text_or_none(self.until), "kommun": self.kommun}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Exported:
    """One file that was written."""

    view: str
    path: Path
    rows: int
    size: int  # bytes
    sha256: str


def check_form(form: Form) -> None:
    """Raise StoreError at once where nothing here can write the form: before any work is done."""
    if form == "parquet" and find_spec("pyarrow") is None:
        raise StoreError(PARQUET)


def stream(conn: sqlite3.Connection, view: str, form: Form, cut: Cut, *, guarded: bool = True) -> Iterator[bytes]:
    """The view as CSV or JSON Lines, in pieces."""
    found = _rows(conn, view, cut)
    if form == "jsonl":
        return tables.as_jsonl(columns_of(view), found)
    return tables.as_csv(columns_of(view), found, guarded=guarded)


def write(
    conn: sqlite3.Connection, views: Sequence[str], form: Form, target: Path, cut: Cut, *, guarded: bool = True
) -> list[Exported]:
    """Each view as a file in the folder `target`, or of one view, and for SQLite of all, as the file `target`.

    A file has its name when it is whole. Raises StoreError: no room, no right, no pyarrow.
    """
    check_form(form)
    if form == "sqlite":
        return _write_database(conn, views, target, cut)
    single = not target.is_dir()
    paths = {view: target if single else target / f"{view}.{form}" for view in views}
    return [_write_one(conn, view, form, path, cut, guarded=guarded) for view, path in paths.items()]


def package(
    conn: sqlite3.Connection, written: Iterable[Exported], form: Form, cut: Cut, at: datetime, *, guarded: bool
) -> dict[str, object]:
    """The data package over exported files: dictionary, digests, and the archive they are from."""
    guarded = guarded and form == "csv"
    return {
        "profile": "data-package",
        "name": "archiver-export",
        "created": to_text(at),
        "program": f"archiver {__version__}",
        "archive": exports.facts(conn, cut.kommun),
        "cut": cut.as_object(),
        "resources": [
            tables.resource(one.view, one.path.name, form, one.size, one.sha256, guarded=guarded) | {"rows": one.rows}
            for one in written
        ],
    }


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside the final one, which is given when the block ends well; else nothing is left. Raises StoreError."""
    making = path.with_name(f".{path.name}.making")
    try:
        yield making
        copies.put(making, path)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    finally:
        copies.remove(making)


@contextmanager
def as_of_now(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The archive as of one moment, however long the block takes to read it."""
    conn.execute("BEGIN")
    try:
        yield conn
    finally:
        conn.execute("ROLLBACK")


def _write_one(conn: sqlite3.Connection, view: str, form: Form, path: Path, cut: Cut, *, guarded: bool) -> Exported:
    counted = _Counted(_rows(conn, view, cut))
    with whole_file(path) as making:
        with making.open("wb") as file:
            _WRITERS[form](file, view, counted, guarded)
        size, sha256 = making.stat().st_size, copies.file_digest(making)
    return Exported(view, path, counted.count, size, sha256)


def _write_csv(file: BinaryIO, view: str, rows: Iterable[tables.Row], guarded: bool) -> None:
    file.writelines(tables.as_csv(columns_of(view), rows, guarded=guarded))


def _write_jsonl(file: BinaryIO, view: str, rows: Iterable[tables.Row], guarded: bool) -> None:  # noqa: ARG001
    file.writelines(tables.as_jsonl(columns_of(view), rows))


def _write_parquet(file: BinaryIO, view: str, rows: Iterable[tables.Row], guarded: bool) -> None:  # noqa: ARG001
    from archiver.publish.parquet import write_parquet  # noqa: PLC0415  (an extra)

    about = {"view": view, "schema": tables.json_text(tables.table_schema(view))}
    write_parquet(file, columns_of(view), rows, about)


_WRITERS: dict[str, Callable[[BinaryIO, str, Iterable[tables.Row], bool], None]] = {
    "csv": _write_csv, "jsonl": _write_jsonl, "parquet": _write_parquet,
}  # fmt: skip


def _write_database(conn: sqlite3.Connection, views: Sequence[str], path: Path, cut: Cut) -> list[Exported]:
    with whole_file(path) as making:
        wanted = [
            (view, {name: column.type for name, column in columns_of(view).items()}, _rows(conn, view, cut))
            for view in views
        ]
        words = [
            (view, name, column.type, column.meaning) for view in views for name, column in columns_of(view).items()
        ]
        dictionary = ("dictionary", dict.fromkeys(("view", "column", "type", "meaning"), "string"), iter(words))
        counts = exports.write_subset(making, [*wanted, dictionary])
        size, sha256 = making.stat().st_size, copies.file_digest(making)
    return [Exported(view, path, count, size, sha256) for view, count in zip(views, counts, strict=False)]


def _rows(conn: sqlite3.Connection, view: str, cut: Cut) -> Iterator[tuple[Any, ...]]:
    about = VIEWS[view]
    return exports.rows(
        conn, view, about.columns, about.key,
        time=about.time, since=to_text_or_none(cut.since), until=to_text_or_none(cut.until), kommun=cut.kommun,
    )  # fmt: skip


class _Counted:
    """Rows on their way, counted."""

    def __init__(self, rows: Iterable[tables.Row]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[tables.Row]:
        for row in self._rows:
            self.count += 1
            yield row

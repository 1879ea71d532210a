"""Where an open archive and its records get what they tell: one connection, and the public views behind it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from archiver.api import comparing, moments
from archiver.api.comparing import Diff, State
from archiver.api.details import Absence, Block, Claim, Coverage, Event, Gap, Hunk, LinkEdit, Municipality
from archiver.api.moments import When
from archiver.api.records import Capture, Change, Page, Revision, Snapshot
from archiver.api.streams import Records, Row, columns, record, rows, stream
from archiver.asking.municipalities import find_held
from archiver.errors import StoreError
from archiver.store import explained, queries, windows
from archiver.store.times import to_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes; everything where nothing is said."""

    section: str | None = None
    page: int | None = None
    class_: str | None = None
    kind: str | None = None
    event: int | None = None
    unfold: bool = False
    newest_first: bool = True
    limit: int | None = None


_VIEWS: Mapping[type, tuple[str, str, str | None]] = {
    Page: ("current_pages", "municipality, url, page_id", "checked"),
    Snapshot: ("snapshots", "captured_at, capture_id", "captured_at"),
    Capture: ("visits", "captured_at, capture_id", "captured_at"),
    Revision: ("page_history", "municipality, page_id, revision", "first_seen"),
    Hunk: ("change_text", "position", None),
    LinkEdit: ("link_edits", "position", None),
    Block: ("snapshot_blocks", "position", None),
    Claim: ("provenance", "meaning, believed DESC, place, raw", None),
    Absence: ("disappearances", "first_missed, absence_id", "first_missed"),
    Event: ("events_by_site", "first_seen, event_id", "first_seen"),
    Coverage: ("coverage", "source_id, day", "day"),
}
"""The view of each kind of record, the order of its rows, and the column that `since` and `until` are about."""
_HOLDERS = (Page, Snapshot, Change)
_GAPS = """SELECT g.page_id, o.municipality, o.code, g.url, g.from_time, g.to_time, g.days, g.obstacles
    FROM gaps g JOIN open_pages o ON o.page_id = g.page_id AND o.kind IN ('page', 'file')
    WHERE g.days > :days AND (:page IS NULL OR g.page_id = :page) AND (:code IS NULL OR o.code = :code)
    ORDER BY g.from_time, g.page_id"""


class Desk:
    """An open archive's one connection, for the thread that opened it, and what is asked through it."""

    def __init__(self, path: Path, conn: sqlite3.Connection) -> None:
        self.path = path
        self._conn: sqlite3.Connection | None = conn

    @property
    def is_open(self) -> bool:
        """Whether anything can still be asked."""
        return self._conn is not None

    def close(self) -> None:
        """Close the file."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection. Raises StoreError: closed, or a fault of the file."""
        if self._conn is None:
            raise StoreError(f"{self.path} was closed")
        with explained(self.path):
            yield self._conn

    def flow(self, found: Callable[[sqlite3.Connection], Iterable[T]]) -> Iterator[T]:
        """What is found, as it is read. Raises StoreError where the archive is closed on the way."""
        with self.reading() as conn:
            for one in found(conn):
                yield one
                if self._conn is None:
                    raise StoreError(f"{self.path} was closed before all was read")

    def rows(self, sql: str, bound: Mapping[str, object]) -> Iterator[Row]:
        """The rows of a query, as they are read. Raises StoreError."""
        return self.flow(lambda conn: rows(conn, sql, bound))

    def records(
        self, kind: type[T], within: Mapping[str, object], since: When | None = None, until: When | None = None
    ) -> Records[T]:
        """The records of one kind whose columns are as `within` says; a column that is None there is free."""
        view, order, time = _VIEWS[kind]
        bound = {name: value for name, value in within.items() if value is not None}
        tests = [f"{name} = :{name}" for name in bound]
        for name, sign, moment in (("since", ">=", moments.since(since)), ("until", "<", moments.until(until))):
            if moment is not None:
                bound[name] = to_text(moment)[:10] if time == "day" else to_text(moment)
                tests.append(f"{time} {sign} :{name}")
        where = f"WHERE {' AND '.join(tests)}" if tests else ""
        sql = f"SELECT {', '.join(columns(kind))} FROM {view} {where} ORDER BY {order}"
        more = {"_desk": self} if kind in _HOLDERS else {}
        return stream(kind, self.rows(sql, bound), **more)

    def municipalities(self) -> list[Municipality]:
        """The sources that the archive holds something of."""
        with self.reading() as conn:
            return [record(Municipality, row | {"source_id": row["id"]}) for row in queries.sources(conn)]

    def code(self, municipality: str | None) -> str | None:
        """The kommunkod of a municipality, by its name, code or source. Raises NotFound."""
        if municipality is None:
            return None
        with self.reading() as conn:
            return find_held(conn, municipality).code

    # Of pages ----------------------------------------------------------------------------------------

    def of_page(self, kind: type[T], page_id: int) -> Records[T]:
        """A page's records of one kind."""
        return self.records(kind, {"page_id": page_id})

    def text_of(self, page_id: int) -> str | None:
        """A page's main text as it was last seen; None under embargo."""
        with self.reading() as conn:
            row = conn.execute("SELECT text FROM current_pages WHERE page_id = ?", (page_id,)).fetchone()
        return None if row is None else row[0]

    def as_of(self, url: str, day: When) -> Snapshot | None:
        """The page at the URL by the end of that day; None where it was found gone by then. Raises NotFound."""
        with self.reading() as conn:
            capture = queries.resolve_capture(conn, url, moments.last_second(day))
        return next(self.records(Snapshot, {"capture_id": capture.id}), None)

    def gaps(self, longer_than: float, *, page: int | None = None, code: str | None = None) -> Records[Gap]:
        """Stretches of more than so many days in which an address was not well seen."""
        return stream(Gap, self.rows(_GAPS, {"days": longer_than, "page": page, "code": code}))

    def blocks(self, capture_id: int) -> Records[Block]:
        """The blocks of a capture."""
        return self.records(Block, {"capture_id": capture_id})

    def claims(self, page_id: int, revision: int | None) -> Records[Claim]:
        """What a page said of its dates in one of its states."""
        return self.records(Claim, {"page_id": page_id, "revision": -1 if revision is None else revision})

    # Of changes --------------------------------------------------------------------------------------

    def changes(
        self, wanted: Wanted, *, code: str | None = None, since: When | None = None, until: When | None = None
    ) -> Records[Change]:
        """The changes that are wanted."""
        begin, end = moments.since(since), moments.until(until)

        def found(conn: sqlite3.Connection) -> Iterator[Row]:
            return queries.changed(
                conn, kommun=code, since=begin, until=end, section=wanted.section, page=wanted.page,
                kind=wanted.kind, class_=wanted.class_, event=wanted.event, unfold=wanted.unfold,
                newest_first=wanted.newest_first, limit=wanted.limit,
            )  # fmt: skip

        return stream(Change, self.flow(found), _desk=self)

    def of_change(self, kind: type[T], revision_id: int) -> Records[T]:
        """A change's records of one kind."""
        return self.records(kind, {"revision_id": revision_id})

    def changes_of(self, page_id: int, since: When | None, until: When | None) -> Records[Change]:
        """A page's changes, the newest first."""
        return self.changes(Wanted(page=page_id, unfold=True), since=since, until=until)

    def obstacles(self, change: Change) -> Sequence[dict[str, object]]:
        """What stood in the way of seeing a change."""
        start, end = to_text(change.last_seen_before), to_text(change.seen_after)
        with self.reading() as conn:
            return windows.obstacles(conn, change.page_id, start, end)

    def diff(self, before: int | str, after: int | str) -> Diff:
        """Two captures compared. Raises NotFound."""
        with self.reading() as conn:
            ends = [queries.resolve_capture(conn, None, str(token)) for token in (before, after)]
            return comparing.compared(conn, *ends)

    def diff_of(self, url: str, before: State | None, after: State | None) -> Diff:
        """Two states of a page compared. Raises NotFound."""
        with self.reading() as conn:
            return comparing.of_page(conn, url, before, after)

"""What can be asked of an archive, by programs. Nothing is written, and nothing shown that the public may not see."""

from collections.abc import Iterator
from datetime import date, timedelta
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archiver import asking
from archiver.api import moments
from archiver.api.comparing import Diff
from archiver.api.desk import Desk, Wanted
from archiver.api.details import Absence, Coverage, Event, Gap, Hit, Municipality
from archiver.api.moments import When
from archiver.api.records import Capture, Change, Page, Revision, Snapshot
from archiver.api.streams import Records, columns, stream
from archiver.asking.search import Where
from archiver.diff import CLASSES, KINDS
from archiver.errors import NotFound
from archiver.model import Outcome
from archiver.publish.dictionary import VIEWS
from archiver.store import exports, queries, reader
from archiver.store.times import to_text_or_none


class ReadOnlyArchive:
    """An archive that is open for reading; close it, or use it in a `with`. For the thread that opened it.

    Filters: `municipality` is a name, a kommunkod or a source; `since` and `until` are days or times (UTC), and a day
    given as `until` counts whole; `section` is a name of the configuration. What the archive does not know raises
    NotFound.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def path(self) -> Path:
        """The archive's file."""
        return self._desk.path

    def close(self) -> None:
        """Close the file. Records stay; what was not read of an iterator cannot be read any more."""
        self._desk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<archive {self.path}{'' if self._desk.is_open else ' (closed)'}>"

    # What there is -----------------------------------------------------------------------------------

    def municipalities(self) -> list[Municipality]:
        """The sources that the archive holds something of."""
        return self._desk.municipalities()

    def facts(self, municipality: str | None = None) -> dict[str, Any]:
        """Captures, the first and the last of them, pages, changes, imported captures; the last seal."""
        with self._desk.reading() as conn:
            return exports.facts(conn, self._desk.code(municipality))

    def pages(
        self,
        *,
        municipality: str | None = None,
        section: str | None = None,
        kind: str | None = None,
        state: str | None = None,
    ) -> Records[Page]:
        """Pages and files in their latest state, by municipality and address. `kind` is 'page' or 'file'."""
        within = {"code": self._desk.code(municipality), "section": section, "kind": kind, "state": state}
        return self._desk.records(Page, within)

    def page(self, url: str) -> Page:
        """The page at any address of it. Raises NotFound."""
        with self._desk.reading() as conn:
            found = next(self._desk.records(Page, {"page_id": queries.page_at(conn, url)}), None)
        if found is None:
            raise NotFound(f"{url} is no page, or was never seen well")
        return found

    def captures(
        self,
        *,
        municipality: str | None = None,
        section: str | None = None,
        outcome: Outcome | None = None,
        since: When | None = None,
        until: When | None = None,
    ) -> Records[Capture]:
        """Every visit in the order of time, whatever came of it."""
        within = {"code": self._desk.code(municipality), "section": section, "outcome": outcome}
        return self._desk.records(Capture, within, since, until)

    def snapshots(
        self,
        *,
        municipality: str | None = None,
        section: str | None = None,
        since: When | None = None,
        until: When | None = None,
    ) -> Records[Snapshot]:
        """Every good capture in the order of time, with the page's text as of then."""
        return self._desk.records(Snapshot, {"code": self._desk.code(municipality), "section": section}, since, until)

    def revisions(
        self,
        *,
        municipality: str | None = None,
        section: str | None = None,
        since: When | None = None,
        until: When | None = None,
    ) -> Records[Revision]:
        """Every state of every page; `since` and `until` are about when it was first seen."""
        return self._desk.records(Revision, {"code": self._desk.code(municipality), "section": section}, since, until)

    # What changed ------------------------------------------------------------------------------------

    def changes(
        self,
        *,
        municipality: str | None = None,
        section: str | None = None,
        class_: str | None = None,
        kind: str | None = None,
        since: When | None = None,
        until: When | None = None,
        event: int | None = None,
        unfold: bool = False,
        newest_first: bool = True,
        limit: int | None = None,
    ) -> Records[Change]:
        """What changed, the newest first; `since` and `until` are about when the new state was first seen.

        `class_` and `kind` are words of docs/changes.md. What happened to many pages at once comes once; `unfold`
        gives each page's part. Raises NotFound, ValueError.
        """
        for name, value, known in (("class", class_, CLASSES), ("kind", kind, KINDS)):
            if value is not None and value not in known:
                raise ValueError(f"there is no {name} {value!r}; there are: {', '.join(known)}")
        wanted = Wanted(
            section=section, class_=class_, kind=kind, event=event, unfold=unfold, newest_first=newest_first,
            limit=limit,
        )  # fmt: skip
        return self._desk.changes(wanted, code=self._desk.code(municipality), since=since, until=until)

    def disappearances(
        self, *, municipality: str | None = None, since: When | None = None, until: When | None = None
    ) -> Records[Absence]:
        """Confirmed absences, each once, with the last text; `state` is 'back' where the page has returned."""
        return self._desk.records(Absence, {"code": self._desk.code(municipality)}, since, until)

    def events(
        self, *, municipality: str | None = None, since: When | None = None, until: When | None = None
    ) -> Records[Event]:
        """What happened to many pages of a site at once."""
        return self._desk.records(Event, {"code": self._desk.code(municipality)}, since, until)

    def diff(self, before: int | str, after: int | str) -> Diff:
        """Any two captures compared, by number (120 or 'c120'), of whatever pages.

        Raises NotFound where there is no such capture, it shows no page, or its text is not public.
        """
        return self._desk.diff(before, after)

    # Words and questions -----------------------------------------------------------------------------

    def search(
        self,
        words: str,
        where: Where = "current",
        *,
        municipality: str | None = None,
        section: str | None = None,
        since: When | None = None,
        until: When | None = None,
        limit: int = 20,
    ) -> Records[Hit]:
        """Pages by their words: 'current' (what they say now), 'ever', or changes by what was 'added' or 'removed'.

        All words must be there, in any form; `"words in quotation marks"` stand so; `-word` must not be there.
        """
        with self._desk.reading() as conn:
            hits = asking.search(
                conn, words, where, kommun=self._desk.code(municipality), section=section, since=moments.since(since),
                until=moments.until(until), limit=limit,
            )  # fmt: skip
        found = ({name: getattr(hit, name) for name in columns(Hit)} for hit in hits)
        return stream(Hit, (row | {"marks": tuple(row["marks"])} for row in found))

    def ask(self, question: str, **said: str) -> Iterator[dict[str, Any]]:
        """The answer to a named question, row by row (docs/researchers.md). Raises NotFound; ValueError, on the first
        row, for what does not fit the question or the archive.

        Those whose answer names people are for the keeper of the file: `archiver ask` answers them.
        """
        known = asking.QUESTIONS.get(question)
        if known is None:
            raise NotFound(f"there is no question {question!r}; there are: {', '.join(asking.QUESTIONS)}")
        if known.restricted:
            raise NotFound(f"{question} names people and is not asked here; `archiver ask {question}` answers it")
        return self._desk.flow(lambda conn: asking.ask(conn, question, **said))

    def rows(
        self, view: str, *, municipality: str | None = None, since: When | None = None, until: When | None = None
    ) -> Iterator[dict[str, Any]]:
        """Any public view (`archiver export --list`), row by row, its columns in their fixed order. Raises NotFound."""
        about = VIEWS.get(view)
        if about is None:
            raise NotFound(f"there is no public view {view!r}; there are: {', '.join(VIEWS)}")
        if (since or until) and about.time is None:
            raise ValueError(f"{view} has no time that it could be cut by")
        if municipality is not None and "code" not in about.columns:
            raise ValueError(f"{view} does not name the municipality of a row")
        code, begin, end = self._desk.code(municipality), moments.since(since), moments.until(until)
        found = self._desk.flow(lambda conn: exports.rows(
            conn, view, about.columns, about.key, time=about.time, kommun=code,
            since=to_text_or_none(begin), until=to_text_or_none(end),
        ))  # fmt: skip
        return (dict(zip(about.columns, row, strict=True)) for row in found)

    # Whether we looked -------------------------------------------------------------------------------

    def coverage(
        self,
        *,
        municipality: str | None = None,
        since: When | None = None,
        until: When | None = None,
        every_day: bool = False,
    ) -> Records[Coverage]:
        """Per source and day how often we asked and what came of it.

        `every_day`: also the days between the first and the last on which nothing was asked (`looked` is False):
        nothing can be said of them.
        """
        found = self._desk.records(Coverage, {"code": self._desk.code(municipality)}, since, until)
        return Records(Coverage, _every_day(found)) if every_day else found

    def gaps(self, *, municipality: str | None = None, longer_than: float = 7.0) -> Records[Gap]:
        """Stretches of more than so many days in which an address was not well seen, and what stood in the way."""
        return self._desk.gaps(longer_than, code=self._desk.code(municipality))


def open_archive(path: str | PathLike[str]) -> ReadOnlyArchive:
    """The archive at `path`, to be read: while a crawl writes to it or not.

    Raises StoreError: there is none, it is no archive, or of another release (`archiver crawl` brings an older one up
    to date).
    """
    return ReadOnlyArchive(Desk(Path(path), reader(Path(path))))


def _every_day(found: Iterator[Coverage]) -> Iterator[Coverage]:
    """The days in between too, with nothing asked."""
    last: Coverage | None = None
    for one in found:
        if last is not None and last.source_id == one.source_id:
            for number in range(1, (one.day - last.day).days):
                yield _nothing_asked(one, last.day + timedelta(days=number))
        last = one
        yield one


def _nothing_asked(like: Coverage, day: date) -> Coverage:
    return Coverage(like.source_id, like.municipality, like.code, day, *(0,) * 8)


__all__ = ["ReadOnlyArchive", "open_archive"]

"""Endless spaces met in a crawl: new pages counted by the shape of their address, looked at, and closed where empty.

What is decided stands in `frontier.traps`; what was decided is an issue of kind 'trap' each, which also tells a later
run. A closed space keeps the pages that were read, which are visited like any other; nothing new is asked of it.
"""

import sqlite3
from collections.abc import Collection
from urllib.parse import urlsplit

from archiver.frontier import scope, traps
from archiver.model import Capture, Issue, Source
from archiver.store import evidence, issues, ledger


class Growth:
    """What one run of a source has seen grow."""

    def __init__(self, source: Source, times: Collection[str]) -> None:
        """`times`: the names of months and weekdays in the source's language."""
        self._source, self._times = source, frozenset(name.casefold() for name in times)
        self._counts: dict[str, int] = {}  # new pages by shape
        self._latest: dict[str, list[tuple[str, int, int]]] = {}  # the last of them: URL, page, document
        self._closed: frozenset[str] = frozenset()
        self._told: set[str] = set()

    def begin(self, conn: sqlite3.Connection) -> None:
        """Take up what earlier runs have found."""
        found = issues.traps(conn, self._source.id)
        self._closed, self._told = frozenset(found), set(found)

    def refuses(self, url: str) -> bool:
        """Whether the URL lies in a space that was found to be endless."""
        return bool(self._closed) and traps.shape(url) in self._closed and not scope.is_endless(self._source, url)

    def met(self, conn: sqlite3.Connection, capture: Capture, page_id: int, document_id: int) -> None:
        """A capture showed a page for the first time. Where its shape has grown enough to be looked at, look."""
        address = capture.address
        found = traps.shape(address.url)
        if found is None:
            return
        count = self._counts[found] = self._counts.get(found, 0) + 1
        latest = self._latest.setdefault(found, [])
        latest.append((address.url, page_id, document_id))
        del latest[: -traps.SAMPLE]
        if not _is_due(count) or found in self._closed or scope.is_endless(self._source, address.url):
            return
        only_new = traps.copies(found)
        shown = [traps.Shown(url, *ledger.main_part(conn, *ids, only_new=only_new)) for url, *ids in latest]
        if reason := traps.judge(shown, self._times, self._closed):
            self._closed |= {found}
            self._tell(conn, capture, found, f"{reason}, such as {address.url}")

    def refused(self, conn: sqlite3.Connection, capture: Capture, url: str, reason: str) -> None:
        """A link on what was captured was refused for its form: told once for all of its kind."""
        parts = urlsplit(url)
        self._tell(conn, capture, f"{parts.netloc}/{parts.path.split('/')[1]}/…", f"{reason}, such as {url}")

    def _tell(self, conn: sqlite3.Connection, capture: Capture, where: str, words: str) -> None:
        if where not in self._told:
            self._told.add(where)
            run_id = evidence.run_of(conn, capture.id)
            issues.tell(conn, self._source.id, run_id, f"{where} ", Issue("trap", f"{where} {words}"))


def _is_due(count: int) -> bool:
    """Whether so many are the first that are looked at, or twice as many as the last time."""
    times, rest = divmod(count, traps.FIRST_LOOK)
    return rest == 0 and times & (times - 1) == 0

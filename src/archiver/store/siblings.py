"""The page that a source's first bodies are patched from: of a few that come along, the one most like the others.

A site's first page is its start page, which is like no other: of 2,153 pages of one site the patches from it are a
third larger than those from nearly any page within. So now and then a page is kept whole, and the next few are packed
against it too; the better of the two stays. For the writer's thread.
"""

import sqlite3

from archiver.pack import pack
from archiver.store.bodies import Sibling, as_sibling

CANDIDATES = frozenset((2, 8, 32))
"""Which first bodies of a run are kept whole to be tried; each costs what some four patches do."""
TRIALS = 4
"""Bodies that are packed against both."""


class Siblings:
    """What one run of one source has found so far."""

    def __init__(self) -> None:
        self._best: Sibling | None = None
        self._other: Sibling | None = None
        self._sizes: list[tuple[int, int]] = []
        self._count = 0

    def choose(self, *, first: bool) -> Sibling | None:
        """The body to patch the next one from; None: it is to stand alone. `first`: its page has no earlier body."""
        return None if first and self._count + 1 in CANDIDATES else self._best

    def learn(self, conn: sqlite3.Connection, body_id: int | None, body: bytes) -> None:
        """Take note of a page's first body, which was just stored."""
        self._count += 1
        if self._best is None:
            self._best = as_sibling(conn, body_id, body)
        elif self._count in CANDIDATES:
            self._other, self._sizes = as_sibling(conn, body_id, body), []
        elif self._other is not None:
            self._sizes.append((len(pack(body, self._best.base)), len(pack(body, self._other.base))))
            if len(self._sizes) == TRIALS:
                best, other = map(sum, zip(*self._sizes, strict=True))
                self._best, self._other = self._other if other < best else self._best, None

"""Is the archive what was recorded? Re-hash everything, replay the chain, and name what does not fit.

What this shows: nothing was altered since it was captured, and (with a stamp, or a seal that was kept elsewhere) that
it existed by then. What it cannot show: that the site sent it. Without a seal kept elsewhere it cannot show
either that no whole runs were cut off the end.

    verify(conn)        everything, one after another, on one connection
    whole.verify_file   the same in parallel, with a memory of how far it came, and a report
"""

import sqlite3
from collections.abc import Iterator
from functools import partial

from archiver.store import seals
from archiver.verify.checks import EVERYTHING, ONCE, PARTS, telling

__all__ = ["missing_anchor", "verify"]

_FIRST = ("file", "references", "schema")


def verify(conn: sqlite3.Connection) -> Iterator[str]:
    """Everything that does not fit, one sentence each; nothing where all is as it was recorded."""
    rest = [name for name in ONCE if name not in _FIRST]
    for name in _FIRST:
        yield from telling(partial(ONCE[name], conn), name)
    for name, part in PARTS.items():
        yield from telling(partial(part.check, conn, 0, EVERYTHING), name)
    for name in rest:
        yield from telling(partial(ONCE[name], conn), name)


def missing_anchor(conn: sqlite3.Connection, anchor: str | None) -> Iterator[str]:
    """A seal that was kept elsewhere, by its chain value, must be in the chain."""
    if anchor is not None and seals.position(conn, anchor) is None:
        last = seals.last(conn)
        yield (
            f"the seal {anchor} is not in this archive: runs were cut off its end, or it is another archive's"
            f" (the last seal here: {last['chain'] if last else 'none'})"
        )

"""The reading room: the archive's public views, served read-only over HTTP by Datasette.

So far the room is Datasette's own pages over `store/views.sql`. Base tables hold what must not be shown to the public
(who is responsible, texts under embargo, raw bodies), so they and free SQL are closed here; whoever holds the file has
them in `datasette archive.db`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from archiver.store import reader

SQL_TIME_LIMIT = 2_000
"""Milliseconds that one page of the room may spend in the database."""
PRIVATE_VIEWS = frozenset({"inner_text"})
"""Views that know no embargo and serve other views only."""


def application(archive: Path) -> Any:  # noqa: ANN401  # an ASGI application: Datasette gives it no type
    """The ASGI application that serves this archive."""
    return Datasette(
        [str(archive)],
        metadata=metadata(archive),
        settings={"sql_time_limit_ms": SQL_TIME_LIMIT, "allow_download": False, "default_allow_sql": False},
    ).app()


def metadata(archive: Path) -> dict[str, object]:
    """What Datasette is told: the public views are open, everything else is closed."""
    conn = reader(archive)
    try:
        names = conn.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    finally:
        conn.close()
    closed = [name for name, kind in names if kind == "table" or name in PRIVATE_VIEWS]
    return {
        "title": "archiver",
        "description": "What municipalities' pages said, and what changed. Times are UTC; a change happened "
        "somewhere between the two times it is given with.",
        "databases": {archive.stem: {"allow_sql": False, "tables": _closed(closed)}},
    }


def _closed(names: Iterable[str]) -> dict[str, object]:
    return {name: {"allow": False, "hidden": True} for name in names}

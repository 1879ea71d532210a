"""The reading room: where people read what changed, and query it. A Datasette plugin with pages of its own.

    hooks        what Datasette asks of a plugin; nothing else here knows Datasette's hooks
    frame        from a request to an answer: language, connection, time limit, cache, errors
    pages/       one module a page: Ask -> Answer
    tiers        who may see names, texts under embargo and raw bodies
    selected     which changes a reader chose, from a URL; `asking.selection` finds them
    tally        how many changes there are of each class
    guard        what free SQL may read
    told         words, numbers and times in the reader's language; words/*.toml holds them
    charts       SVG drawn on the server; markup/ and assets/ hold the rest of how it looks (not templates/ and static/:
                 Datasette would take folders of those names for its own)

The room shows what the public views show: no text under embargo, nobody who is named as responsible, no raw bodies.
Everything from a site is text here, escaped by the templates, and archived markup is never sent.
"""

from pathlib import Path
from typing import Any

from archiver.room.readers import TIME_LIMIT
from archiver.store import reader

__all__ = ["application"]


def application(
    archive: Path, *, settings: dict[str, object] | None = None, metadata: dict[str, Any] | None = None
) -> Any:  # noqa: ANN401  # ASGI has no type
    """The ASGI application that serves this archive. Raises StoreError where it is none, or not current.

    `settings` and `metadata` are Datasette's; this plugin's own settings are among the latter (`room/tiers.py`).
    """
    from datasette.app import Datasette  # noqa: PLC0415  # Datasette imports this package while it is imported itself
    from datasette.plugins import pm  # noqa: PLC0415

    from archiver.room import hooks  # noqa: PLC0415

    reader(archive).close()
    if not any(plugin is hooks for plugin in pm.get_plugins()):  # there already, where the package is installed
        pm.register(hooks, name="archiver")
    return Datasette(
        [str(archive)],
        metadata={"title": "archiver"} | (metadata or {}),
        settings={"sql_time_limit_ms": int(TIME_LIMIT * 1000), "allow_download": False} | (settings or {}),
    ).app()

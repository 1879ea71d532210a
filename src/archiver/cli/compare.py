"""The comparison that a person asks for in words: which captures they mean, and what the configuration adds."""

import sqlite3
from dataclasses import replace

from archiver.asking import comparing
from archiver.config import Config
from archiver.derive.telling import roles
from archiver.diff import weigh
from archiver.errors import NotFound
from archiver.publish import Comparison
from archiver.store import queries, reading


def comparison_of(
    conn: sqlite3.Connection, config: Config, url: str | None, before: str | None, after: str | None
) -> Comparison:
    """The comparison of two states; without names, of the page's last two revisions. Raises NotFound."""
    if url is not None and before is None:
        before, after = _last_two(conn, url)
    first, last = (queries.resolve_capture(conn, url, str(token)) for token in (before, after))
    documents = reading.document_of(conn, first.id), reading.document_of(conn, last.id)
    source = config.sources.get(last.address.source_id)
    rules = config.rules_for(source, last.at) if source else None
    found = comparing.comparison(
        conn, (first, last), documents, (queries.state_of(conn, first.id), queries.state_of(conn, last.id)),
        zone=rules.language.zone if rules else None, roles=roles(rules, documents[1]) if rules else (),
    )  # fmt: skip
    if found.two_pages:
        return found
    return replace(found, change=replace(found.change, reasons=weigh(found.change, config.points, config.terms)))


def _last_two(conn: sqlite3.Connection, url: str) -> tuple[str, str]:
    rows = queries.history(conn, url)
    if len(rows) < 2:
        raise NotFound(f"{url} has one state only; nothing has changed since it was first seen")
    return str(rows[-2]["revision"]), str(rows[-1]["revision"])

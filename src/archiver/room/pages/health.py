"""How the archive is: what `archiver status` says, as a page and as JSON for a watcher; and what the archive is."""

import json
from datetime import timedelta

from archiver import __version__
from archiver.room.frame import Answer, Ask, Row
from archiver.room.pages import shared
from archiver.store import health as of_archive

STALE = timedelta(days=3)
"""Without a good visit for so long a source is said to be silent."""


def health(ask: Ask) -> Answer:
    """Each source and the file, and the last runs."""
    return ask.render(
        "health.html",
        rows=_rows(ask),
        file=of_archive.of_file(ask.conn, ask.told.now),
        runs=_runs(ask),
        seal=ask.row("SELECT chain, sealed_at, run_id FROM seals ORDER BY id DESC LIMIT 1"),
        redactions=ask.rows(
            "SELECT level, count(*) AS number, max(acted_at) AS last FROM redaction_log GROUP BY level"
        ),
        last=shared.last_run(ask),
        area="health",
    )


def as_json(ask: Ask) -> Answer:
    """The same for a watcher: 200, or 503 where a source is silent."""
    rows = _rows(ask)
    silent = [row["source"] for row in rows if row["silent"]]
    body = {
        "ok": not silent, "silent": silent, "at": f"{ask.told.now:%Y-%m-%dT%H:%M:%SZ}", "sources": rows,
        "file": of_archive.of_file(ask.conn, ask.told.now),
    }  # fmt: skip
    return Answer(json.dumps(body, ensure_ascii=False), 503 if silent else 200, "application/json; charset=utf-8")


def about(ask: Ask) -> Answer:
    """What the archive is, what it proves and does not, and how to ask for a correction."""
    return ask.render("about.html", program=__version__, last=shared.last_run(ask), area="about")


def _rows(ask: Ask) -> list[Row]:
    bound = (ask.told.now - STALE).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = []
    for source in shared.sources(ask):
        row = of_archive.of_source(ask.conn, source["id"], ask.told.now)
        silent = row["last_good"] is None or row["last_good"] < bound
        found.append(row | {"municipality": source["municipality"], "code": source["code"], "silent": silent})
    return found


def _runs(ask: Ask) -> list[Row]:
    return ask.rows(
        """SELECT n.id, s.municipality, n.kind, n.started_at, n.finished_at, n.ending, l.captures,
             l.id IS NOT NULL AS sealed
           FROM runs n JOIN sources s ON s.id = n.source_id LEFT JOIN seals l ON l.run_id = n.id
           ORDER BY n.id DESC LIMIT 10"""
    )

"""How the archive is: what `archiver status` says, as a page and as JSON for a watcher; and what the archive is."""

import json
from datetime import timedelta

from archiver import __version__
from archiver.room.frame import Answer, Ask, Row
from archiver.room.pages import shared
from archiver.store import health as of_archive
from archiver.store.times import to_text


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
    """Each source as `archiver status` has it, but all of them in a few queries: there may be 290."""
    day_ago = to_text(ask.told.now - timedelta(days=1))
    plan = _by_source(ask, _PLAN, now=to_text(ask.told.now), day_ago=day_ago)
    asked = _by_source(ask, _ASKED, day_ago=day_ago)
    unread = _by_source(ask, _UNREAD)
    found = []
    for s in shared.well_seen(ask):
        row = {
            "source": s["id"], "municipality": s["municipality"], "code": s["code"], "last_good": s["last_good"],
            "silent": s["is_stale"],
        }  # fmt: skip
        row |= dict.fromkeys(("addresses", "due", "overdue", "asked", "failed", "unread"), 0)
        found.append(row | plan.get(s["id"], {}) | asked.get(s["id"], {}) | unread.get(s["id"], {}))
    return found


_PLAN = """SELECT source_id, count(*) AS addresses, coalesce(sum(due_at <= :now), 0) AS due,
    coalesce(sum(due_at <= :day_ago), 0) AS overdue FROM frontier GROUP BY source_id"""
_ASKED = """SELECT n.source_id, count(*) AS asked, sum(c.outcome IN ('failed', 'refused')) AS failed
  FROM captures c CROSS JOIN runs n ON n.id = c.run_id WHERE c.captured_at > :day_ago GROUP BY n.source_id"""
_UNREAD = """SELECT a.source_id, count(*) AS unread FROM unread u CROSS JOIN captures c ON c.id = u.capture_id
  CROSS JOIN addresses a ON a.id = c.address_id GROUP BY a.source_id"""


def _by_source(ask: Ask, sql: str, **values: str) -> dict[str, Row]:
    return {row.pop("source_id"): row for row in ask.rows(sql, **values)}


def _runs(ask: Ask) -> list[Row]:
    return ask.rows(
        """SELECT n.id, s.municipality, n.kind, n.started_at, n.finished_at, n.ending, l.captures,
             l.id IS NOT NULL AS sealed
           FROM runs n JOIN sources s ON s.id = n.source_id LEFT JOIN seals l ON l.run_id = n.id
           ORDER BY n.id DESC LIMIT 10"""
    )

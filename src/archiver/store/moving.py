"""Pages that went and pages that came, as they stood: what `diff.moves` looks at, asked as of the end of a run."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archiver.diff.fold import Trace
from archiver.diff.moves import Stood
from archiver.model import ClassOfChange, Reason
from archiver.store.folding import add_class
from archiver.store.times import to_text, to_time


def has_news(conn: sqlite3.Connection, run_id: int) -> bool:
    """Whether the run found a page to be gone, or saw one for the first time."""
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM captures c JOIN absences n ON n.confirmed_by = c.id WHERE c.run_id = ?1)
             OR EXISTS (SELECT 1 FROM captures c JOIN revisions r ON r.first_capture = c.id AND r.number = 1
                        WHERE c.run_id = ?1)""",
        (run_id,),
    ).fetchone()
    return bool(row[0])


def gone(conn: sqlite3.Connection, runs: Sequence[int], at: datetime) -> list[Stood]:
    """The pages that some runs found to be gone, as they stood, unless they were found elsewhere."""
    rows = conn.execute(
        """SELECT r.id, b.document_id, a.url, g.captured_at FROM captures c
           JOIN absences n ON n.confirmed_by = c.id
           JOIN revisions r ON r.page_id = n.page_id AND r.first_capture = n.first_missed AND r.state = 'gone'
           JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1 AND b.state = 'present'
           JOIN captures g ON g.id = n.last_good JOIN addresses a ON a.id = g.address_id
           WHERE c.run_id IN (SELECT value FROM json_each(?1))
             AND NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'move')
             AND NOT EXISTS (SELECT 1 FROM revisions k WHERE k.page_id = r.page_id AND k.number > r.number
                             AND k.first_seen <= ?2)""",
        (json.dumps(runs), to_text(at)),
    )
    return _stood(conn, rows.fetchall())


def with_moved(conn: sqlite3.Connection, traces: Sequence[Trace]) -> list[Trace]:
    """The traces, of which those that are gone and stand elsewhere have moved."""
    found = conn.execute(
        """SELECT x.revision_id FROM json_each(?) AS w JOIN change_classes x ON x.revision_id = w.value
           AND x.class = 'move'""",
        (json.dumps([trace.revision_id for trace in traces if trace.left == "gone"]),),
    )
    moved = {revision_id for (revision_id,) in found}
    return [replace(trace, left="moved") if trace.revision_id in moved else trace for trace in traces]


def come(conn: sqlite3.Connection, source_id: str, since: datetime, at: datetime) -> list[Stood]:
    """The pages of a source that were first seen between two times and were there by the later, as they came."""
    rows = conn.execute(
        """SELECT r.id, r.document_id, a.url, r.first_seen FROM pages p
           JOIN revisions r ON r.page_id = p.id AND r.number = 1 AND r.state = 'present'
           JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id
           WHERE p.source_id = ?1 AND p.kind IN ('page', 'file') AND r.first_seen > ?2 AND r.first_seen <= ?3
             AND NOT EXISTS (SELECT 1 FROM revisions k WHERE k.page_id = p.id AND k.state <> 'present'
                             AND k.first_seen <= ?3)
           ORDER BY r.id""",
        (source_id, to_text(since), to_text(at)),
    )
    return _stood(conn, rows.fetchall())


def _stood(conn: sqlite3.Connection, rows: Sequence[tuple[int, int, str, str]]) -> list[Stood]:
    passages: dict[int, dict[int, int]] = defaultdict(dict)
    wanted = json.dumps([document_id for _, document_id, _, _ in rows])
    for document_id, passage_id, text in conn.execute(
        """SELECT b.document_id, t.id, t.text FROM json_each(?) AS w
           JOIN blocks b ON b.document_id = w.value AND b.part = 'main' JOIN passages t ON t.id = b.passage_id""",
        (wanted,),
    ):
        passages[document_id][passage_id] = len(text.split())
    titles = dict(
        conn.execute("SELECT id, title FROM documents WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    )
    return [Stood(k, url, titles.get(d), to_time(when), passages[d]) for k, d, url, when in rows]


def add_move(conn: sqlite3.Connection, revision_id: int, found: ClassOfChange, reason: Reason | None) -> None:
    """Say of a page that went where it stands now; where its going is a part of an event, so is that."""
    event_id, folded = conn.execute(
        "SELECT max(event_id), coalesce(max(folded), 0) FROM change_classes WHERE revision_id = ?", (revision_id,)
    ).fetchone()
    add_class(conn, revision_id, found, reason, event_id=event_id, folded=bool(folded))

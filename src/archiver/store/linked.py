"""What links to what, as it was seen: pages that are missed and still linked, documents that lost their last link."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from archiver.store.bygone import by_end, last_number


def note_links_to_absent(conn: sqlite3.Connection, run_id: int, at: datetime) -> None:
    """Say of each page that a run missed whether some page, as it was seen last before the run's end, links to it.

    Also of those that came back later: whoever folds anew knows that already, and says the same.
    """
    conn.execute(
        f"""UPDATE absences SET still_linked = EXISTS (
             SELECT 1 FROM page_addresses j JOIN addresses a ON a.id = j.address_id
             JOIN targets t ON t.key = a.key
             JOIN links l ON l.target_id = t.id AND l.rel IN ('link', 'attachment')
             JOIN revisions r ON r.document_id = l.document_id AND r.page_id <> absences.page_id
             WHERE j.page_id = absences.page_id AND r.number = {last_number("r.page_id")})
           WHERE page_id IN (SELECT j.page_id FROM captures c JOIN page_addresses j ON j.address_id = c.address_id
                             WHERE c.run_id = :run)
             AND last_missed IN (SELECT id FROM captures WHERE run_id = :run)""",
        by_end(run_id, at),
    )


class Unlinking(NamedTuple):
    """A page's change that took away the last link we know of to a document which was still served afterwards."""

    revision_id: int
    text: str  # what the link said
    target: str  # the document's address
    instead: str | None  # where the same words lead now
    served: str  # when the document was first seen afterwards


def unlinkings(conn: sqlite3.Connection, source_id: str, run_id: int, at: datetime) -> list[Unlinking]:
    """The documents of a source that lost their last link, and were seen to be there afterwards, by a crawl's end.

    A document that was not asked for since is in none: not seen is not the same as there.
    """
    rows = conn.execute(
        f"""WITH lost AS (
             SELECT k.revision_id, j.page_id, max(k.text) AS text, t.url,
               CASE k.op WHEN 'retargeted' THEN (SELECT url FROM targets WHERE id = k.target_id) END AS instead,
               r.first_seen
             FROM link_changes k
             JOIN revisions r ON r.id = k.revision_id AND r.first_seen <= :at
             JOIN pages o ON o.id = r.page_id AND o.source_id = :source
             JOIN targets t ON t.id = CASE k.op WHEN 'removed' THEN k.target_id ELSE k.before_id END
             JOIN addresses a ON a.key = t.key
             JOIN page_addresses j ON j.address_id = a.id
             WHERE k.op IN ('removed', 'retargeted') AND k.rel = 'attachment' AND NOT EXISTS
               (SELECT 1 FROM change_classes x WHERE x.revision_id = k.revision_id AND x.class = 'technical')
             GROUP BY k.revision_id, j.page_id),
           latest AS (SELECT *, max(first_seen || printf('%012d', revision_id)) FROM lost GROUP BY page_id)
           SELECT l.revision_id, l.text, l.url, l.instead,
             (SELECT min(c.captured_at) FROM page_addresses j JOIN captures c ON c.address_id = j.address_id
              JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
              WHERE j.page_id = l.page_id AND c.captured_at >= l.first_seen AND c.captured_at <= :at
                AND c.run_id <= :run) AS served
           FROM latest l
           WHERE served IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM page_addresses j JOIN addresses a ON a.id = j.address_id
             JOIN targets t ON t.key = a.key
             JOIN links k ON k.target_id = t.id AND k.rel IN ('link', 'attachment')
             JOIN revisions r ON r.document_id = k.document_id AND r.page_id <> l.page_id
             WHERE j.page_id = l.page_id AND r.number = {last_number("r.page_id")})
           ORDER BY l.revision_id, l.text""",
        by_end(run_id, at, source=source_id),
    )
    return [Unlinking(*row) for row in rows]


class Relinking(NamedTuple):
    """A page's change that links again to a document which had lost its last link."""

    revision_id: int
    text: str
    since: str  # when the last link was seen to be gone


def relinkings(conn: sqlite3.Connection, run_id: int) -> list[Relinking]:
    """The documents that a run found linked again."""
    rows = conn.execute(
        """SELECT k.revision_id, max(k.text), max(ur.first_seen) FROM captures c
           JOIN revisions r ON r.first_capture = c.id
           JOIN link_changes k ON k.revision_id = r.id AND k.rel = 'attachment' AND k.op IN ('added', 'retargeted')
           JOIN targets t ON t.id = k.target_id
           JOIN addresses a ON a.key = t.key
           JOIN page_addresses j ON j.address_id = a.id
           JOIN page_addresses ju ON ju.page_id = j.page_id
           JOIN addresses au ON au.id = ju.address_id
           JOIN targets tu ON tu.key = au.key
           JOIN link_changes u ON u.rel = 'attachment' AND u.revision_id < k.revision_id
             AND ((u.op = 'removed' AND u.target_id = tu.id) OR (u.op = 'retargeted' AND u.before_id = tu.id))
           JOIN change_classes x ON x.revision_id = u.revision_id AND x.class = 'unlinked-document'
           JOIN revisions ur ON ur.id = u.revision_id AND ur.first_seen < r.first_seen
           WHERE c.run_id = ? AND NOT EXISTS (
             SELECT 1 FROM link_changes b JOIN revisions br ON br.id = b.revision_id
             WHERE b.target_id = k.target_id AND b.rel = 'attachment' AND b.op IN ('added', 'retargeted')
               AND br.first_seen > ur.first_seen AND br.first_seen < r.first_seen)
           GROUP BY k.revision_id, j.page_id ORDER BY 1, 2""",
        (run_id,),
    )
    return [Relinking(*row) for row in rows]

"""All that was read out of an archive's evidence, without the ids of rows: what a rebuild must leave as it is."""

from collections.abc import Callable
from typing import Any

Rows = list[tuple[Any, ...]]

READING = {
    "revisions": """SELECT p.key, r.number, r.state, r.core, r.moved_to, r.first_capture, r.last_capture, r.first_seen,
                      r.last_seen, r.visits, d.sha256
                    FROM revisions r JOIN pages p ON p.id = r.page_id LEFT JOIN documents d ON d.id = r.document_id""",
    "readings": """SELECT g.capture_id, u.sha256, g.verdict, g.reason, g.masked, d.sha256
                   FROM readings g JOIN rules u ON u.id = g.rules_id LEFT JOIN documents d ON d.id = g.document_id""",
    "changes": """SELECT p.key, r.number, c.kind, c.added, c.removed, c.before, c.after, c.summary
                  FROM changes c JOIN revisions r ON r.id = c.revision_id JOIN pages p ON p.id = r.page_id""",
    "classes": """SELECT p.key, r.number, c.class, c.reason, c.grounds, c.folded, e.kind, e.key, e.pages, e.run_id
                  FROM change_classes c JOIN revisions r ON r.id = c.revision_id JOIN pages p ON p.id = r.page_id
                  LEFT JOIN events e ON e.id = c.event_id""",
    "personnel": """SELECT p.key, r.number, c.position, c.op, c.name, c.role, c.party, c.former
                    FROM personnel c JOIN revisions r ON r.id = c.revision_id JOIN pages p ON p.id = r.page_id""",
    "reasons": """SELECT p.key, r.number, c.name, c.points, c.detail, c.grounds
                  FROM reasons c JOIN revisions r ON r.id = c.revision_id JOIN pages p ON p.id = r.page_id""",
    "hunks": """SELECT p.key, r.number, h.position, h.op, h.text, b.text, a.text
                FROM hunks h JOIN revisions r ON r.id = h.revision_id JOIN pages p ON p.id = r.page_id
                LEFT JOIN passages b ON b.id = h.before_id LEFT JOIN passages a ON a.id = h.after_id""",
    "link_changes": """SELECT p.key, r.number, k.position, k.op, k.rel, t.url, k.text, k.former
                       FROM link_changes k JOIN revisions r ON r.id = k.revision_id JOIN pages p ON p.id = r.page_id
                       JOIN targets t ON t.id = k.target_id""",
    "absences": """SELECT p.key, n.sign, n.state, n.last_good, n.first_missed, n.last_missed, n.misses, n.confirmed_by,
                     n.back_by, n.still_linked FROM absences n JOIN pages p ON p.id = n.page_id""",
    "notices": "SELECT source_id, text, first_capture, last_capture, pages FROM notices",
    "issues": """SELECT i.source_id, p.key, i.capture_id, i.kind, i.detail
                 FROM issues i LEFT JOIN pages p ON p.id = i.page_id WHERE i.kind <> 'out-of-scope-redirect'""",
    "pages": "SELECT key, kind, section FROM pages",
    "documents": """SELECT d.sha256, d.core, d.title, d.published, d.updated, d.words FROM documents d""",
}


def opinions(rows: Callable[[str], Rows]) -> dict[str, Rows]:
    """Each table's rows, by its name, sorted; `rows` answers a query."""
    return {name: sorted(rows(sql), key=repr) for name, sql in READING.items()}

"""Changes as they are shown in a list: the words first, then what the page says of its dates, then why."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from archiver.asking.asked import Asked, Row
from archiver.diff.words import spans
from archiver.model import told_link
from archiver.publish.marks import Shown, shown
from archiver.publish.words import DOCUMENT_REMOVED

PASSAGES = 3
"""Passages of a change that a card shows."""
_AROUND = 90
"""Letters of unchanged text that stay beside a change."""
_LONG = 420
"""Letters of an added or removed text that a card shows."""
_MOST = 6_000
"""Letters of a passage that is compared for a card; of a longer one the words alone are shown."""


def cards(ask: Asked, ids: Iterable[int], *, technical: bool = False) -> list[Row]:
    """The changes of these revisions in their order, each with its passages, links and reasons.

    `technical`: also what may be our reading, which no public view has: that there is a difference, where, when and of
    which kinds. Its words are in none: a comparison of the two captures shows them, and says what they may be.
    """
    wanted = list(ids)
    if not wanted:
        return []
    asked = json.dumps(wanted)
    rows = {r["revision_id"]: r for r in ask.rows(_CARDS, ids=asked)}
    if technical:
        rows |= {r["revision_id"]: r for r in ask.rows(_TECHNICAL, ids=asked)}
    events = _events(ask, {row["event_id"] for row in rows.values() if row["event_id"]})
    passages, links = _passages(ask, asked), _links(ask, asked)
    people, reasons = _people(ask, asked), _reasons(ask, asked)
    for number, row in rows.items():
        row["passages"], row["more"] = passages.get(number, ([], 0))
        row["links"] = links[number]
        row["people"] = people[number]
        row["why"] = reasons[number]
        row["classes"] = (row["classes"] or "").split()
        row["kinds"] = (row["kinds"] or "").split()
        row["event"] = events.get(row["event_id"]) if row["event_id"] else None
        if any(k["op"] == "removed" and k["rel"] == "attachment" for k in links[number]):
            row["classes"].append(DOCUMENT_REMOVED)
    return [rows[number] for number in wanted if number in rows]


_CARDS = """SELECT p.*, EXISTS (SELECT 1 FROM open_revisions w WHERE w.revision_id = p.revision_id AND NOT w.open)
                OR EXISTS (SELECT 1 FROM open_revisions w WHERE w.page_id = p.page_id
                           AND w.number = p.revision - 1 AND NOT w.open) AS closed
            FROM json_each(:ids) AS wanted JOIN page_changes p ON p.revision_id = wanted.value"""
_TECHNICAL = """SELECT r.id AS revision_id, o.municipality, o.code, o.section, o.page_id, o.kind AS page_kind, a.url,
      r.number AS revision, b.state AS state_before, r.state AS state_after, b.last_seen AS last_seen_before,
      r.first_seen AS seen_after, 'technical' AS classes,
      (SELECT group_concat(kind, ' ') FROM changes WHERE revision_id = r.id) AS kinds,
      (SELECT group_concat(name, ' ') FROM reasons WHERE revision_id = r.id) AS reasons,
      (SELECT coalesce(sum(points), 0) FROM reasons WHERE revision_id = r.id) AS points,
      db.title AS title_before, da.title AS title_after, NULL AS event_id, 0 AS folded, 0 AS closed,
      b.last_capture AS capture_before, r.first_capture AS capture_after
    FROM json_each(:ids) AS wanted
    JOIN revisions r ON r.id = wanted.value
    JOIN change_classes x ON x.revision_id = r.id AND x.class = 'technical'
    JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1
    JOIN open_pages o ON o.page_id = r.page_id
    JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id
    LEFT JOIN documents db ON db.id = b.document_id LEFT JOIN documents da ON da.id = r.document_id"""


def _passages(ask: Asked, ids: str) -> dict[int, tuple[list[list[Shown]], int]]:
    """Of each revision the first passages that changed, and how many more there are."""
    rows = ask.conn.execute(
        """SELECT t.revision_id, t.op, t.text, t.block_before, t.block_after
           FROM json_each(?) AS wanted JOIN change_text t ON t.revision_id = wanted.value
           ORDER BY t.revision_id, t.position""",
        (ids,),
    )
    found = {}
    for number, of_one in groupby(rows, key=lambda row: row[0]):
        blocks = [list(block) for _, block in groupby(of_one, key=lambda row: (row[3], row[4]))]
        blocks = [block for block in blocks if block[0][1] != "moved"]
        found[number] = ([_passage(block) for block in blocks[:PASSAGES]], max(0, len(blocks) - PASSAGES))
    return found


def _passage(hunks: list[tuple[int, str, str, str | None, str | None]]) -> list[Shown]:
    """One block's changes among the words that stand beside them."""
    _, _, _, before, after = hunks[0]
    if before and after and len(before) + len(after) <= _MOST:
        return list(_trimmed(shown(spans(before, after))))
    return [(op, _short(text)) for _, op, text, _, _ in hunks[:4]]


def _trimmed(runs: list[Shown]) -> Iterator[Shown]:
    """The runs, with what did not change cut to what stands near."""
    last = len(runs) - 1
    for k, (op, text) in enumerate(runs):
        if op != "same":
            yield op, _short(text)
        elif len(text) <= 2 * _AROUND:
            yield op, text
        else:
            head = text[:_AROUND].rsplit(" ", 1)[0] + " …" if k else "…"
            tail = text[-_AROUND:].partition(" ")[2] if k != last else ""
            yield op, f"{head} {tail}" if tail else head


def _short(text: str) -> str:
    return text if len(text) <= _LONG else text[:_LONG].rsplit(" ", 1)[0] + " …"


def _links(ask: Asked, ids: str) -> dict[int, list[Row]]:
    """The links that changed; one that is as it was, and only stands elsewhere, is 'moved'."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in ask.rows(
        """SELECT k.revision_id, k.op, k.rel, k.target, k.target_before, k.text, k.text_before, k.note
           FROM json_each(:ids) AS wanted JOIN link_edits k ON k.revision_id = wanted.value
           ORDER BY k.revision_id, k.rel <> 'attachment', k.position""",
        ids=ids,
    ):
        has_moved = row["op"] == "renamed" and row["text_before"] == told_link(row["rel"], row["text"], row["note"])
        found[row["revision_id"]].append(row | {"op": "moved"} if has_moved else row)
    return found


def _people(ask: Asked, ids: str) -> dict[int, list[Row]]:
    """Who came, went or changed places: by role and party."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in ask.rows(
        """SELECT n.revision_id, n.op, n.role, n.party, n.former FROM json_each(:ids) AS wanted
           JOIN personnel_changes n ON n.revision_id = wanted.value ORDER BY n.revision_id, n.position""",
        ids=ids,
    ):
        found[row["revision_id"]].append(row)
    return found


def _reasons(ask: Asked, ids: str) -> dict[int, list[tuple[str, int]]]:
    """Names and points only: what a reason quotes may be under embargo."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for number, name, points in ask.conn.execute(
        """SELECT q.revision_id, q.name, q.points FROM json_each(?) AS wanted
           JOIN reasons q ON q.revision_id = wanted.value ORDER BY q.revision_id, q.points DESC, q.name""",
        (ids,),
    ):
        found[number].append((name, points))
    return found


def _events(ask: Asked, ids: Collection[int]) -> dict[int, Row]:
    rows = ids and ask.rows(
        """SELECT event_id, kind, pages, first_seen, last_seen FROM events_by_site
           WHERE event_id IN (SELECT value FROM json_each(:ids))""",
        ids=json.dumps(sorted(ids)),
    )
    return {row["event_id"]: row for row in rows or ()}

"""Changes: how a revision differs from the one before it, as rows."""

import json
import sqlite3
from collections.abc import Iterable

from archiver.model import (
    Change,
    ClassOfChange,
    Difference,
    Ground,
    Hunk,
    LinkEdit,
    PersonEdit,
    Reason,
)
from archiver.store.forms import Stem, learn
from archiver.store.passages import passage_ids, target_ids

_NAMES_A_PERSON = "responsible"  # the one kind whose values stay out of the table of changes


def save_change(conn: sqlite3.Connection, revision_id: int, change: Change, stem: Stem) -> None:
    """How the revision differs from the one before it."""
    conn.executemany(
        "INSERT INTO changes (revision_id, kind, added, removed, before, after, summary) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(revision_id, d.kind, d.added, d.removed, *_values(d), d.summary) for d in change.differences],
    )
    conn.executemany(
        "INSERT INTO change_classes (revision_id, class, reason, grounds) VALUES (?, ?, ?, ?)",
        [(revision_id, c.name, c.reason, grounds_to_text(c.grounds)) for c in change.classes],
    )
    conn.executemany(
        "INSERT INTO reasons (revision_id, name, points, detail, grounds) VALUES (?, ?, ?, ?, ?)",
        [(revision_id, r.name, r.points, r.detail, grounds_to_text(r.grounds)) for r in change.reasons],
    )
    conn.executemany(
        """INSERT INTO personnel (revision_id, position, op, name, role, party, former)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [(revision_id, i, p.op, p.name, p.role, p.party, p.former) for i, p in enumerate(change.people)],
    )
    _save_hunks(conn, revision_id, change.hunks, stem)
    _save_link_edits(conn, revision_id, change.links)


def load_change(conn: sqlite3.Connection, revision_id: int) -> Change:
    """The change as it was saved, without `edits` and positions, which a comparison of the documents gives again."""
    differences = conn.execute(
        "SELECT kind, added, removed, before, after, summary FROM changes WHERE revision_id = ?", (revision_id,)
    )
    classes = conn.execute("SELECT class, reason, grounds FROM change_classes WHERE revision_id = ?", (revision_id,))
    reasons = conn.execute("SELECT name, points, detail, grounds FROM reasons WHERE revision_id = ?", (revision_id,))
    people = conn.execute(
        "SELECT op, name, role, party, former FROM personnel WHERE revision_id = ? ORDER BY position", (revision_id,)
    )
    hunks = conn.execute(
        """SELECT h.op, h.text, b.text, a.text, h.person FROM hunks h
           LEFT JOIN passages b ON b.id = h.before_id LEFT JOIN passages a ON a.id = h.after_id
           WHERE h.revision_id = ? ORDER BY h.position""",
        (revision_id,),
    )
    links = conn.execute(
        """SELECT k.op, k.rel, t.url, k.text, coalesce(b.url, k.former), NULL, NULL, k.note FROM link_changes k
           JOIN targets t ON t.id = k.target_id LEFT JOIN targets b ON b.id = k.before_id
           WHERE k.revision_id = ? ORDER BY k.position""",
        (revision_id,),
    )
    return Change(
        differences=tuple(Difference(*row) for row in differences),
        hunks=tuple(Hunk(op, text, before, after, bool(person)) for op, text, before, after, person in hunks),
        links=tuple(LinkEdit(*row) for row in links),
        classes=tuple(ClassOfChange(name, reason, grounds_from_text(kept)) for name, reason, kept in classes),
        reasons=tuple(Reason(name, points, detail, grounds_from_text(kept)) for name, points, detail, kept in reasons),
        people=tuple(PersonEdit(*row) for row in people),
    )


def grounds_to_text(grounds: Iterable[Ground]) -> str | None:
    """Grounds as a column keeps them: [[code, about ...], ...]; null where there are none."""
    rows = [[ground.code, *ground.about] for ground in grounds]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else None


def grounds_from_text(text: str | None) -> tuple[Ground, ...]:
    """The grounds that a column keeps."""
    return tuple(Ground(code, tuple(about)) for code, *about in json.loads(text)) if text else ()


def _values(difference: Difference) -> tuple[str | None, str | None]:
    if difference.kind == _NAMES_A_PERSON:
        return None, None
    return difference.before, difference.after


def _save_hunks(conn: sqlite3.Connection, revision_id: int, hunks: tuple[Hunk, ...], stem: Stem) -> None:
    if not hunks:
        return
    passages = passage_ids(conn, (t for h in hunks for t in (h.before, h.after) if t is not None), stem)
    conn.executemany(
        """INSERT INTO hunks (revision_id, position, op, before_id, after_id, text, person)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (revision_id, i, h.op, _id(passages, h.before), _id(passages, h.after), h.text, h.person)
            for i, h in enumerate(hunks)
        ],
    )
    learn(conn, (h.text for h in hunks), stem)  # a word may be cut otherwise here than in its block


def _save_link_edits(conn: sqlite3.Connection, revision_id: int, edits: tuple[LinkEdit, ...]) -> None:
    if not edits:
        return
    former = {e.before for e in edits if e.op == "retargeted" and e.before is not None}
    targets = target_ids(conn, [*(e.target for e in edits), *sorted(former)])
    conn.executemany(
        """INSERT INTO link_changes (revision_id, position, op, rel, target_id, before_id, text, former, note)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                revision_id, i, e.op, e.rel, targets[e.target],
                _id(targets, e.before) if e.op == "retargeted" else None,
                e.text,
                e.before if e.op != "retargeted" else None,
                e.note,
            )
            for i, e in enumerate(edits)
        ],
    )  # fmt: skip


def _id(ids: dict[str, int], name: str | None) -> int | None:
    return None if name is None else ids[name]

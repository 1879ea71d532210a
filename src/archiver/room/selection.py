"""Which changes a reader asked for: as the parameters of a URL, and as SQL.

Site-wide changes count as one: the first page of an event stands for it. Changes that `technical` names are ours and
in none. What a selection gives are ids of revisions; what is shown of them comes through the public views.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from archiver.diff import KINDS
from archiver.publish.words import CLASSES
from archiver.room.frame import Ask, Row, Unreadable
from archiver.room.matching import Terms
from archiver.room.told import begins

PERIODS = (1, 3, 7, 30, 90, 365)
"""Days back from today that are offered."""
MOST_COUNTED = 20_000
"""Changes, from the newest, that are counted and weighed: an archive of the whole country has more each month."""
MOST_MATCHES = 20_000
"""Revisions that words are found in at most."""
NOISE = ("flap", "bulk-stamp")
"""Classes that are shown when they are asked for."""
DOCUMENT_REMOVED = "document-removed"
"""Not a class of the archive: a change of the kind `attachments` that took one away."""
LISTED = (*(name for name in CLASSES if name not in NOISE), DOCUMENT_REMOVED)
SHOWN_KINDS = tuple(kind for kind in KINDS if kind != "responsible")
_CONDITIONS: Mapping[str, str] = {
    "source": "p.source_id IN (SELECT id FROM sources WHERE :source IN (code, id))",
    "county": "p.source_id IN (SELECT id FROM sources WHERE county = :county)",
    "section": "p.section = :section",
    "page": "p.id = :page",
    "since": "r.first_seen >= :since",
    "until": "r.first_seen < :until",
    "event": "r.id IN (SELECT revision_id FROM change_classes WHERE event_id = :event)",
    "weight": "(SELECT coalesce(sum(points), 0) FROM reasons WHERE revision_id = r.id) >= :weight",
    "matched": "r.id IN (SELECT value FROM json_each(:matched))",
}  # fmt: skip
_CHANGES = "FROM revisions r JOIN pages p ON p.id = r.page_id WHERE r.number > 1 AND p.kind IN ('page', 'file')"
_HIDDEN = "NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND ({}))"
_TECHNICAL = "x.class = 'technical'"
_NOT_FIRST_OF_EVENT = """x.folded AND EXISTS (SELECT 1 FROM change_classes y
    WHERE y.event_id = x.event_id AND y.folded AND y.revision_id < r.id)"""
_NOISE = "x.class = 'flap' OR x.class = 'bulk-stamp' AND x.folded"
_DOCUMENT = "r.id IN (SELECT revision_id FROM changes WHERE kind = 'attachments' AND removed > 0)"


@dataclass(frozen=True)
class Selection:
    """What was asked for; everything where nothing was."""

    words: str = ""
    op: str = ""  # only where they were 'added', or 'removed'
    source: str = ""  # kommunkod, or the source's id
    county: str = ""
    section: str = ""
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    days: int | None = None
    since: str | None = None  # days of ours: the first one, the last one
    until: str | None = None
    weight: int | None = None
    noise: bool = False
    heaviest: bool = False  # first the weightiest, not the newest
    event: int | None = None
    page: int | None = None

    @classmethod
    def of(cls, ask: Ask) -> "Selection":
        """What the parameters say; what names nothing we know is left out. Raises Unreadable."""
        since, until = ask.day("since"), ask.day("until")
        if since and until and since > until:
            raise Unreadable("until", until, since)
        return cls(
            words=ask.one("q"),
            op=ask.one("op") if ask.one("op") in ("added", "removed") else "",
            source=ask.one("m"),
            county=ask.one("county"),
            section=ask.one("section"),
            classes=tuple(c for c in ask.many("class") if c in CLASSES or c == DOCUMENT_REMOVED),
            kinds=tuple(k for k in ask.many("kind") if k in SHOWN_KINDS),
            days=ask.whole("days", 36_500) or None,
            since=since,
            until=until,
            weight=ask.whole("weight", 1000) or None,
            noise=ask.one("noise") == "1",
            heaviest=ask.one("order") == "weight",
            event=ask.whole("event"),
            page=ask.whole("page"),
        )

    @property
    def args(self) -> list[tuple[str, object]]:
        """The parameters that say it again, in a fixed order; so one selection has one address."""
        single: list[tuple[str, object]] = [
            ("q", self.words), ("op", self.op), ("m", self.source), ("county", self.county), ("section", self.section),
            ("days", self.days), ("since", self.since), ("until", self.until), ("weight", self.weight),
            ("event", self.event), ("page", self.page),
        ]  # fmt: skip
        chosen = [("class", name) for name in self.classes] + [("kind", name) for name in self.kinds]
        switches = [("noise", "1" if self.noise else ""), ("order", "weight" if self.heaviest else "")]
        return [(name, value) for name, value in [*single, *chosen, *switches] if value]

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it."""
        return not [name for name, _ in self.args if name not in ("noise", "order")]

    def where(self, ask: Ask, *, without_classes: bool = False) -> tuple[str, dict[str, object]]:
        """FROM and WHERE over revisions `r` and pages `p`, and the values bound in it."""
        values = self._values(ask)
        conditions = [sql for name, sql in _CONDITIONS.items() if values.get(name) is not None]
        hidden = [_TECHNICAL]
        if not self.event:
            hidden.append(_NOT_FIRST_OF_EVENT)
            if not self.noise and not set(self.classes) & set(NOISE):
                hidden.append(_NOISE)
        conditions.append(_HIDDEN.format(" OR ".join(hidden)))
        if not without_classes:
            narrowed, more = self.of_classes()
            conditions.append(narrowed)
            values |= more
        if self.kinds:
            names = [f":kind{k}" for k in range(len(self.kinds))]
            values |= {f"kind{k}": name for k, name in enumerate(self.kinds)}
            conditions.append(f"r.id IN (SELECT revision_id FROM changes WHERE kind IN ({', '.join(names)}))")
        return " AND ".join([_CHANGES, *conditions]), values

    def of_classes(self) -> tuple[str, dict[str, object]]:
        """The condition that the classes make on revisions `r`, and the values bound in it."""
        if not self.classes:
            return "1", {}
        names = [f":class{k}" for k in range(len(self.classes))]
        either = f"r.id IN (SELECT revision_id FROM change_classes WHERE class IN ({', '.join(names)}))"
        condition = f"({either} OR {_DOCUMENT})" if DOCUMENT_REMOVED in self.classes else either
        return condition, {f"class{k}": name for k, name in enumerate(self.classes)}

    def _values(self, ask: Ask) -> dict[str, object]:
        terms = Terms(self.words, ask.languages)
        since = self.since and begins(self.since)
        if self.days:
            back = (ask.told.now - timedelta(days=self.days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            since = max(since or "", back)
        found: dict[str, object] = {
            "source": self.source or None, "county": self.county or None, "section": self.section or None,
            "page": self.page, "since": since, "until": self.until and begins(self.until, 1), "event": self.event,
            "weight": self.weight,
        }  # fmt: skip
        if self.words:
            found["matched"] = json.dumps(matched(ask, terms, self.op))
        return {name: value for name, value in found.items() if value is not None}


def matched(ask: Ask, terms: Terms, op: str = "") -> list[int]:
    """Ids of revisions in whose public hunks all terms stand together; asked once for a page.

    Rows of people who came or went are in no public search. The index knows no embargo: hunks of pages that have one
    are looked up in the public view.
    """
    key = ("matched", terms.match)
    if not terms:
        return []
    if key not in ask.memo:
        ask.memo[key] = ask.conn.execute(
            """SELECT DISTINCT h.revision_id, h.op FROM hunks_fts f JOIN hunks h ON h.id = f.rowid
               JOIN revisions r ON r.id = h.revision_id JOIN pages p ON p.id = r.page_id
               WHERE hunks_fts MATCH :match AND NOT h.person AND (p.embargo_days IS NULL
                 OR EXISTS (SELECT 1 FROM change_text t WHERE t.hunk_id = h.id)) LIMIT :most""",
            {"match": terms.match, "most": MOST_MATCHES},
        ).fetchall()
    return list(dict.fromkeys(number for number, which in ask.memo[key] if op in ("", which)))


def tally(ask: Ask, selection: Selection) -> Row:
    """Of a whole selection: changes, sources, first and last, changes of text, of these silent ones; and `classes`,
    how many changes of each class there would be if no class were chosen.

    Counted once for all its pages, orders and languages, until the archive is written to; not where it ends now.
    """
    if selection.days or selection.words:
        return _counted(ask, selection)
    same = replace(selection, heaviest=False)
    return ask.archive.kept(f"tally {same}", lambda: _counted(ask, same))


def _counted(ask: Ask, selection: Selection) -> Row:
    where, values = selection.where(ask, without_classes=True)
    narrowed, more = selection.of_classes()
    rows = ask.conn.execute(
        f"""WITH every AS MATERIALIZED (SELECT r.id, r.first_seen, p.source_id {where}
                ORDER BY r.first_seen DESC LIMIT {MOST_COUNTED + 1}),
              chosen AS MATERIALIZED (SELECT * FROM every r WHERE {narrowed})
            SELECT '', count(*), count(DISTINCT source_id), min(first_seen), max(first_seen) FROM chosen
            UNION ALL SELECT '=text', count(*), 0, '', '' FROM chosen e CROSS JOIN changes k
              ON k.revision_id = e.id AND k.kind = 'text'
            UNION ALL SELECT '=silent', count(*), 0, '', '' FROM chosen e CROSS JOIN change_classes k
              ON k.revision_id = e.id AND k.class = 'silent-edit'
            UNION ALL SELECT '{DOCUMENT_REMOVED}', count(*), 0, '', '' FROM every e CROSS JOIN changes k
              ON k.revision_id = e.id AND k.kind = 'attachments' AND k.removed > 0
            UNION ALL SELECT k.class, count(*), 0, '', '' FROM every e CROSS JOIN change_classes k
              ON k.revision_id = e.id GROUP BY k.class""",
        values | more,
    ).fetchall()
    of = {row[0]: row[1] for row in rows}
    _, changes, sources, first, last = rows[0]
    return {
        "changes": changes, "sources": sources, "first": first, "last": last, "texts": of["=text"],
        "silent": of["=silent"], "classes": of, "more": changes > MOST_COUNTED,
    }  # fmt: skip


def chosen(ask: Ask, selection: Selection, most: int, before: tuple[str, int] | None = None) -> list[int]:
    """Ids of the selection's revisions from a place on, the newest first (or the weightiest)."""
    where, values = selection.where(ask)
    if selection.heaviest:
        return _heaviest(ask, where, values, most, before)
    if before:
        values |= {"before": before[0], "before_id": before[1]}
        where += " AND (r.first_seen, r.id) < (:before, :before_id)"
    sql = f"SELECT r.id {where} ORDER BY r.first_seen DESC, r.id DESC LIMIT :most"
    return [row[0] for row in ask.conn.execute(sql, values | {"most": most})]


def _heaviest(ask: Ask, where: str, values: dict[str, object], most: int, before: tuple[str, int] | None) -> list[int]:
    """The weightiest of the newest changes."""
    weight, number = before if before else (str(10**9), 0)
    rows = ask.conn.execute(
        f"""WITH newest AS MATERIALIZED (SELECT r.id {where} ORDER BY r.first_seen DESC LIMIT {MOST_COUNTED}),
              weighed AS (SELECT r.id, {_WEIGHT} AS weight FROM newest r)
            SELECT id FROM weighed WHERE (weight, id) < (CAST(:before AS INTEGER), :before_id)
            ORDER BY weight DESC, id DESC LIMIT :most""",
        values | {"most": most, "before": weight, "before_id": number},
    )
    return [row[0] for row in rows]


_WEIGHT = "(SELECT coalesce(sum(points), 0) FROM reasons WHERE revision_id = r.id)"

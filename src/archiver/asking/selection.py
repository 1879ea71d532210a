"""Which changes somebody asked for: as the parameters of a URL, and as SQL. The reading room's filters, and alerts'.

Site-wide changes count as one: of the pages that are asked for the first of an event stands for it, unless one page
is asked for. What `technical` names may be our reading, and is in none that does not ask for it. What a selection gives
are ids of revisions; what is shown of them comes through the public views.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from archiver.asking import finding
from archiver.asking.asked import Asked
from archiver.asking.days import begins
from archiver.asking.matching import Terms
from archiver.diff import KINDS
from archiver.publish.words import CLASSES, DOCUMENT_REMOVED

PERIODS = (1, 3, 7, 30, 90, 365)
"""Days back from today that are offered."""
MOST_COUNTED = 20_000
"""Changes, from the newest, that are counted and weighed: an archive of the whole country has more each month."""
MOST_MATCHES = 50_000
"""Hunks with the words, the newest, whose revisions are found."""
NOISE = ("flap", "bulk-stamp")
"""Classes that are shown when they are asked for."""
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
    "among": "r.id IN (SELECT value FROM json_each(:among))",
}  # fmt: skip
_CHANGES = "FROM revisions r JOIN pages p ON p.id = r.page_id WHERE r.number > 1 AND p.kind IN ('page', 'file')"
_HIDDEN = "NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND ({}))"
_TECHNICAL = "x.class = 'technical'"
_NOT_FIRST_OF_EVENT = """x.folded AND EXISTS (SELECT 1 FROM change_classes y {}
    WHERE y.event_id = x.event_id AND y.folded AND y.revision_id < r.id{})"""
_OF_OTHERS: Mapping[str, str] = {
    "section": "f.section = :section", "since": "e.first_seen >= :since", "until": "e.first_seen < :until",
}  # fmt: skip
"""What narrows a selection to some pages of an event: the first of these stands for it, or the event would be hidden
behind a page that was not asked for."""
_REVISIONS_OF_OTHERS = "JOIN revisions e ON e.id = y.revision_id JOIN pages f ON f.id = e.page_id"
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
    technical: bool = False  # also what may be our reading and no change of the site
    heaviest: bool = False  # first the weightiest, not the newest
    event: int | None = None
    page: int | None = None
    among: tuple[int, ...] | None = None  # no others than these revisions; in no address

    @property
    def args(self) -> list[tuple[str, object]]:
        """The parameters that say it again, in a fixed order; so one selection has one address."""
        single: list[tuple[str, object]] = [
            ("q", self.words), ("op", self.op), ("m", self.source), ("county", self.county), ("section", self.section),
            ("days", self.days), ("since", self.since), ("until", self.until), ("weight", self.weight),
            ("event", self.event), ("page", self.page),
        ]  # fmt: skip
        chosen = [("class", name) for name in self.classes] + [("kind", name) for name in self.kinds]
        switches = [
            ("noise", "1" if self.noise else ""), ("technical", "1" if self.technical else ""),
            ("order", "weight" if self.heaviest else ""),
        ]  # fmt: skip
        return [(name, value) for name, value in [*single, *chosen, *switches] if value]

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it."""
        return not [name for name, _ in self.args if name not in ("noise", "technical", "order")]

    def where(self, ask: Asked, *, without_classes: bool = False) -> tuple[str, dict[str, object]]:
        """FROM and WHERE over revisions `r` and pages `p`, and the values bound in it."""
        values = self._values(ask)
        conditions = [sql for name, sql in _CONDITIONS.items() if values.get(name) is not None]
        if hidden := list(self._hidden(values)):
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

    def _hidden(self, values: Mapping[str, object]) -> Iterator[str]:
        """The conditions on classes `x` of revisions that are left out."""
        if not self.technical:
            yield _TECHNICAL
        if not (self.event or self.page):
            narrowed = "".join(f" AND {sql}" for name, sql in _OF_OTHERS.items() if name in values)
            yield _NOT_FIRST_OF_EVENT.format(_REVISIONS_OF_OTHERS if narrowed else "", narrowed)
        if not (self.event or self.noise or set(self.classes) & set(NOISE)):
            yield _NOISE

    def of_classes(self) -> tuple[str, dict[str, object]]:
        """The condition that the classes make on revisions `r`, and the values bound in it."""
        if not self.classes:
            return "1", {}
        names = [f":class{k}" for k in range(len(self.classes))]
        either = f"r.id IN (SELECT revision_id FROM change_classes WHERE class IN ({', '.join(names)}))"
        condition = f"({either} OR {_DOCUMENT})" if DOCUMENT_REMOVED in self.classes else either
        return condition, {f"class{k}": name for k, name in enumerate(self.classes)}

    def _values(self, ask: Asked) -> dict[str, object]:
        terms = Terms(self.words, ask.languages, ask.words.forms)
        since = self.since and begins(self.since)
        if self.days:
            back = (ask.now - timedelta(days=self.days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            since = max(since or "", back)
        found: dict[str, object] = {
            "source": self.source or None, "county": self.county or None, "section": self.section or None,
            "page": self.page, "since": since, "until": self.until and begins(self.until, 1), "event": self.event,
            "weight": self.weight,
        }  # fmt: skip
        if self.words:
            among = self.among
            found["matched"] = json.dumps(
                matched(ask, terms, self.op) if among is None else matched_among(ask, terms, self.op, among)
            )
        if self.among is not None:
            found["among"] = json.dumps(self.among)
        return {name: value for name, value in found.items() if value is not None}


def matched(ask: Asked, terms: Terms, op: str = "") -> list[int]:
    """Ids of revisions in whose public hunks all terms stand together; asked once for a page.

    Rows of people who came or went are in no public search. The index knows no embargo: hunks of pages that have one
    are looked up in the public view. Of words that very many hunks have the newest are looked at.
    """
    key = ("matched", terms.match)
    if not terms:
        return []
    if key not in ask.memo:
        found_in, asked = _MATCHED, terms.match
        if any(term.open for term in terms.terms):  # of which the index makes long lists
            newest = finding.newest(ask.conn, "hunks", terms.terms, ask.words, finding.READ)
            found_in, asked = "SELECT value AS id FROM json_each(:asked)", json.dumps(list(newest))
        rows = ask.conn.execute(
            f"""SELECT DISTINCT h.revision_id, h.op FROM ({found_in}) f JOIN hunks h ON h.id = f.id
               JOIN revisions r ON r.id = h.revision_id JOIN pages p ON p.id = r.page_id
               WHERE NOT h.person AND (p.embargo_days IS NULL
                 OR EXISTS (SELECT 1 FROM change_text t WHERE t.hunk_id = h.id))""",
            {"asked": asked, "most": MOST_MATCHES},
        )
        ask.memo[key] = [tuple(row) for row in rows]
    found: list[tuple[int, str]] = ask.memo[key]
    return list(dict.fromkeys(revision for revision, of in found if op in ("", of)))


_MATCHED = "SELECT rowid AS id FROM hunks_fts WHERE hunks_fts MATCH :asked ORDER BY rowid DESC LIMIT :most"


def matched_among(ask: Asked, terms: Terms, op: str, revision_ids: Sequence[int]) -> list[int]:
    """As `matched`, of these revisions alone, and all of them: the index is asked about their hunks and no others."""
    if not terms:
        return []
    rows = ask.conn.execute(
        """SELECT DISTINCT h.revision_id FROM hunks_fts f JOIN hunks h ON h.id = f.rowid
           JOIN change_text t ON t.hunk_id = h.id
           WHERE hunks_fts MATCH :match AND (:op = '' OR h.op = :op)
             AND f.rowid IN (SELECT id FROM hunks WHERE revision_id IN (SELECT value FROM json_each(:among)))""",
        {"match": terms.match, "op": op, "among": json.dumps(list(revision_ids))},
    )
    return [row[0] for row in rows]


def chosen(ask: Asked, selection: Selection, most: int, before: tuple[str, int] | None = None) -> list[int]:
    """Ids of the selection's revisions from a place on, the newest first (or the weightiest)."""
    where, values = selection.where(ask)
    if selection.heaviest:
        return _heaviest(ask, where, values, most, before)
    if before:
        values |= {"before": before[0], "before_id": before[1]}
        where += " AND (r.first_seen, r.id) < (:before, :before_id)"
    sql = f"SELECT r.id {where} ORDER BY r.first_seen DESC, r.id DESC LIMIT :most"
    return [row[0] for row in ask.conn.execute(sql, values | {"most": most})]


def _heaviest(
    ask: Asked, where: str, values: dict[str, object], most: int, before: tuple[str, int] | None
) -> list[int]:
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

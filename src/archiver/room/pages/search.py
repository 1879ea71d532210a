"""Search: what stands today, what ever stood, what was added, what was removed. Never by who is named as responsible.

All terms must stand in one document (today, ever) or in one change (added, removed); a quoted phrase stands in one
passage. Full-text indexes know no embargo, so what they find is joined to what is public before it is counted.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from archiver.asking.cards import cards
from archiver.asking.finding import holders
from archiver.asking.matching import Terms
from archiver.asking.selection import Selection, chosen
from archiver.asking.terms import left_out
from archiver.room import feeds
from archiver.room.charts import bars, months_between
from archiver.room.frame import Answer, Ask, Row
from archiver.room.pages import shared

TENSES = ("now", "ever", "added", "removed")
A_PAGE = 20
MOST = 3_000
"""Revisions that are found at most; beyond, the numbers are told as 'at least'."""
_SNIPPETS = 2


def search(ask: Ask) -> Answer:
    """Results in one tense, the counts of all four, the phrase over time and per municipality."""
    terms = Terms(ask.one("q"), ask.languages, ask.words.forms)
    tense = ask.one("tense") if ask.one("tense") in TENSES else "now"
    found, are_more = _holders(ask, terms) if terms else ([], False)
    if source := ask.one("m"):
        found = [row for row in found if source in (row["code"], row["source_id"])]
    now = [row for row in found if row["current"]]
    edits = {op: _edits(ask, terms, op) if terms else [] for op in ("added", "removed")}
    listed: Sequence[Any] = edits.get(tense, now if tense == "now" else found)
    start = ask.whole("from", MOST) or 0
    start = start if start < len(listed) else 0
    asked = listed[start : start + A_PAGE]
    return ask.render(
        "search.html",
        terms=terms,
        text=ask.one("q"),
        left_out=left_out(ask.one("q")) if ask.one("q") else (),
        tense=tense,
        counts={"now": len(now), "ever": len(found)} | {op: len(ids) for op, ids in edits.items()},
        full={"now": are_more, "ever": are_more} | {op: len(ids) >= MOST for op, ids in edits.items()},
        results=[] if tense in edits else _shown(ask, terms, asked),
        listed=cards(ask, asked) if tense in edits else [],
        start=start,
        step=A_PAGE,
        next=start + A_PAGE if start + A_PAGE < len(listed) else None,
        months=_months(ask, found, source),
        per=_per_municipality(ask, found),
        sources=shared.sources(ask),
        source=source,
        pages=sum(shared.pages_by_source(ask, source).values()),
        feed=ask.feed(
            "/search.atom", [(n, ask.one(n)) for n in ("q", "m")] + [("tense", tense if tense in edits else "")]
        ),
        last=shared.last_run(ask),
        area="search",
    )


def feed(ask: Ask) -> Answer:
    """Changes that add or remove the words, as an Atom feed."""
    op = ask.one("tense") if ask.one("tense") in ("added", "removed") else ""
    selection = Selection(words=ask.one("q"), op=op, source=ask.one("m"), noise=True)
    listed = cards(ask, chosen(ask, selection, 50)) if Terms(selection.words, ask.languages, ask.words.forms) else []
    page = ask.url("/search", [("q", selection.words), ("m", selection.source), ("tense", op or "added")])
    return feeds.answer(ask, f"{ask.told['search_title']}: {selection.words}", page, listed)


def _holders(ask: Ask, terms: Terms) -> tuple[list[sqlite3.Row], bool]:
    """Public revisions in whose document all terms stand, the newest first; and whether there may be more."""
    documents, values, are_all = holders(ask.conn, terms.terms, ask.words)
    rows = ask.conn.execute(
        f"""SELECT r.id, r.page_id, r.number AS revision, r.first_seen, r.last_seen, r.document_id, r.last_capture,
              o.municipality, o.code, o.source_id,
              NOT EXISTS (SELECT 1 FROM revisions n WHERE n.page_id = r.page_id AND n.number > r.number) AS current
            FROM revisions r
            JOIN open_revisions w ON w.revision_id = r.id AND w.open
            JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
            WHERE r.document_id IN ({documents})
            ORDER BY r.last_seen DESC, r.id DESC LIMIT ?""",
        [*values, MOST],
    ).fetchall()
    return rows, not are_all or len(rows) == MOST


def _edits(ask: Ask, terms: Terms, op: str) -> list[int]:
    """Ids of changes that added, or removed, the words, the newest first: all of them in one hunk."""
    selection = Selection(words=terms.text, op=op, source=ask.one("m"), noise=True)
    return chosen(ask, selection, MOST)


def _shown(ask: Ask, terms: Terms, found: Sequence[sqlite3.Row]) -> list[Row]:
    """The results with their titles and the passages in which the words stand."""
    rows = ask.rows(
        """SELECT b.document_id, t.text, b.kind FROM json_each(:ids) AS wanted
           JOIN blocks b ON b.document_id = wanted.value AND b.part = 'main' JOIN passages t ON t.id = b.passage_id
           ORDER BY b.document_id, b.position""",
        ids=json.dumps(sorted({row["document_id"] for row in found})),
    )
    titles = {
        row["id"]: row
        for row in ask.rows(
            "SELECT d.id, d.title, d.updated FROM json_each(:ids) AS wanted JOIN documents d ON d.id = wanted.value",
            ids=json.dumps([row["document_id"] for row in found]),
        )
    }
    urls = {
        row["id"]: row["url"]
        for row in ask.rows(
            """SELECT c.id, a.url FROM json_each(:ids) AS wanted JOIN captures c ON c.id = wanted.value
               JOIN addresses a ON a.id = c.address_id""",
            ids=json.dumps([row["last_capture"] for row in found]),
        )
    }
    texts: dict[int, list[str]] = {}
    for row in rows:
        texts.setdefault(row["document_id"], []).append(row["text"])
    return [
        dict(row) | {
            "title": titles[row["document_id"]]["title"], "updated": titles[row["document_id"]]["updated"],
            "url": urls[row["last_capture"]], "snippets": _snippets(terms, texts.get(row["document_id"], [])),
        }
        for row in found
    ]  # fmt: skip


def _snippets(terms: Terms, texts: Iterable[str]) -> list[list[tuple[bool, str]]]:
    found: list[list[tuple[bool, str]]] = []
    for text in texts:
        if runs := terms.runs(text):
            found.append(runs)
        if len(found) == _SNIPPETS:
            break
    return found


def _seen_by_month(ask: Ask, source: str) -> dict[str, int]:
    """Pages seen in each month, of one municipality or of all: the denominators of a phrase over time."""

    def count() -> Counter[tuple[str, str, str]]:
        counts: Counter[tuple[str, str, str]] = Counter()
        for of, code, first, last in ask.conn.execute(
            """SELECT p.source_id, p.code, min(substr(r.first_seen, 1, 7)), max(substr(r.last_seen, 1, 7))
               FROM revisions r JOIN open_pages p ON p.page_id = r.page_id AND p.kind IN ('page', 'file')
               WHERE r.state = 'present' GROUP BY r.page_id"""
        ):
            counts.update((of, code, month) for month in months_between(first, last))
        return counts

    found: Counter[str] = Counter()
    for (of, code, month), number in ask.archive.kept("seen by month", count).items():
        if source in ("", of, code):
            found[month] += number
    return found


def _months(ask: Ask, found: Sequence[sqlite3.Row], source: str) -> list[Row]:
    """Pages on which the words stood, month by month, of those that were seen."""
    if not found:
        return []
    wholes = _seen_by_month(ask, source)
    spans: dict[tuple[str, str], set[int]] = {}  # pages by the months in which the words came and went
    for row in found:
        spans.setdefault((row["first_seen"][:7], row["last_seen"][:7]), set()).add(row["page_id"])
    counts: dict[str, set[int]] = {}
    for (first, last), pages in spans.items():
        for month in months_between(first, last):
            counts.setdefault(month, set()).update(pages)
    span = months_between(min(wholes), max(wholes)) if wholes else ()
    return bars({m: len(pages) for m, pages in counts.items()}, {m: wholes.get(m, 0) for m in span})


def _per_municipality(ask: Ask, found: Sequence[sqlite3.Row]) -> list[Row]:
    """Pages with the words, today and ever, of each municipality."""
    totals = shared.pages_by_source(ask)
    by: dict[str, Row] = {}
    for row in found:
        one = by.setdefault(row["source_id"], {
            "name": row["municipality"], "key": row["code"] or row["source_id"], "now": set(), "ever": set(),
            "of": totals.get(row["source_id"], 0),
        })  # fmt: skip
        one["ever"].add(row["page_id"])
        if row["current"]:
            one["now"].add(row["page_id"])
    rows = [row | {"now": len(row["now"]), "ever": len(row["ever"])} for row in by.values()]
    return sorted(rows, key=lambda row: (-row["now"], row["name"]))

"""One page: its timeline, its text as of any day, its links and documents with their fate, its addresses."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from archiver.asking.cards import cards
from archiver.asking.days import begins
from archiver.asking.selection import Selection, chosen
from archiver.errors import NotFound
from archiver.model import Document
from archiver.room import feeds
from archiver.room.charts import timeline
from archiver.room.comparing import Side, side
from archiver.room.frame import Answer, Ask, Row
from archiver.room.pages import memento, shared
from archiver.room.told import moment

_DATES = ("published", "updated", "reviewed")
MOST_REVISIONS = 200
"""Revisions that the table lists, from the newest; the others are among the page's changes."""
_MOST_LINKS = 400
_MOST_CAPTURES = 5000
_HEARSAY = """SELECT witness, said, first_seen, last_seen FROM hearsay
  WHERE page_id = :page ORDER BY last_seen DESC LIMIT 20"""


def page(ask: Ask) -> Answer:
    """A page's whole life."""
    number = int(ask.names["page"])
    about = _about(ask, number)
    revisions = _revisions(ask, number)
    texts = [r for r in revisions if "text" in r["kinds"] and "technical" not in r["classes"]]
    captures = _captures(ask, number)
    at = ask.day("at")
    shown, links = _as_of(ask, number, at), _links(ask, number)
    return ask.render(
        "page.html",
        about=about,
        title=_title(revisions) or about["url"],
        state=_state(ask, number, revisions),
        revisions=revisions[::-1][:MOST_REVISIONS],
        total=len(revisions),
        silent=sum("silent-edit" in r["classes"] for r in texts),
        texts=len(texts),
        chart=timeline(revisions, captures, _claimed(revisions), ask.told.now) if captures else None,
        days=len({f"{moment(c['captured_at']):%F}" for c in captures}),
        last_day=f"{moment(captures[-1]['captured_at']):%F}" if captures else "",
        captures=captures,
        at=at,
        shown=shown,
        document=_readable(shown),
        links=links,
        former=_former(ask, number, {link["target"] for link in links}),
        addresses=_addresses(ask, number),
        hearsay=ask.rows(_HEARSAY, page=number),
        last=shared.last_run(ask),
        feed=ask.feed(f"/page/{number}.atom"),
        area="municipalities",
    )  # fmt: skip


def feed(ask: Ask) -> Answer:
    """The changes of one page as an Atom feed."""
    number = int(ask.names["page"])
    about = _about(ask, number)
    listed = cards(ask, chosen(ask, Selection(page=number, noise=True), 50))
    return feeds.answer(ask, f"{about['municipality']}: {about['url']}", ask.url(f"/page/{number}"), listed)


def capture(ask: Ask) -> Answer:
    """One capture: what came, when, how it was read, and the text as we read it."""
    shown = side(ask, int(ask.names["capture"]))
    answer = ask.render(
        "capture.html",
        c=shown.row,
        title=(shown.document.title if shown.document and shown.is_open else None) or shown.row["url"],
        document=_readable(shown),
        is_open=shown.is_open,
        revisions=_revisions(ask, shown.row["page_id"]),
        rendering=ask.row(
            """SELECT m.outcome, m.browser, m.rendered_at, b.sha256
               FROM renderings m LEFT JOIN bodies b ON b.id = m.body_id WHERE m.capture_id = :id""",
            id=shown.row["capture_id"],
        ),
        last=shared.last_run(ask),
        area="municipalities",
    )
    return replace(answer, headers=memento.headers_of(ask, shown.row)) if shown.document else answer


def look_up(ask: Ask) -> Answer:
    """The page at a municipality's own address. Raises NotFound."""
    found = shared.page_at(ask, ask.one("url"))
    return Answer("", 302, headers={"location": ask.url(f"/page/{found}")}, keep=False)


def _about(ask: Ask, number: int) -> Row:
    row = ask.row(
        """SELECT o.page_id, o.municipality, o.code, o.section, o.kind, o.embargo_days,
             (SELECT a.url FROM page_addresses pa JOIN addresses a ON a.id = pa.address_id
              LEFT JOIN captures c ON c.address_id = a.id WHERE pa.page_id = o.page_id
              ORDER BY c.captured_at DESC LIMIT 1) AS url
           FROM open_pages o WHERE o.page_id = :page AND o.kind IN ('page', 'file')""",
        page=number,
    )
    if row is None:
        raise NotFound(f"there is no page {number}")
    return row


def _revisions(ask: Ask, number: int) -> list[Row]:
    """The page's revisions, the first first, each with what it said of itself and how it came about."""
    rows = ask.rows(
        """SELECT r.id, r.number AS revision, r.state, r.first_seen, r.last_seen, r.visits, r.first_capture,
             r.last_capture, r.moved_to, b.last_seen AS seen_before, b.last_capture AS capture_before,
             d.title, d.published, d.updated, d.reviewed, d.words, d.legible,
             (SELECT group_concat(class, ' ') FROM change_classes WHERE revision_id = r.id) AS classes,
             (SELECT group_concat(kind, ' ') FROM changes WHERE revision_id = r.id AND kind <> 'responsible') AS kinds,
             k.added, k.removed
           FROM revisions r LEFT JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1
           LEFT JOIN documents d ON d.id = r.document_id
           LEFT JOIN changes k ON k.revision_id = r.id AND k.kind = 'text'
           WHERE r.page_id = :page ORDER BY r.number""",
        page=number,
    )
    for row in rows:
        row["classes"], row["kinds"] = (row["classes"] or "").split(), (row["kinds"] or "").split()
    return rows


def _captures(ask: Ask, number: int) -> list[Row]:
    rows = ask.rows(
        """SELECT c.id, c.captured_at, c.outcome, g.verdict, coalesce(g.verdict = 'good', c.outcome = 'same') AS good
           FROM page_addresses p JOIN captures c ON c.address_id = p.address_id
           LEFT JOIN readings g ON g.capture_id = c.id
           WHERE p.page_id = :page ORDER BY c.captured_at DESC LIMIT :most""",
        page=number,
        most=_MOST_CAPTURES,
    )
    return rows[::-1]


def _as_of(ask: Ask, number: int, at: str | None) -> Side | None:
    """The last good capture, or the last not after the end of a day of ours: of all, not of those that are drawn."""
    found = ask.row(
        """SELECT c.id FROM page_addresses p JOIN captures c ON c.address_id = p.address_id
           JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
           WHERE p.page_id = :page AND c.captured_at < :end ORDER BY c.captured_at DESC, c.id DESC LIMIT 1""",
        page=number,
        end=begins(at, 1) if at else "9999",
    )
    return side(ask, found["id"]) if found else None


def _readable(shown: Side | None) -> Document | None:
    return shown.document if shown and shown.is_open else None


def _claimed(revisions: Sequence[Row]) -> list[Row]:
    """Each date the page ever believed of itself, once."""
    pairs = {(name, row[name]): None for row in revisions for name in _DATES if row[name]}
    return [{"meaning": meaning, "value": value} for meaning, value in pairs]


def _title(revisions: Sequence[Row]) -> str | None:
    return next((row["title"] for row in reversed(revisions) if row["title"]), None)


def _state(ask: Ask, number: int, revisions: Sequence[Row]) -> str:
    suspect = ask.row("SELECT 1 FROM absences WHERE page_id = :page AND state = 'suspect'", page=number)
    return "suspect" if suspect else str(revisions[-1]["state"]) if revisions else "none"


def _links(ask: Ask, number: int) -> list[Row]:
    """Links and documents of the current text, documents first, each with what came of it when it was last asked."""
    return ask.rows(
        """SELECT l.rel, l.text, l.note, t.url AS target, c.outcome, c.captured_at, pa.page_id AS leads_to
           FROM revisions r JOIN open_revisions w ON w.revision_id = r.id AND w.open
           JOIN links l ON l.document_id = r.document_id AND l.part = 'main' AND l.rel IN ('link', 'attachment')
           JOIN targets t ON t.id = l.target_id
           LEFT JOIN addresses a ON a.key = t.key
           LEFT JOIN page_addresses pa ON pa.address_id = a.id
           LEFT JOIN captures c ON c.id = (SELECT id FROM captures WHERE address_id = a.id
                                           ORDER BY captured_at DESC LIMIT 1)
           WHERE r.page_id = :page AND r.number = (SELECT max(number) FROM revisions WHERE page_id = :page)
           ORDER BY l.rel <> 'attachment', l.position LIMIT :most""",
        page=number,
        most=_MOST_LINKS,
    )


def _former(ask: Ask, number: int, linked: Collection[str]) -> list[Row]:
    """Documents that once stood on the page and do not any more, each once, the last to go first."""
    rows = ask.rows(
        """SELECT e.op, e.text, e.target, e.note, e.seen_after, e.target_fate AS outcome,
             (SELECT r.last_seen FROM revisions r JOIN revisions n ON n.page_id = r.page_id AND n.number = r.number + 1
              WHERE n.id = e.revision_id) AS last_seen
           FROM link_edits e WHERE e.page_id = :page AND e.rel = 'attachment' AND e.op = 'removed'
           ORDER BY e.seen_after DESC LIMIT 200""",
        page=number,
    )
    last = {row["target"]: row for row in reversed(rows)}
    return [row for row in rows if row is last[row["target"]] and row["target"] not in linked]


def _addresses(ask: Ask, number: int) -> list[Row]:
    return ask.rows(
        """SELECT a.url, pa.why, a.found_at, count(c.id) AS captures, min(c.captured_at) AS first,
             max(c.captured_at) AS last
           FROM page_addresses pa JOIN addresses a ON a.id = pa.address_id LEFT JOIN captures c ON c.address_id = a.id
           WHERE pa.page_id = :page GROUP BY a.id ORDER BY last DESC""",
        page=number,
    )

"""How long after a meeting its minutes were published: the day in the link's words, and when we first saw the link.

The second is an upper bound of when it was published: nobody saw the page between the visit before and that one. A link
that stood on the page when we first looked is left out: it may have stood there for years.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date

from archiver.extract.dates.forms import Calendar
from archiver.model import Language

Row = dict[str, object]
_LINKS = """SELECT o.municipality, o.code, s.language, r.page_id, t.url AS document, l.text, d.title AS body,
      min(r.first_seen) AS first_seen, a.url
    FROM links l
    JOIN targets t ON t.id = l.target_id
    JOIN revisions r ON r.document_id = l.document_id
    JOIN open_revisions w ON w.revision_id = r.id AND w.open
    JOIN open_pages o ON o.page_id = r.page_id AND o.kind = 'page'
    JOIN sources s ON s.id = o.source_id
    JOIN documents d ON d.id = l.document_id
    JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id
    WHERE l.text LIKE '%' || :word || '%'
      AND (:kommun IS NULL OR o.code = :kommun OR o.municipality = :kommun COLLATE NOCASE)
    GROUP BY r.page_id, l.target_id HAVING min(r.number) > 1
    ORDER BY o.municipality, first_seen"""


def lags(conn: sqlite3.Connection, word: str, *, kommun: str | None = None) -> Iterator[Row]:
    """One row a link whose words name a day: municipality, code, body (the page's title), meeting, first_seen, days.

    `days` is at most so many. A link without a day, or with one after it was seen, is passed over.
    """
    calendars: dict[str, Calendar] = {}
    rows = conn.execute(_LINKS, {"word": word, "kommun": kommun})
    for municipality, code, language, _, document, text, body, first_seen, url in rows:
        if language not in calendars:
            calendars[language] = Calendar(_language(conn, language))
        meeting = _day(text, calendars[language])
        seen = date.fromisoformat(first_seen[:10])
        if meeting is not None and meeting <= seen:
            yield {
                "municipality": municipality, "code": code, "body": body, "meeting": meeting.isoformat(),
                "first_seen": first_seen, "days": (seen - meeting).days, "text": text, "document": document, "url": url,
            }  # fmt: skip


def _day(text: str, calendar: Calendar) -> date | None:
    """The first whole day in a text."""
    for at, sign in enumerate(text):
        if not sign.isalnum() or (at and text[at - 1].isalnum()):
            continue
        found = calendar.day(text, at)
        if found is not None and found.value and len(found.value) >= len("2019-11-08"):
            return date.fromisoformat(found.value[:10])
    return None


def _language(conn: sqlite3.Connection, code: str) -> Language:
    """How the language writes a day, as the rules that read the archive last have it."""
    row = conn.execute("SELECT content FROM rules WHERE language = ? ORDER BY id DESC LIMIT 1", (code,)).fetchone()
    said = json.loads(row[0])["language"] if row else {}
    months = tuple((name, number) for name, number in said.get("months", ()))
    return Language(code, order=said.get("order", "day-first"), months=months, glue=tuple(said.get("glue", ())))

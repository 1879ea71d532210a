"""What several pages ask of the archive."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta

from archiver import urls
from archiver.errors import NotFound
from archiver.publish.tables import harmless
from archiver.room.frame import Answer, Ask, Row
from archiver.store import evidence
from archiver.store.times import to_text

STALE = timedelta(days=3)
"""Without a good visit for so long a source is said not to be seen."""


def sources(ask: Ask) -> list[Row]:
    """The municipalities that the archive holds, by name."""
    return ask.rows("SELECT id, code, municipality, county FROM sources ORDER BY municipality, id")


def well_seen(ask: Ask) -> list[Row]:
    """The municipalities by name, each with the beginning of the last run in which a page or file was well seen, and
    whether that is long ago."""
    bound = to_text(ask.told.now - STALE)
    rows = ask.rows(_WELL_SEEN)
    return [row | {"is_stale": row["last_good"] is None or row["last_good"] < bound} for row in rows]


_WELL_SEEN = """SELECT s.id, s.code, s.municipality, s.county, (
    SELECT n.started_at FROM runs n WHERE n.source_id = s.id AND EXISTS (
      SELECT 1 FROM captures c JOIN addresses a ON a.id = c.address_id AND a.role IN ('page', 'file')
      LEFT JOIN readings g ON g.capture_id = c.id
      WHERE c.run_id = n.id AND c.outcome IN ('ok', 'same') AND coalesce(g.verdict, 'good') = 'good')
    ORDER BY n.started_at DESC LIMIT 1) AS last_good
  FROM sources s ORDER BY s.municipality, s.id"""


def sections(ask: Ask) -> list[str]:
    """The names of sections that pages stand in."""
    sql = "SELECT DISTINCT section FROM pages WHERE section <> '' ORDER BY 1"
    return ask.archive.kept("sections", lambda: [row["section"] for row in ask.rows(sql)])


def pages_by_source(ask: Ask, source: str = "") -> dict[str, int]:
    """How many pages and documents are followed of each source, or of the one with that code or id."""
    sql = """SELECT source_id, code, count(*) AS number FROM open_pages WHERE kind IN ('page', 'file')
             GROUP BY source_id"""
    rows = ask.archive.kept("pages", lambda: ask.rows(sql))
    return {row["source_id"]: row["number"] for row in rows if source in ("", row["source_id"], row["code"])}


def last_run(ask: Ask) -> Row | None:
    """The run that ended last, and whether it is sealed."""
    return ask.row(
        """SELECT n.finished_at, s.id IS NOT NULL AS sealed FROM runs n LEFT JOIN seals s ON s.run_id = n.id
           WHERE n.finished_at IS NOT NULL ORDER BY n.id DESC LIMIT 1"""
    )


def page_at(ask: Ask, url: str) -> int:
    """The page at a municipality's own address. Raises NotFound."""
    parsed = urls.parse(url) or urls.parse(f"https://{url}") or ""
    for wanted in (parsed, parsed.replace("http://", "https://", 1), parsed.replace("https://", "http://", 1)):
        address = evidence.find_address(ask.conn, wanted) if wanted else None
        row = address and ask.row("SELECT page_id FROM page_addresses WHERE address_id = :id", id=address.id)
        if row:
            return int(row["page_id"])
    raise NotFound(f"{url} is not in the archive")


def as_csv(name: str, columns: Sequence[str], rows: Iterable[Row]) -> Answer:
    """Rows as a file of CSV (RFC 4180), of these columns, in which no text begins a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: harmless(v) if isinstance(v, str) else v for column, v in row.items()})
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Answer("\ufeff" + out.getvalue(), 200, "text/csv; charset=utf-8", headers)

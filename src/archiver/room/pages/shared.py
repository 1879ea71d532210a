"""What several pages ask of the archive."""

from archiver import urls
from archiver.errors import NotFound
from archiver.room.frame import Ask, Row
from archiver.store import evidence


def sources(ask: Ask) -> list[Row]:
    """The municipalities that the archive holds, by name."""
    return ask.rows("SELECT id, code, municipality, county FROM sources ORDER BY municipality, id")


def sections(ask: Ask) -> list[str]:
    """The names of sections that pages stand in."""
    sql = "SELECT DISTINCT section FROM pages WHERE section <> '' ORDER BY 1"
    return ask.archive.kept("sections", lambda: [row["section"] for row in ask.rows(sql)])


def pages_by_source(ask: Ask) -> dict[str, int]:
    """How many pages and documents are followed of each source."""
    sql = "SELECT source_id, count(*) AS number FROM pages WHERE kind IN ('page', 'file') GROUP BY source_id"
    return ask.archive.kept("pages", lambda: {row["source_id"]: row["number"] for row in ask.rows(sql)})


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


def harmless(value: object) -> object:
    """A cell that a spreadsheet does not take for a formula (OWASP, CSV Injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value

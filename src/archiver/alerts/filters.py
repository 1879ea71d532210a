"""A saved filter as a question to the archive: the front page's, of these revisions alone."""

from dataclasses import replace
from urllib.parse import urlencode

from archiver import urls
from archiver.asking.asked import Asked
from archiver.asking.selection import Selection, chosen
from archiver.model import Wanted


def selection(wanted: Wanted) -> Selection:
    """What the reading room would be asked for, but for one page: its number is not known here."""
    return Selection(
        words=wanted.words,
        op=wanted.op,
        source=wanted.source,
        county=wanted.county,
        section=wanted.section,
        classes=wanted.classes,
        kinds=wanted.kinds,
        weight=wanted.weight,
        noise=wanted.noise,
    )


def fitting(ask: Asked, wanted: Wanted, revision_ids: tuple[int, ...]) -> list[int]:
    """Those of the revisions that fit, the newest first."""
    if not revision_ids:
        return []
    page = _page(ask, wanted.page) if wanted.page else None
    if wanted.page and page is None:
        return []
    return chosen(ask, replace(selection(wanted), page=page, among=revision_ids), len(revision_ids))


def address(room: str | None, wanted: Wanted) -> str | None:
    """The room's page that shows the whole filter; None where no room is known."""
    if room is None:
        return None
    if wanted.page:
        return f"{room}/page?{urlencode({'url': wanted.page})}"
    return f"{room}/?{urlencode([(name, str(value)) for name, value in selection(wanted).args])}"


def _page(ask: Asked, url: str) -> int | None:
    """The page that the address showed."""
    row = ask.conn.execute(
        """SELECT j.page_id FROM addresses a JOIN page_addresses j ON j.address_id = a.id
           WHERE a.key = ? OR a.url = ? ORDER BY a.key = ? DESC LIMIT 1""",
        (key := urls.key(url), url, key),
    ).fetchone()
    return None if row is None else int(row[0])

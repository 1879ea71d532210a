"""Published and updated as an archive read them, against the index of the shared corpus."""

import csv
import gzip
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from benchmarks import CORPUS

COLUMNS = {
    "published": ("meta_pubdate", "article_published_time", "ld_datePublished", "visible_date_lines"),
    "updated": ("meta_moddate", "article_modified_time", "ld_dateModified", "visible_date_lines"),
}
"""Field -> the gold's column, and the other places where the page might say such a date."""


@dataclass(frozen=True)
class Score:
    """How one field was read."""

    exact: int  # the very day of the gold
    of: int  # pages that have the date in their meta tags
    missing: int  # of these, read as having none
    invented: int  # pages that say no such date anywhere, read as having one

    @property
    def share(self) -> float:
        """Exact, of those that have it."""
        return self.exact / self.of


def score(archive: Path, site: str) -> dict[str, Score]:
    """Field -> score, over the pages of the site that the archive and the index share."""
    read = _read(archive)
    gold = {_plain(row["url"]): row for row in index(site) if row["url"]}
    found = {}
    for field, (column, *others) in COLUMNS.items():
        pairs = [(read[url][field], row) for url, row in gold.items() if url in read]
        dated = [(ours, row[column]) for ours, row in pairs if row[column]]
        undated = [ours for ours, row in pairs if not any(row[name] for name in (column, *others))]
        found[field] = Score(
            exact=sum((ours or "")[:10] == theirs[:10] for ours, theirs in dated),
            of=len(dated),
            missing=sum(ours is None for ours, _ in dated),
            invented=sum(ours is not None for ours in undated),
        )
    return found


def _read(archive: Path) -> dict[str, sqlite3.Row]:
    conn = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    conn.row_factory = sqlite3.Row
    rows = conn.execute("SELECT url, published, updated FROM current_pages WHERE kind = 'page'").fetchall()
    conn.close()
    return {_plain(row["url"]): row for row in rows}


def index(site: str) -> list[dict[str, str]]:
    """What the corpus knows of each file of a site: its path, its URL, and every date that it says."""
    with gzip.open(CORPUS / "municipio" / f"{site}.index.csv.gz", "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _plain(url: str) -> str:
    return url.partition("://")[2].rstrip("/")

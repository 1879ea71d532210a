"""A cold crawl of a real site, and a second one the same day, beside Scrapy + trafilatura + htmldate into SQLite.

    python -m benchmarks.crawl [--rounds 3] [--site foretagare.helsingborg.se]

Both crawl the same pages from the same loopback server through the same proxy, politeness off, in turn. CPU seconds
are the figure to trust on a noisy machine; the ratio is that of the medians.
"""

import argparse
import csv
import gzip
import json
import sqlite3
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Measure, measure, python
from benchmarks.replay import CORPUS, configuration, serving


@dataclass(frozen=True)
class Row:
    """One crawl: what it cost and what it kept."""

    name: str
    pages: int
    measure: Measure
    stored: int  # bytes of the database

    def cells(self) -> list[str]:
        """The figures, as the table shows them."""
        return [
            self.name,
            str(self.pages),
            f"{self.pages / self.measure.wall:.1f}",
            f"{1000 * self.measure.cpu / max(self.pages, 1):.2f}",
            f"{self.measure.memory / 1e6:.0f}",
            f"{self.stored / max(self.pages, 1) / 1e3:.1f}",
        ]


HEADINGS = ["", "pages", "pages/s", "CPU s / 1,000 pages", "peak memory MB", "kB a capture"]


def ours(folder: Path, proxy: str, site: str) -> tuple[Row, Row, dict[str, int]]:
    """A cold crawl and one more the same day; and what the archive then holds."""
    config = configuration(folder, proxy, site)
    archive = folder / "archive.db"
    command = python("-m", "archiver", "--config", str(config), "--archive", str(archive), "crawl", "--json")
    cold = measure(command)
    pages = _asked(cold)
    first = Row("archiver, cold", pages, cold, archive.stat().st_size)
    warm = measure([*command, "--again"])
    second = Row("archiver, again", _asked(warm), warm, archive.stat().st_size - first.stored)
    return first, second, _revisions(archive)


def _asked(run: Measure) -> int:
    if run.status != 0:
        raise SystemExit(f"the crawl failed ({run.status}): {run.out}")
    return int(json.loads(run.out)["sources"][0]["asked"])


def _revisions(archive: Path) -> dict[str, int]:
    conn = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    query = "SELECT count(*), count(DISTINCT r.page_id) FROM revisions r JOIN pages p ON p.id = r.page_id"
    revisions, pages = conn.execute(f"{query} WHERE p.kind IN ('page', 'file')").fetchone()
    conn.close()
    return {"revisions": revisions, "pages": pages}


def rival(folder: Path, proxy: str, site: str) -> Row:
    """The rival's cold crawl."""
    db = folder / "rival.db"
    base = f"http://{site}/"
    run = measure(python("-m", "benchmarks.rival_scrapy", proxy, str(db), base, site, f"{base}sitemap.xml"))
    if run.status != 0:
        raise SystemExit(f"the rival failed: {run.out}")
    conn = sqlite3.connect(db)
    pages = conn.execute("SELECT count(*) FROM pages").fetchone()[0]
    conn.close()
    return Row("Scrapy + trafilatura + htmldate", pages, run, db.stat().st_size)


def accuracy(archive: Path, site: str) -> dict[str, str]:
    """Published and updated against the corpus's index: exact, of the pages that have the date in their meta tags."""
    conn = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    rows = conn.execute("SELECT url, published, updated FROM current_pages WHERE kind = 'page'").fetchall()
    read = {_plain(url): (published, updated) for url, published, updated in rows}
    conn.close()
    with gzip.open(CORPUS / "municipio" / f"{site}.index.csv.gz", "rt", encoding="utf-8") as lines:
        gold = {_plain(row["url"]): row for row in csv.DictReader(lines) if row["url"]}
    found = {}
    for place, (field, column) in enumerate((("published", "meta_pubdate"), ("updated", "meta_moddate"))):
        both = [(read[url][place], row[column]) for url, row in gold.items() if url in read and row[column]]
        exact = sum(bool(ours) and ours[:10] == theirs[:10] for ours, theirs in both)
        found[field] = f"{exact} of {len(both)} exact, {sum(ours is None for ours, _ in both)} missing"
    return found


def _plain(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/")


def table(rows: list[list[str]]) -> str:
    """The rows under their headings, as Markdown."""
    widths = [max(len(row[i]) for row in [HEADINGS, *rows]) for i in range(len(HEADINGS))]
    lines = [" | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in [HEADINGS, *rows]]
    lines.insert(1, "-|-".join("-" * w for w in widths))
    return "\n".join(f"| {line} |" for line in lines)


def main() -> None:
    """Print the table, the ratio of medians, and how exact the dates are."""
    parser = argparse.ArgumentParser(prog="benchmarks.crawl", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--site", default="foretagare.helsingborg.se")
    parser.add_argument("--no-rival", action="store_true", help="only our own figures")
    options = parser.parse_args()
    if not CORPUS.exists():
        sys.exit("this benchmark needs the shared corpus of real pages, which is not here")
    colds, agains, rivals = [], [], []
    held: dict[str, int] = {}
    exact: dict[str, str] = {}
    with serving(options.site) as replay:
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory() as name:
                cold, again, held = ours(Path(name), replay.url, options.site)
                exact = accuracy(Path(name) / "archive.db", options.site)
                colds.append(cold)
                agains.append(again)
                if not options.no_rival:
                    rivals.append(rival(Path(name), replay.url, options.site))
    print(table([row.cells() for row in [*colds, *agains, *rivals]]))
    print(f"after the second crawl: {held['pages']} pages, {held['revisions']} revisions")
    print(f"dates against the index: {exact}")
    if rivals:
        per_page = [statistics.median(r.measure.cpu / r.pages for r in rows) for rows in (colds, rivals)]
        print(
            f"CPU a page, median: ours {1000 * per_page[0]:.2f} ms, rival {1000 * per_page[1]:.2f} ms, "
            f"ratio {per_page[1] / per_page[0]:.1f}"
        )


if __name__ == "__main__":
    main()

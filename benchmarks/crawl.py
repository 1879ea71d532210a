"""A cold crawl of a real site, and a second one the same day, beside Scrapy + trafilatura + htmldate into SQLite.

    python -m benchmarks.crawl [--rounds 3] [--site foretagare.helsingborg.se]

Both crawl the same pages from the same loopback server through the same proxy, politeness off, in turn. CPU seconds
are the figure to trust on a noisy machine; the ratio is that of the medians.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import CORPUS
from benchmarks.gold import Score, score
from benchmarks.measuring import Measure, measure, python
from benchmarks.replay import configuration, serving
from benchmarks.tables import table


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


HEADINGS = ["", "pages", "pages/s", "CPU s / 1,000 pages", "peak memory MB", "kB a page"]


def ours(folder: Path, proxy: str, site: str) -> tuple[Row, Row, dict[str, int]]:
    """A cold crawl and one more the same day; and what the archive then holds."""
    config = configuration(folder, proxy, site)
    archive = folder / "archive.db"
    command = python("-m", "archiver", "--config", str(config), "--archive", str(archive), "crawl", "--json")
    cold = measure(command)
    pages = _pages(cold)
    first = Row("archiver, cold", pages, cold, archive.stat().st_size)
    warm = measure([*command, "--again"])
    second = Row("archiver, again", _pages(warm), warm, archive.stat().st_size - first.stored)
    return first, second, _revisions(archive)


def _pages(run: Measure) -> int:
    """Answers that showed a page: what is asked for and is not there counts for nobody."""
    if run.status != 0:
        raise SystemExit(f"the crawl failed ({run.status}): {run.out}")
    said = json.loads(run.out)["sources"][0]
    return int(said["new"] + said["changed"] + said["unchanged"] + said["set_aside"])


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
    dates: dict[str, Score] = {}
    with serving(options.site) as replay:
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory() as name:
                cold, again, held = ours(Path(name), replay.url, options.site)
                dates = score(Path(name) / "archive.db", options.site)
                colds.append(cold)
                agains.append(again)
                if not options.no_rival:
                    rivals.append(rival(Path(name), replay.url, options.site))
    print(table(HEADINGS, [row.cells() for row in [*colds, *agains, *rivals]]))
    print(f"after the second crawl: {held['pages']} pages, {held['revisions']} revisions")
    for field, found in dates.items():
        print(f"{field}: {found.exact} of {found.of} exact, {found.missing} missing, {found.invented} invented")
    if rivals:
        per_page = [statistics.median(r.measure.cpu / r.pages for r in rows) for rows in (colds, rivals)]
        print(
            f"CPU a page, median: ours {1000 * per_page[0]:.2f} ms, rival {1000 * per_page[1]:.2f} ms, "
            f"ratio {per_page[1] / per_page[0]:.1f}"
        )


if __name__ == "__main__":
    main()

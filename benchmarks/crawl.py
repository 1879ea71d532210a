"""Three crawls of a real site: cold, again the same day, and when a twentieth of its pages was edited.

    python -m benchmarks.crawl [--rounds 3] [--site foretagare.helsingborg.se]

The rival is Scrapy + trafilatura + htmldate into SQLite. Both crawl the same pages from the same loopback server
through the same proxy, politeness off, in turn, and ask again with validators. CPU seconds are the figure to trust on a
noisy machine; the ratios are those of the medians.
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
from benchmarks.replay import Replay, configuration, serving
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


COLD, AGAIN, CHANGED = "cold", "all as before", "one in twenty edited"
HEADINGS = ["", "pages", "pages/s", "CPU s / 1,000 pages", "peak memory MB", "kB a page"]


def ours(folder: Path, replay: Replay, site: str) -> tuple[list[Row], dict[str, int], dict[str, Score]]:
    """The three crawls; and what the archive holds after the second."""
    config = configuration(folder, replay.url, site)
    archive = folder / "archive.db"
    command = python("-m", "archiver", "--config", str(config), "--archive", str(archive), "crawl", "--json")
    rows: list[Row] = []
    held: dict[str, int] = {}
    dates: dict[str, Score] = {}
    for name, more, day in ((COLD, (), 0), (AGAIN, ("--again",), 0), (CHANGED, ("--again",), 1)):
        replay.set_day(replay.days[day - 2])
        before = archive.stat().st_size if archive.exists() else 0
        run = measure([*command, *more])
        rows.append(Row(f"archiver, {name}", _pages(run), run, archive.stat().st_size - before))
        if name == AGAIN:
            held, dates = _revisions(archive), score(archive, site)
    return rows, held, dates


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


def rival(folder: Path, replay: Replay, site: str) -> list[Row]:
    """The rival's crawls, the same three."""
    db = folder / "rival.db"
    base = f"http://{site}/"
    rows: list[Row] = []
    for name, day in ((COLD, 0), (AGAIN, 0), (CHANGED, 1)):
        replay.set_day(replay.days[day - 2])
        before = db.stat().st_size if db.exists() else 0
        run = measure(python("-m", "benchmarks.rival_scrapy", replay.url, str(db), base, site, f"{base}sitemap.xml"))
        if run.status != 0:
            raise SystemExit(f"the rival failed: {run.out}")
        pages = int(run.out.split()[0])
        rows.append(Row(f"Scrapy + trafilatura + htmldate, {name}", pages, run, db.stat().st_size - before))
    return rows


def main() -> None:
    """Print the table, the ratios of medians, and how exact the dates are."""
    parser = argparse.ArgumentParser(prog="benchmarks.crawl", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--site", default="foretagare.helsingborg.se")
    parser.add_argument("--no-rival", action="store_true", help="only our own figures")
    options = parser.parse_args()
    if not CORPUS.exists():
        sys.exit("this benchmark needs the shared corpus of real pages, which is not here")
    mine: list[list[Row]] = []
    theirs: list[list[Row]] = []
    held: dict[str, int] = {}
    dates: dict[str, Score] = {}
    with serving(options.site, "--edit", "0.05") as replay:
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory() as name:
                rows, held, dates = ours(Path(name), replay, options.site)
                mine.append(rows)
                if not options.no_rival:
                    theirs.append(rival(Path(name), replay, options.site))
    print(table(HEADINGS, [row.cells() for rows in zip(*mine, *theirs, strict=True) for row in rows]))
    print(f"after the second crawl: {held['pages']} pages, {held['revisions']} revisions")
    for field, found in dates.items():
        print(f"{field}: {found.exact} of {found.of} exact, {found.missing} missing, {found.invented} invented")
    for rows in zip(*mine, strict=True) if theirs else ():
        number = [one.name for one in mine[0]].index(rows[0].name)
        our, their = (statistics.median(r.measure.cpu / r.pages for r in found)
                      for found in (rows, [one[number] for one in theirs]))  # fmt: skip
        print(f"{rows[0].name}: CPU a page {1000 * our:.2f} ms, rival {1000 * their:.2f} ms, ratio {their / our:.1f}")


if __name__ == "__main__":
    main()

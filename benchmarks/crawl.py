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
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import CORPUS
from benchmarks.gold import Score, score
from benchmarks.measuring import Measure, measure, python
from benchmarks.profiled import top
from benchmarks.replay import Replay, configuration, serving
from benchmarks.standing import Standing, has_corpus, without, without_program
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


SITE = "foretagare.helsingborg.se"
OURS, SCRAPY = "archiver", "Scrapy + trafilatura + htmldate"
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
        rows.append(Row(f"{SCRAPY}, {name}", pages, run, db.stat().st_size - before))
    return rows


WGET = "wget --warc + git"


def archivist(folder: Path, replay: Replay, site: str) -> list[Row]:
    """The second rival's crawls, the same three; what it keeps are its WARC files and its repository."""
    kept = folder / "wget"
    rows: list[Row] = []
    before = 0
    for name, day in ((COLD, 0), (AGAIN, 0), (CHANGED, 1)):
        replay.set_day(replay.days[day - 2])
        base = f"http://{site}/"
        run = measure(python("-m", "benchmarks.rival_wget", replay.url, str(kept), base, site, f"{base}sitemap.xml"))
        if run.status != 0:
            raise SystemExit(f"wget failed: {run.out}")
        files = [*kept.glob("*.warc.gz"), *(kept / "pages" / ".git").rglob("*")]
        size = sum(file.stat().st_size for file in files if file.is_file())
        rows.append(Row(f"{WGET}, {name}", int(run.out.split()[0]), run, size - before))
        before = size
    return rows


GOALS = {COLD: (5, 6.3), AGAIN: (0.6, 2.1), CHANGED: (0.85, 3.5)}
"""CPU seconds a thousand pages, and how many times less than Scrapy's."""


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """The three crawls, beside both rivals, once each: a round takes minutes. Memory and bytes of the cold one."""
    if not has_corpus("crawl"):
        return
    site = "dunkerskulturhus.se" if quick else SITE
    lacking = {SCRAPY: without("scrapy", "trafilatura", "htmldate"), WGET: without_program("wget", "git")}
    found = raced(site, 1, [name for name, note in lacking.items() if not note])
    for number, (name, (most, apart)) in enumerate(GOALS.items()):
        for rival, note in lacking.items():
            mine, theirs = (_middle(found.get(who), number, _cost) for who in (OURS, rival))
            yield Standing(f"crawl, {name}", "CPU s / 1,000 pages", mine, rival, theirs, most=most,
                           apart=apart if rival == SCRAPY else None, note=note)  # fmt: skip
            mine, theirs = (_middle(found.get(who), number, _speed) for who in (OURS, rival))
            yield Standing(
                f"crawl, {name}", "pages/s by the clock", mine, rival, theirs, more_is_better=True, note=note
            )
    for rival, note in lacking.items():
        mine, theirs = (_middle(found.get(who), 0, lambda row: row.measure.memory / 1e6) for who in (OURS, rival))
        yield Standing("crawl, cold: peak memory", "MB", mine, rival, theirs, most=250, note=note)
        mine, theirs = (_middle(found.get(who), 0, lambda row: row.stored / row.pages / 1e3) for who in (OURS, rival))
        yield Standing("crawl, cold: kept", "kB a page", mine, rival, theirs, apart=2 if rival == SCRAPY else None,
                       note=note)  # fmt: skip


def raced(site: str, rounds: int, rivals: Collection[str]) -> dict[str, list[list[Row]]]:
    """Whose crawls, a list of three each round; all in turn from one server."""
    found: dict[str, list[list[Row]]] = {name: [] for name in (OURS, *rivals)}
    with serving(site, "--edit", "0.05") as replay:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as name:
                found[OURS].append(ours(Path(name), replay, site)[0])
                if SCRAPY in found:
                    found[SCRAPY].append(rival(Path(name), replay, site))
                if WGET in found:
                    found[WGET].append(archivist(Path(name), replay, site))
    return found


def _middle(rounds: list[list[Row]] | None, number: int, of: Callable[[Row], float]) -> float | None:
    return statistics.median(of(rows[number]) for rows in rounds) if rounds else None


def _cost(row: Row) -> float:
    return 1000 * row.measure.cpu / row.pages


def _speed(row: Row) -> float:
    return row.pages / row.measure.wall


def profile(site: str, count: int = 15) -> str:
    """The functions in which the cold crawl spends most by itself, as a table."""
    with serving(site) as replay, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config, archive = configuration(folder, replay.url, site), folder / "archive.db"
        words = ["--config", str(config), "--archive", str(archive), "crawl", "--json"]
        pages = _pages(measure(python("-m", "benchmarks.profiled", str(folder), *words)))
        found, whole = top(folder, count)
    rows = [[one.function, one.part, f"{one.calls / pages:,.1f}", f"{1000 * one.seconds / pages:.2f}",
             f"{100 * one.seconds / whole:.1f} %"] for one in found]  # fmt: skip
    told = table(["function", "who", "calls a page", "own CPU ms a page", "of all"], rows)
    return f"{told}\n\n{pages} pages, {1000 * whole / pages:.2f} CPU ms a page under the profiler"


def main() -> None:
    """Print the table, the ratios of medians, and how exact the dates are."""
    parser = argparse.ArgumentParser(prog="benchmarks.crawl", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--site", default=SITE)
    parser.add_argument("--no-rival", action="store_true", help="only our own figures")
    parser.add_argument("--profile", action="store_true", help="where the time of the cold crawl goes, by function")
    options = parser.parse_args()
    if not CORPUS.exists():
        sys.exit("this benchmark needs the shared corpus of real pages, which is not here")
    if options.profile:
        print(profile(options.site))
        return
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

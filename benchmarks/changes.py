"""Are edits found, and nothing told that nobody made? Real sites, crawled three times, with edits whose truth is known.

    python -m benchmarks.changes [SITE ...]

Each site of the shared corpus is served as it was saved last, then on two made-up days, a week apart, on which one page
in twenty was edited (a sentence, a date, both, a link) or differs in bytes only. The truth is the replay tool's. Beside
the five municipal sites, 499 pages of as many sites in several languages are served as one (`sample.example`).
"""

import asyncio
import json
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from archiver.cli.fetching import make_fetcher
from archiver.config import load
from archiver.crawl import Crawl, Tally, Tools
from archiver.pool import Pool
from archiver.store import open_archive, plan, queries, reader
from benchmarks import CORPUS
from benchmarks.replay import configuration, serving, source_name
from benchmarks.tables import table

SITES = (
    "dunkerskulturhus.se", "ekonomicoachen.helsingborg.se", "intranat.familjenhelsingborg.se", "sample.example",
    "foretagare.helsingborg.se", "familjenhelsingborg.se",
)  # fmt: skip
CORPORA = {"sample.example": ("sample.example=htmldate_half/pages.tar.zst", "generic", 1)}
"""What holds a site, the profile its pages are read by, how far links are followed: where not as with the others."""
CONTENT = {"text", "links", "attachments", "title", "payload"}


class Noon:
    """A clock that stands at noon of a day, and goes on only where somebody waits."""

    def __init__(self, day: str) -> None:
        self._now = datetime.fromisoformat(f"{day}T12:00:00+00:00").astimezone(UTC)

    def now(self) -> datetime:
        """That moment."""
        return self._now

    def monotonic(self) -> float:
        """Its seconds."""
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Time is later at once."""
        self._now += timedelta(seconds=max(seconds, 0))
        await asyncio.sleep(0)


def main() -> None:
    """Print what was found of each site."""
    if not CORPUS.exists():
        sys.exit("this benchmark needs the shared corpus of real pages, which is not here")
    rows, total = [], Counter[str]()
    for site in sys.argv[1:] or SITES:
        found = _site(site)
        total += found
        rows.append([site, *_row(found)])
        print(rows[-1], file=sys.stderr, flush=True)
    rows.append(["all", *_row(total)])
    head = ["", "pages seen", "texts found", "dates found", "links found", "changed unedited", "class right"]
    print(table(head, rows))


def _row(found: Counter[str]) -> list[str]:
    pairs = [("text found", "text"), ("date found", "date"), ("links found", "links"), ("false", "unedited"),
             ("class right", "classed")]  # fmt: skip
    return [str(found["pages"]), *(f"{found[part]} of {found[whole]}" for part, whole in pairs)]


def _site(site: str) -> Counter[str]:
    with TemporaryDirectory() as folder:
        truth = Path(folder) / "truth.json"
        edits = ("--edit", "0.05", "--edit-days", "2", "--edit-truth", str(truth))
        corpus, profile, depth = CORPORA.get(site, ("municipio", "municipio", 20))
        with serving(site, *edits, corpus=corpus) as replay:
            config = configuration(Path(folder), replay.url, site, profile=profile, depth=depth)
            edited_days = replay.days[-2:]
            for day in replay.days[-3:]:
                replay.set_day(day)
                asyncio.run(_crawl(day, config, Path(folder) / "archive.db", source_name(site)))
        edits_made = json.loads(truth.read_text("utf-8"))["edits"]
        return _scored(Path(folder) / "archive.db", site, edits_made, edited_days)


async def _crawl(day: str, folder: Path, path: Path, name: str) -> Tally:
    """Ask for everything that is known, at noon of that day."""
    config, clock = load(folder), Noon(day)
    source = config.sources[name]
    with open_archive(path) as archive, Pool(config.rulebook, workers=2) as pool:
        fetcher = make_fetcher(config, clock)
        await archive.aio(partial(plan.make_due, source_id=source.id, at=clock.now()))
        tally = await Crawl(Tools(archive, config, fetcher, pool, clock, chance=lambda: 0.5), source).run()
        await fetcher.aclose()
    return tally


def _scored(archive: Path, site: str, truth: list[dict[str, object]], days: list[str]) -> Counter[str]:
    """What was found of what was edited, and what was told beside it."""
    found: Counter[str] = Counter()
    with closing(reader(archive)) as conn:
        seen = {url for (url,) in conn.execute("SELECT url FROM current_pages WHERE kind = 'page'")}
        for day in days:
            told = {
                str(c["url"]).removeprefix(f"http://{site}"): c
                for c in queries.changes(conn, unfold=True)
                if str(c["window"]["first_seen_after"]).startswith(day)  # type: ignore[index]
            }
            edits = {_asked_for(str(e["path"])): e for e in truth if e["day"] == day and e["host"] == site}
            edits = {path: edit for path, edit in edits.items() if f"http://{site}{path}" in seen}
            found["pages"] += len(seen)
            for path, edit in edits.items():
                found += _of_edit(edit, told.get(path))
            mothers = {path.partition("?")[0] for path in edits}
            unedited = {path for path in told if path.partition("?")[0] not in mothers}
            unedited |= {p for p, e in edits.items() if e["kind"] == "noise" and p in told}
            found["false"] += len(unedited)
            found["unedited"] += len(seen) - sum(e["kind"] != "noise" for e in edits.values())
            for path in sorted(unedited)[:5]:
                print(site, day, path, told[path]["classes"], told[path]["hunks"], file=sys.stderr)
    return found


def _of_edit(edit: dict[str, object], change: dict[str, object] | None) -> Counter[str]:
    """Whether one edit was found, of which kinds, and of the right class."""
    kinds = set(change["kinds"]) if change else set()  # type: ignore[call-overload]
    classes = set(change["classes"]) if change else set()  # type: ignore[call-overload]
    found: Counter[str] = Counter()
    for mark, name, wanted in (
        ("text_changed", "text", {"text"}),
        ("date_changed", "date", {"updated"}),
        ("links_changed", "links", {"links", "attachments"}),
    ):
        if edit[mark]:
            found[name] += 1
            found[f"{name} found"] += bool(kinds & wanted)
            if not kinds & wanted:
                print("missed", name, edit["kind"], edit["path"], file=sys.stderr)
    content, dated = edit["text_changed"] or edit["links_changed"], edit["date_changed"]
    if content or dated:
        states = change["dates"]["updated"]["after"] if change else None  # type: ignore[index]
        right = "touch" if not content else "edit" if dated or not states else "silent-edit"
        found["classed"] += 1
        found["class right"] += right in classes
        if right not in classes:
            print("class", edit["kind"], right, classes, edit["path"], file=sys.stderr)
    return found


def _asked_for(saved: str) -> str:
    """The path and query under which a saved file is served: of 'a/index.html?date=1.html' '/a/?date=1'."""
    path, mark, query = quote(saved, safe="/?=&%:@!$'()*+,;~").partition("?")
    return "/" + path.removesuffix("index.html") + mark + query.removesuffix(".html")


if __name__ == "__main__":
    main()

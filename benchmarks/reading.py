"""One page from bytes to title, dates, text and links: ours beside trafilatura + htmldate, page by page in one process.

    python -m benchmarks.reading [--pages 300] [--site foretagare.helsingborg.se]

CPU milliseconds a page, median and 95th percentile. Ours: sniffing, decoding, the gate, blocks, links, claims with
their witnesses, and the digests. Theirs: `bare_extraction` with metadata, and `find_date` twice.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median

from archiver.extract import read
from archiver.model import Facts
from benchmarks import CORPUS
from benchmarks.pages import pages_of
from benchmarks.replay import loaded, source_name
from benchmarks.standing import Standing, has_corpus, without
from benchmarks.tables import percentiles, table

SITE = "foretagare.helsingborg.se"
OURS, THEIRS = "archiver", "trafilatura + htmldate"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.reading", description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--site", default=SITE)
    options = parser.parse_args()
    if not CORPUS.exists():
        sys.exit("this benchmark needs the shared corpus of real pages, which is not here")
    rows = [[name, str(len(costs)), *percentiles(costs)] for name, costs in timed(options.site, options.pages).items()]
    print(table(["", "pages", "CPU ms a page, median", "95 %", "sum s"], rows))


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """The median page."""
    if not has_corpus("reading"):
        return
    costs = {name: median(spent) for name, spent in timed(SITE, 60 if quick else 300).items()}
    yield Standing("reading a page", "CPU ms", costs[OURS], THEIRS, costs.get(THEIRS), most=2, apart=10,
                   note=without("trafilatura", "htmldate"))  # fmt: skip


def timed(site: str, count: int) -> dict[str, list[float]]:
    """CPU milliseconds of each page, ours and, where they are installed, theirs, in turns."""
    pages = pages_of(site, limit=count)
    readers = {OURS: ours(site)} | ({} if without("trafilatura", "htmldate") else {THEIRS: theirs()})
    found: dict[str, list[float]] = {name: [] for name in readers}
    for reader in readers.values():  # once for what is made at first use
        reader(*pages[0])
    for url, body in pages:
        for name, reader in readers.items():
            begun = time.process_time()
            reader(url, body)
            found[name].append(1000 * (time.process_time() - begun))
    return found


def ours(site: str) -> Callable[[str, bytes], object]:
    """What a worker does with a page."""
    config, at = loaded(site), datetime(2025, 11, 8, tzinfo=UTC)
    rules = config.rules_for(config.sources[source_name(site)], at)

    def one(url: str, body: bytes) -> object:
        document = read(body, Facts(url, at, content_type="text/html; charset=utf-8"), rules).document
        return document and (document.core, document.sha256)

    return one


def theirs() -> Callable[[str, bytes], object]:
    """What the usual libraries read of it."""
    import trafilatura
    from htmldate import find_date

    def one(url: str, body: bytes) -> object:
        text = body.decode("utf-8", "replace")
        found = trafilatura.bare_extraction(text, url=url, with_metadata=True)
        return found, find_date(text, original_date=True, url=url), find_date(text, original_date=False, url=url)

    return one


if __name__ == "__main__":
    main()

"""CPU time of a reading: ours, the rivals' and the floor of any reader, page by page in turn in one process.

Ours is everything from bytes to a document with its digests (sniffing, decoding, the gate, dates, blocks, links, what a
page says of itself), by rules that are known beforehand, as in a crawl. The floor is one parse by Lexbor and one walk
over text and links. A page's cost is the median of its rounds; the rounds go over all pages, so nothing stays warm.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import fmean, median, quantiles

from selectolax.lexbor import LexborHTMLParser

from archiver.extract import read
from archiver.model import Reading
from benchmarks.quality.readers import Ours
from benchmarks.quality.sets import Page

Work = Callable[[Page], object]
FLOOR, OURS, RIVAL, DATES = "floor", "archiver", "trafilatura.bare_extraction", "htmldate.find_date"


@dataclass(frozen=True)
class Costs:
    """Milliseconds of CPU of each worker, by page, in the order of the pages."""

    pages: Sequence[Page]
    of: dict[str, list[float]]

    def summary(self) -> dict[str, dict[str, float]]:
        """Median, mean and 99th percentile of each."""
        return {
            name: {"median": median(ms), "mean": fmean(ms), "p99": quantiles(ms, n=100)[-1]}
            for name, ms in self.of.items()
        }

    def ratios(self) -> dict[str, float]:
        """Our mean in floors, and in how many of ours trafilatura and htmldate together cost."""
        means = {name: fmean(ms) for name, ms in self.of.items()}
        found = {"floors": means[OURS] / means[FLOOR]}
        if RIVAL in means and DATES in means:
            found["rivals over ours"] = (means[RIVAL] + means[DATES]) / means[OURS]
        return found

    def deciles(self) -> list[tuple[float, float, float]]:
        """By tenths of the pages in the order of their size: mean kB, our mean ms, and ms for 100 kB."""
        order = sorted(range(len(self.pages)), key=lambda i: len(self.pages[i].body))
        tenths = [order[len(order) * n // 10 : len(order) * (n + 1) // 10] for n in range(10)]
        means = [
            (fmean(len(self.pages[i].body) / 1000 for i in tenth), fmean(self.of[OURS][i] for i in tenth))
            for tenth in tenths
            if tenth
        ]
        return [(size, cost, 100 * cost / size) for size, cost in means]


def measure(pages: Sequence[Page], *, rounds: int = 3, rivals: bool = True) -> Costs:
    """What each worker takes for each of the pages."""
    workers = _workers(pages, rivals=rivals)
    for work in workers.values():  # once for what is made at first use
        work(pages[0])
    seen: dict[str, list[list[float]]] = {name: [[] for _ in pages] for name in workers}
    for _ in range(rounds):
        for index, page in enumerate(pages):
            for name, work in workers.items():
                begun = time.process_time()
                work(page)
                seen[name][index].append(1000 * (time.process_time() - begun))
    return Costs(pages, {name: [median(ms) for ms in of_page] for name, of_page in seen.items()})


def floor(page: Page) -> object:
    """What any reader must do: parse, and go once over text and links."""
    tree = LexborHTMLParser(page.body)
    texts, links = [], []
    for node in tree.root.traverse(include_text=True) if tree.root else ():
        if node.is_text_node:
            texts.append(node.text_content)
        elif node.tag == "a":
            links.append(node.attributes.get("href"))
    return texts, links


def _workers(pages: Sequence[Page], *, rivals: bool) -> dict[str, Work]:
    found: dict[str, Work] = {FLOOR: floor, OURS: _ours(pages)}
    if rivals and find_spec("trafilatura"):
        found[RIVAL] = _trafilatura()
    if rivals and find_spec("htmldate"):
        found[DATES] = _htmldate()
    if rivals and find_spec("resiliparse"):
        found["resiliparse"] = _resiliparse()
    return found


def _ours(pages: Sequence[Page]) -> Work:
    reader = Ours()
    rules = {page.name: reader.rules(page) for page in pages}

    def work(page: Page) -> object:
        found = read(page.body, page.facts, rules[page.name])
        document = found.document if isinstance(found, Reading) else None
        return document and (document.core, document.sha256)

    return work


def _trafilatura() -> Work:
    from trafilatura import bare_extraction

    return lambda page: bare_extraction(page.body, url=page.url)


def _htmldate() -> Work:
    from htmldate import find_date

    return lambda page: find_date(page.body.decode("utf-8", "replace"), url=page.url)


def _resiliparse() -> Work:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(page.body.decode("utf-8", "replace"), main_content=True)

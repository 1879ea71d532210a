"""Two states of a page compared: ours beside difflib on words, over the pages that one site showed on two days.

    python -m benchmarks.diff

CPU milliseconds a pair, of documents that are read already. Ours gives hunks, links, fields, classes and reasons;
difflib gives opcodes over the words of the two texts. Two kinds of pairs: as captured, and with the words of every
third block in another order, which is where comparing gets dear.
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from difflib import SequenceMatcher

from archiver.config import Config
from archiver.diff import classes, compare, significance
from archiver.extract import read
from archiver.model import Document, Facts, Reading
from benchmarks import CORPUS
from benchmarks.pages import pairs_of
from benchmarks.replay import loaded, source_name
from benchmarks.tables import percentiles, table

SITE = "dunkerskulturhus.se"
Pair = tuple[Document, Document]


def main() -> None:
    """Print the table."""
    if not CORPUS.exists():
        sys.exit("this benchmark needs the shared corpus of real pages, which is not here")
    config = loaded(SITE)
    captured = _captured(config)
    kinds = {"as captured": captured, "a third shuffled": [(before, _shaken(before)) for before, _ in captured]}
    ways: dict[str, Callable[[Pair], object]] = {"archiver": lambda pair: _ours(pair, config), "difflib": _theirs}
    rows = []
    for kind, pairs in kinds.items():
        for name, way in ways.items():
            costs = [_cost(way, pair) for pair in pairs]
            rows.append([f"{name}, {kind}", str(len(pairs)), *percentiles(costs)])
    print(table(["", "pairs", "CPU ms a pair, median", "95 %", "sum s"], rows))


def _captured(config: Config) -> list[Pair]:
    at = datetime(2025, 11, 8, tzinfo=UTC)
    rules = config.rules_for(config.sources[source_name(SITE)], at)

    def document(url: str, body: bytes) -> Document | None:
        reading = read(body, Facts(url, at), rules)
        return reading.document if isinstance(reading, Reading) else None

    both = [(document(url, before), document(url, after)) for url, before, after in pairs_of(SITE)]
    return [(before, after) for before, after in both if before is not None and after is not None]


def _shaken(document: Document) -> Document:
    """The document with the words of every third block in another order."""
    chance = random.Random(1)  # noqa: S311 (not for secrets)

    def shaken(text: str) -> str:
        words = text.split()
        chance.shuffle(words)
        return " ".join(words)

    blocks = [replace(b, text=shaken(b.text)) if i % 3 == 0 else b for i, b in enumerate(document.blocks)]
    return replace(document, blocks=tuple(blocks))


def _ours(pair: Pair, config: Config) -> object:
    before, after = pair
    change = compare(before, after)
    sorts = classes.classify(change, before=before, after=after, state_before="present", state_after="present")
    return significance.weigh(replace(change, classes=sorts), config.points, config.terms)


def _theirs(pair: Pair) -> object:
    before, after = (document.text.split() for document in pair)
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _cost(way: Callable[[Pair], object], pair: Pair) -> float:
    begun = time.process_time()
    way(pair)
    return 1000 * (time.process_time() - begun)


if __name__ == "__main__":
    main()

"""Two states of a page compared, beside rivals; and whether the edits lead exactly from each to the other.

    python -m benchmarks.diff

CPU milliseconds a pair, of documents that are read already. Ours gives hunks, links, fields, people, classes and
reasons ("compared only": no classes and reasons); difflib and rapidfuzz give opcodes over the words of the two texts;
lxml gives marked-up HTML; git, a process of its own, its word diff; diff-match-patch, where it is installed, letters
cleaned up for people. Three tables: texts of a known size with a known number of edits, the pages that one site showed
on two days, and series of real revisions.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from lxml.html.diff import htmldiff
from rapidfuzz.distance import LCSseq

try:
    import diff_match_patch
except ImportError:
    diff_match_patch = None

from archiver.config import Config
from archiver.diff import classify, compare, likeness, weigh
from archiver.diff.links import apply_links
from archiver.diff.text import apply, reverse
from archiver.extract import read
from archiver.model import Block, Document, Facts, Reading, compared_link
from benchmarks import CORPUS
from benchmarks.pages import files_of, pairs_of, zstd
from benchmarks.replay import loaded, source_name
from benchmarks.standing import Standing, has_corpus, without
from benchmarks.tables import percentiles, table

SITE = "dunkerskulturhus.se"
Pair = tuple[Document, Document]
_SYLLABLES = (
    "ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "ska", "näs", "gård", "lund",
)  # fmt: skip
_COMMON = ("och", "att", "som", "i", "på", "för", "av", "med", "till", "är", "en", "det", "den", "kan", "ska", "inte")
SMALL = 10_000
"""Words up to which the slow rivals are asked."""
TURNS = 7
"""How often each is asked, in turns with the others: a busy machine is busy for all of them."""


def main() -> None:
    """Print the tables."""
    if not CORPUS.exists():
        sys.exit("this benchmark needs the shared corpus of real pages, which is not here")
    config = loaded(SITE)
    print(_sizes(config))
    print(_site(config))
    print(_series(config))


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """Few and many edits in a text in blocks, beside each rival that was asked."""
    if not has_corpus("diff"):
        return
    config = loaded(SITE)
    goals = {(5_000, 5): 1, (5_000, 250): 10, (50_000, 5): 5, (50_000, 2_500): 100}
    for (words, edits), most in goals.items():
        if quick and words > SMALL:
            continue
        before = _made(words, 40)
        mine, _, *theirs = _costs((before, _edited(before, edits)), config, words <= SMALL)
        for name, cost in zip(RIVALS, theirs, strict=True):
            if cost is None and words > SMALL:
                continue
            note = without("diff-match-patch") if name == "diff-match-patch" else ""
            apart = 20 if name == "difflib" else None
            yield Standing(f"diff: {words:,} words, {edits:,} edits", "CPU ms", mine, name, cost, most=most,
                           apart=apart, note=note)  # fmt: skip


# Texts of a known size ---------------------------------------------------------------------------------


def _sizes(config: Config) -> str:
    rows = []
    for words in (5_000, 50_000):
        for edits in (5, words // 20):
            for a_block in (40, words):
                before = _made(words, a_block)
                name = f"{words:,} words, {edits:,} edits, " + (
                    f"blocks of {a_block}" if a_block < words else "one block"
                )
                rows.append([name, *_raced((before, _edited(before, edits)), config, words <= SMALL)])
                print(rows[-1], file=sys.stderr, flush=True)
    return table(["", "archiver", "compared only", *RIVALS, "difflib : archiver", "difflib : compared only"], rows)


def _raced(pair: Pair, config: Config, small: bool) -> list[str]:
    """What each costs; a dash where a rival would take minutes, or is not installed."""
    costs = _costs(pair, config, small)
    ours, compared, difflib = costs[0] or 0, costs[1] or 0, costs[2]
    told = ["–" if cost is None else f"{cost:.2f}" for cost in costs]
    return [*told, *("–" if difflib is None else f"{difflib / cost:.0f}" for cost in (ours, compared))]


def _costs(pair: Pair, config: Config, small: bool) -> list[float | None]:
    """The median milliseconds of ours, of comparing only, and of each rival, in turns; None where it is not asked.

    Comparing only comes last in a turn: right behind ours it would find the very same work still warm.
    """
    ways: list[Callable[[Pair], float] | None] = [partial(_cost, _all_of_ours(config))]
    for name, (way, is_slow) in RIVALS.items():
        fits = (small or not is_slow) and (name != "diff-match-patch" or diff_match_patch is not None)
        ways.append(way if fits else None)
    ways.append(partial(_cost, _compared))
    turns = [[None if way is None else way(pair) for way in ways] for _ in range(TURNS)]
    ours, *theirs, compared = [median(filter(None, c)) if None not in c else None for c in zip(*turns, strict=True)]
    return [ours, compared, *theirs]


def _made(words: int, a_block: int) -> Document:
    chance = random.Random(1)  # noqa: S311 (not for secrets)
    known = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(4_000)]
    known += _COMMON * 100
    said = [chance.choice(known) + ("." if k % 14 == 13 else "") for k in range(words)]
    blocks = (" ".join(said[k : k + a_block]) for k in range(0, words, a_block))
    return Document("html", blocks=tuple(Block("main", "paragraph", None, text) for text in blocks))


def _edited(document: Document, edits: int) -> Document:
    """The document with so many words replaced, left out or put in, anywhere."""
    chance = random.Random(2)  # noqa: S311
    texts = [block.text.split() for block in document.blocks]
    for _ in range(edits):
        words = chance.choice(texts)
        at, what = chance.randrange(len(words)), chance.random()
        words[at : at + (what < 0.75)] = [] if 0.5 < what < 0.75 and len(words) > 1 else ["ändrat"]
    blocks = (replace(b, text=" ".join(words)) for b, words in zip(document.blocks, texts, strict=True))
    return replace(document, blocks=tuple(blocks))


# Pages of a site on two days ---------------------------------------------------------------------------


def _site(config: Config) -> str:
    as_captured = captured(config)
    kinds = {"as captured": as_captured, "a third shuffled": [(before, _shaken(before)) for before, _ in as_captured]}
    ways: dict[str, Callable[[Pair], object]] = {
        "archiver": _all_of_ours(config), "difflib": _difflib, "rapidfuzz": _rapidfuzz,
    }  # fmt: skip
    rows = []
    for kind, pairs in kinds.items():
        for name, way in ways.items():
            costs = [_cost(way, pair) for pair in pairs]
            rows.append([f"{name}, {kind}", str(len(pairs)), *percentiles(costs)])
    return table(["", "pairs", "CPU ms a pair, median", "95 %", "sum s"], rows)


def captured(config: Config) -> list[Pair]:
    """The pages of a site on the first and on the last day it was saved."""
    document = _reader(config)
    both = [(document(url, before), document(url, after)) for url, before, after in pairs_of(SITE)]
    return [(before, after) for before, after in both if before is not None and after is not None]


def _reader(config: Config) -> Callable[[str, bytes], Document | None]:
    at = datetime(2025, 11, 8, tzinfo=UTC)
    rules = config.rules_for(config.sources[source_name(SITE)], at)

    def document(url: str, body: bytes) -> Document | None:
        reading = read(body, Facts(url, at), rules)
        return reading.document if isinstance(reading, Reading) else None

    return document


def _shaken(document: Document) -> Document:
    """The document with the words of every third block in another order."""
    chance = random.Random(1)  # noqa: S311

    def shaken(text: str) -> str:
        words = text.split()
        chance.shuffle(words)
        return " ".join(words)

    blocks = [replace(b, text=shaken(b.text)) if i % 3 == 0 else b for i, b in enumerate(document.blocks)]
    return replace(document, blocks=tuple(blocks))


# Series of real revisions ------------------------------------------------------------------------------


def _series(config: Config) -> str:
    rows = []
    for name, pairs in {"regeringen.se": regeringen(), "gov.uk, gov.scot": uk(config)}.items():
        kept = list(pairs)
        costs = [_cost(_all_of_ours(config), pair) for pair in kept]
        exact = sum(_leads_both_ways(*pair) for pair in kept)
        rows.append([name, str(len(kept)), str(exact), *percentiles(costs)])
    return table(["series", "consecutive pairs", "exact both ways", "CPU ms a pair, median", "95 %", "sum s"], rows)


def regeringen() -> Iterator[Pair]:
    """The pages' revisions as their texts give them, a line a block."""
    with zstd.open(CORPUS / "regeringen_revisions" / "revisions.jsonl.zst", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from pairwise(_from_markdown(revision) for revision in json.loads(line)["revisions"])


def _from_markdown(revision: dict[str, str]) -> Document:
    lines = [line.strip() for line in revision["text"].splitlines() if line.strip()]
    blocks = tuple(
        Block("main", "heading", 2, line) if line.startswith("#")
        else Block("main", "list-item", 1, line) if line.startswith(("- ", "* "))
        else Block("main", "paragraph", None, line)
        for line in lines
    )  # fmt: skip
    dates = {name: (revision[name] or "")[:10] or None for name in ("published", "updated")}
    return Document("html", title=revision["title"], blocks=blocks, **dates)


def uk(config: Config) -> Iterator[Pair]:
    """The revisions of some British pages, each beside the one before."""
    document = _reader(config)
    series: dict[str, list[tuple[str, bytes]]] = {}
    for name, body in files_of(CORPUS / "uk_revisions" / "pages.tar.zst").items():
        if name.endswith("index.html"):
            _, day, *page = Path(name).parts[-4:] if len(Path(name).parts) == 4 else Path(name).parts
            series.setdefault("/".join(page), []).append((day, body))
    for page, bodies in series.items():
        read_ones = [document(f"https://{page}", body) for _, body in sorted(bodies)]
        yield from pairwise(found for found in read_ones if found is not None)


def _leads_both_ways(before: Document, after: Document) -> bool:
    """Whether the edits make the later text and links from the earlier, and back; none where the cores agree."""
    change = compare(before, after)
    if bool(change.differences) != (before.core != after.core):
        return False
    if not change.differences:
        return True
    forth = apply(before.main, change.edits) == after.main
    back = apply(after.main, reverse(change.edits)) == before.main
    return (
        forth
        and back
        and apply_links(before.links, change.links)
        == [compared_link(link) for link in after.links if link.part == "main"]
    )


# Ways ------------------------------------------------------------------------------------------------------


def _forget() -> None:
    """Let the next pair be as if it were the first."""
    likeness.word_set.cache_clear()
    likeness._unit_set.cache_clear()


def _all_of_ours(config: Config) -> Callable[[Pair], object]:
    """A comparison with classes and reasons, by rules that are at hand."""
    rules = config.rules_for(config.sources[source_name(SITE)], datetime(2025, 11, 8, tzinfo=UTC))
    return partial(_ours, config=config, roles=rules.language.roles)


def _ours(pair: Pair, config: Config, roles: tuple[str, ...]) -> object:
    _forget()
    before, after = pair
    change = compare(before, after, roles)
    sorts = classify(change, before=before, after=after, state_before="present", state_after="present")
    return weigh(replace(change, classes=sorts), config.points, config.terms)


def _compared(pair: Pair) -> object:
    _forget()
    return compare(*pair)


def _difflib(pair: Pair) -> object:
    before, after = (document.text.split() for document in pair)
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _rapidfuzz(pair: Pair) -> object:
    before, after = (document.text.split() for document in pair)
    return LCSseq.opcodes(before, after).as_list()


def _htmldiff(pair: Pair) -> object:
    before, after = ("".join(f"<p>{block.text}</p>" for block in document.main) for document in pair)
    with suppress(RecursionError):
        return htmldiff(before, after)
    return None


def _match_patch(pair: Pair) -> object:
    """Google's, of letters, with its own clean-up for people to read; it gives up after a second."""
    engine = diff_match_patch.diff_match_patch()
    found = engine.diff_main(pair[0].text, pair[1].text)
    engine.diff_cleanupSemantic(found)
    return found


def _blocks_first(pair: Pair) -> object:
    """What anybody would write in ten lines: difflib over the blocks, then over the words of those that differ."""
    before, after = ([block.text for block in document.main] for document in pair)
    found = []
    for op, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "replace":
            old, new = " ".join(before[i:i_end]).split(), " ".join(after[j:j_end]).split()
            found.append(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    return found


def _cost(way: Callable[[Pair], object], pair: Pair) -> float:
    begun = time.process_time()
    way(pair)
    return 1000 * (time.process_time() - begun)


def _git(pair: Pair) -> float:
    """CPU milliseconds of `git diff --word-diff`, all that its process takes."""
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("before", "after")]
        for file, document in zip(files, pair, strict=True):
            file.write_text(document.text, "utf-8")
        command = ["git", "diff", "--no-index", "--word-diff=porcelain", *map(str, files)]
        return _spent(command)


def _spent(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


RIVALS: dict[str, tuple[Callable[[Pair], float], bool]] = {
    "difflib": (partial(_cost, _difflib), True), "rapidfuzz": (partial(_cost, _rapidfuzz), False),
    "lxml htmldiff": (partial(_cost, _htmldiff), True), "diff-match-patch": (partial(_cost, _match_patch), True),
    "git word-diff": (_git, False), "blocks first": (partial(_cost, _blocks_first), True),
}  # fmt: skip
"""Each with whether it is slow: not asked of the large texts."""

if __name__ == "__main__":
    main()

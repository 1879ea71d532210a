"""Score, print, compare with the floors: `python -m benchmarks.quality`; exit code 1 where a floor is not met."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks import CORPUS, quality
from benchmarks.quality import encodings, floors, readers, report
from benchmarks.quality.costs import Costs, measure
from benchmarks.quality.scoring import Tally
from benchmarks.quality.sets import SETS, Page, PageSet, bodies_of

LIBERAL_SETS = ("htmldate-half",)
"""Sets whose gold is a date that the page may say nowhere in words: a guess may be asked for."""
TIMED = {"municipio": 2_153, "htmldate-half": None}
"""Sets on which time is taken, and the first so many of their pages (one site's) among which some are picked."""
MOST_TIMED = 150


@dataclass
class Result:
    """Everything that a run found."""

    tallies: dict[str, dict[str, Tally]]
    encodings: dict[str, float]
    costs: dict[str, Costs]

    @property
    def measured(self) -> dict[str, dict[str, float]]:
        """What the floors speak of: our own measures, set by set; a guess that was asked for as a set of its own."""
        found = {name: rows["archiver"].measures() for name, rows in self.tallies.items()}
        for name, rows in self.tallies.items():
            found |= {f"{name}-liberal": t.measures() for r, t in rows.items() if r == "archiver --liberal"}
        return found | ({"encodings": {"text.exact": self.encodings["archiver"]}} if self.encodings else {})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 1 where a floor is not met."""
    options = _options(arguments)
    result = Result({}, {}, {})
    for pages in _sets(options):
        if pages.absent:
            print(f"{pages.name}: not here ({pages.home})", file=sys.stderr)
            continue
        result.tallies[pages.name] = scored(pages, options.rivals)
        if not options.json:
            print(f"\n## {pages.name}: {pages.about}\n")
            print("\n\n".join(report.of_set(result.tallies[pages.name])), flush=True)
    if not (options.bodies or options.only) and (CORPUS / "encoding").exists():
        result.encodings = encodings.scored()
    if not (options.bodies or options.only or options.no_costs):
        result.costs = {name: measure(pages, rivals=options.rivals > 0) for name, pages in _timed().items()}
    misses = floors.missed(result.measured, floors.load(floors.FILE.read_text("utf-8")))
    print(json.dumps(_plain(result, misses), ensure_ascii=False, indent=1) if options.json else _rest(result, misses))
    return 1 if misses else 0


def scored(pages: PageSet, rivals: int) -> dict[str, Tally]:
    """Each reader's tally: ours over all pages; the rivals, and ours once more, over up to `rivals` spread evenly."""
    everywhere = [readers.ours()]
    if pages.name in LIBERAL_SETS:
        everywhere.append(readers.liberal())
    others = readers.rivals() if rivals else []
    every = max(1, -(-sum(1 for _ in pages.pages()) // rivals)) if others else 0
    tallies = {reader.name: Tally(reader.says) for reader in everywhere}
    same = "archiver, those pages"
    for number, page in enumerate(pages.pages()):
        sampled = bool(every) and number % every == 0
        for reader in (*everywhere, *(others if sampled else ())):
            said = reader.read(page)
            tallies.setdefault(reader.name, Tally(reader.says)).add(said, page.gold)
            if sampled and every > 1 and reader.name == "archiver":
                tallies.setdefault(same, Tally(reader.says)).add(said, page.gold)
    return tallies


def _sets(options: argparse.Namespace) -> list[PageSet]:
    if options.bodies:
        return [bodies_of(Path(folder)) for folder in options.bodies]
    return [pages for pages in SETS if not options.only or pages.name in options.only]


def _timed() -> dict[str, list[Page]]:
    """Pages of a municipal site and of all the world where the corpus is here, else the fixtures."""
    found = [pages for pages in SETS if pages.name in TIMED and not pages.absent] or [SETS[0]]
    timed = {}
    for pages in found:
        taken = list(islice(pages.pages(), TIMED.get(pages.name)))
        timed[pages.name] = taken[:: max(len(taken) // MOST_TIMED, 1)][:MOST_TIMED]
    return timed


def _rest(result: Result, misses: list[floors.Miss]) -> str:
    parts: list[str] = []
    if result.encodings:
        said = ", ".join(f"{name} {share:.4f}" for name, share in result.encodings.items())
        parts += ["## encodings: files of markup whose text was right", said]
    for name, costs in result.costs.items():
        parts += [f"## costs: {name}", *report.of_costs(costs)]
    parts += ["## floors", *(str(miss) for miss in misses)] if misses else ["## floors\n\nevery floor is met"]
    return "\n" + "\n\n".join(parts)


def _plain(result: Result, misses: list[floors.Miss]) -> dict[str, object]:
    return {
        "sets": {
            name: {reader: {"pages": t.pages, "dates": t.dates, "measures": t.measures()} for reader, t in rows.items()}
            for name, rows in result.tallies.items()
        },
        "encodings": result.encodings,
        "costs": {
            name: {"ms": found.summary(), "ratios": found.ratios(), "deciles": found.deciles()}
            for name, found in result.costs.items()
        },
        "missed": [str(miss) for miss in misses],
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.quality", description=quality.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rivals", type=int, default=500, metavar="N", help="pages of a set that rivals read; 0: none")
    parser.add_argument("--bodies", action="append", metavar="DIR", help="score a folder of name.html and name.txt")
    parser.add_argument("--only", action="append", choices=[pages.name for pages in SETS], help="score this set alone")
    parser.add_argument("--no-costs", action="store_true", help="take no time")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

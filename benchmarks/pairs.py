"""Ten comparisons of real pages, to be read: does a person see at once what was changed?

    python -m benchmarks.pairs [--all] [--html FOLDER]

Pairs of consecutive states, spread from the smallest change to the largest of each series: four of regeringen.se, three
of gov.uk and gov.scot, three of the pages that one municipal site showed on two days. In the terminal as `archiver
diff` shows them; with `--html` as files too. Nothing of them is kept here.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archiver.config import Config
from archiver.diff import classify, compare, weigh
from archiver.model import Change, Document
from archiver.publish import Comparison, End, html, terminal
from benchmarks import CORPUS
from benchmarks.diff import SITE, Pair, captured, regeringen, uk
from benchmarks.replay import loaded, source_name

WANTED = {"regeringen.se": 4, "gov.uk, gov.scot": 3, SITE: 3}
AT = datetime(2025, 11, 8, tzinfo=UTC)


def main() -> None:
    """Print the pairs."""
    if not CORPUS.exists():
        sys.exit("this needs the shared corpus of real pages, which is not here")
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="every pair that differs, not ten")
    parser.add_argument("--html", type=Path, help="a folder to write them to as pages")
    options = parser.parse_args()
    config = loaded(SITE)
    series = {"regeringen.se": regeringen(), "gov.uk, gov.scot": uk(config), SITE: captured(config)}
    for name, pairs in series.items():
        found = [(pair, change) for pair in pairs if (change := _change(pair, config)).differences]
        for k, (pair, change) in enumerate(found if options.all else _spread(found, WANTED[name]), start=1):
            shown = Comparison(f"{name}, pair {k}", name, _end(pair[0], 1), _end(pair[1], 2), change)
            print(f"\n{'=' * 100}\n" + _in_print(shown))
            if options.html:
                options.html.mkdir(parents=True, exist_ok=True)
                (options.html / f"{source_name(name)}-{k}.html").write_text(html.page(shown), "utf-8")


def _change(pair: Pair, config: Config) -> Change:
    before, after = pair
    change = compare(before, after, config.rules_for(config.sources[source_name(SITE)], AT).language.roles)
    sorts = classify(change, before=before, after=after, state_before="present", state_after="present")
    change = replace(change, classes=sorts)
    return replace(change, reasons=weigh(change, config.points, config.terms))


def _spread(found: Sequence[tuple[Pair, Change]], wanted: int) -> list[tuple[Pair, Change]]:
    """So many of those whose text changed, from a small change to a large one."""
    told = [one for one in found if one[1].hunks]
    told.sort(key=lambda one: sum(len(hunk.text) for hunk in one[1].hunks))
    return [told[(2 * k + 1) * len(told) // (2 * wanted)] for k in range(wanted)] if told else []


def _end(document: Document, number: int) -> End:
    dates = document.published, document.updated, document.reviewed
    return End(AT, number, number, document.title, *dates, None)


def _in_print(comparison: Comparison) -> str:
    lines = terminal.lines(comparison, plain=True)
    return "\n".join("".join(text for _, text in line) for line in lines)


if __name__ == "__main__":
    main()

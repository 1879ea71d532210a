"""A year of many municipalities in minutes: is the log of changes the truth, and what does it cost?

    python -m benchmarks.year [--towns 50] [--pages 8] [--rebuild]

The script is the tests' (`tests/script.py`, `tests/year.py`): pages that are edited, touched, taken away and put back,
outages, 503 storms, a lapsed certificate, a host that dies, robots that close, redesigns, sites that move, both nights
in which clocks change, a drifting clock, and other rules of ours from the middle on. Exit 1 where log and truth differ.
"""

import logging
import resource
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import structlog

from archiver.store import Archive
from benchmarks import ROOT
from benchmarks.tables import table

QUARTERS = 4
SHOWN = 20


@dataclass(frozen=True)
class Size:
    """The archive at the end of a week."""

    bytes: int
    captures: int
    unchanged: int  # captures that showed the same bytes as before
    cpu: float = 0.0  # seconds that it took until then


def size(archive: Archive) -> Size:
    """How large the archive is, its pages that are in use, and how many visits it holds."""
    one = archive.reader.execute
    pages, free, each = (one(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size"))
    captures, same = one("SELECT count(*), sum(outcome = 'same') FROM captures").fetchone()
    return Size((pages - free) * each, captures, same or 0, time.process_time())


def quietest(weeks: Sequence[Size]) -> float:
    """Bytes a capture in the week in which they were fewest: what a visit costs that shows nothing new."""
    return min((b.bytes - a.bytes) / (b.captures - a.captures) for a, b in pairwise(weeks))


def growth(weeks: list[Size]) -> str:
    """The growth by quarters, as a table. The first week, in which all is new, is in none of them."""
    length = (len(weeks) - 1) // QUARTERS
    rows: list[list[str]] = []
    for n in range(QUARTERS):
        part = weeks[n * length : (n + 1) * length + 1]
        first, last = part[0], part[-1]
        captures = last.captures - first.captures
        rows.append([str(n + 1), f"{captures:,}", f"{last.unchanged - first.unchanged:,}",
                     f"{(last.bytes - first.bytes) / 1e6:.1f}", f"{(last.bytes - first.bytes) / captures:.0f}",
                     f"{quietest(part):.0f}", f"{1e3 * (last.cpu - first.cpu) / captures:.1f}"])  # fmt: skip
    headings = ["quarter", "captures", "unchanged", "MB", "bytes a capture", "in the quietest week",
                "CPU ms a capture"]  # fmt: skip
    return table(headings, rows)


def main() -> None:
    """Print what came of it; exit 1 where log and truth differ or a host was asked too often."""
    parser = ArgumentParser(prog="benchmarks.year", description=__doc__)
    parser.add_argument("--towns", type=int, default=50)
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--rebuild", action="store_true", help="read everything anew in the end, and compare again")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.path.insert(0, str(ROOT / "tests"))
    import year

    weeks: list[Size] = []
    begun = time.process_time()
    with (
        tempfile.TemporaryDirectory() as name,
        year.live(Path(name), options.towns, options.pages, look=lambda archive: weeks.append(size(archive))) as lived,
    ):
        spent = time.process_time() - begun
        log, wrong = lived.log(), lived.network.wrong
        differences = year.differences(lived.towns, log)
        kinds = Counter(kind for found in log.events.values() for kind, _ in found)
        expected = sum(len(classes) for town in lived.towns for classes in town.changes.values())
        found = sum(len(classes) for classes in log.changes.values())
        captures = size(lived.archive).captures
        headings = ["towns", "requests", "captures", "changes", "found", "differences", "events", "asked too often",
                    "CPU s", "ms a request", "MB"]  # fmt: skip
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        cells = [options.towns, lived.network.asked, captures, expected, found, len(differences), sum(kinds.values()),
                 len(wrong), round(spent), f"{1e3 * spent / lived.network.asked:.1f}", round(memory)]  # fmt: skip
        print(table(headings, [[str(cell) for cell in cells]]))
        print("\n" + growth(weeks))
        print("\nevents:", ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
        print("\n".join([*differences[:SHOWN], *wrong[:SHOWN]]))
        if options.rebuild:
            lived.rebuild()
            again = year.differences(lived.towns, lived.log())
            print("rebuilt:", len(again), "differences", "" if lived.log() == log else "and another log")
            differences += again
    raise SystemExit(1 if differences or wrong else 0)


if __name__ == "__main__":
    main()

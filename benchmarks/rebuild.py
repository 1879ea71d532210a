"""Reading a real site's archive anew: captures a second, and that the same bytes are read once.

    python -m benchmarks.rebuild [--site foretagare.helsingborg.se]

The site is crawled through the replay proxy on each of its days, and once more on the last, where every page answers as
before. Then `archiver rebuild` is timed from start to end, as an operator would wait for it.
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import Measure, measure, python
from benchmarks.replay import configuration, serving
from benchmarks.standing import Standing, has_corpus
from benchmarks.tables import table

SITE = "foretagare.helsingborg.se"


class Rebuilt(NamedTuple):
    """What was read anew, and what that cost."""

    captures: int
    bodies: int
    size: float  # bytes, the average body
    run: Measure


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--site", default=SITE)
    found = timed(arguments.parse_args().site)
    rows = [[str(found.captures), str(found.bodies), f"{found.size / 1e3:.0f}", f"{found.run.wall:.1f}",
             f"{found.captures / found.run.wall:.0f}", f"{1000 * found.run.cpu / found.captures:.2f}",
             f"{found.run.memory / 1e6:.0f}"]]  # fmt: skip
    print(table(["captures", "bodies", "kB each", "s", "captures/s", "CPU ms each", "peak memory MB"], rows))


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """A capture read anew."""
    if has_corpus("rebuild"):
        found = timed("dunkerskulturhus.se" if quick else SITE)
        yield Standing("rebuild", "CPU ms a capture", 1000 * found.run.cpu / found.captures)
        yield Standing("rebuild", "captures/s by the clock", found.captures / found.run.wall, more_is_better=True)


def timed(site: str) -> Rebuilt:
    """The site crawled on each of its days and once more, and read anew."""
    with tempfile.TemporaryDirectory() as scratch, serving(site) as replay:
        folder = Path(scratch)
        config, archive = configuration(folder, replay.url, site), folder / "archive.db"
        command = python("-m", "archiver", "--config", str(config), "--archive", str(archive))
        for day in (*replay.days, replay.days[-1]):
            replay.set_day(day)
            measure([*command, "crawl", "--again"])
        with closing(sqlite3.connect(archive)) as conn:
            captures, bodies, size = conn.execute(
                """SELECT count(*), count(DISTINCT c.body_id), avg(b.size) FROM captures c
                   JOIN addresses a ON a.id = c.address_id LEFT JOIN bodies b ON b.id = c.body_id"""
            ).fetchone()
        done = measure([*command, "rebuild"])
    return Rebuilt(captures, bodies, size, done)


if __name__ == "__main__":
    main()

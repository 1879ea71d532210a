"""Reading a real site's archive anew: captures a second, and that the same bytes are read once.

    python -m benchmarks.rebuild [--site foretagare.helsingborg.se]

The site is crawled through the replay proxy on each of its days, and once more on the last, where every page answers as
before. Then `archiver rebuild` is timed from start to end, as an operator would wait for it.
"""

import argparse
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.measuring import measure, python
from benchmarks.replay import configuration, serving
from benchmarks.tables import table


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--site", default="foretagare.helsingborg.se")
    site = arguments.parse_args().site
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
    rows = [[str(captures), str(bodies), f"{size / 1e3:.0f}", f"{done.wall:.1f}", f"{captures / done.wall:.0f}",
             f"{1000 * done.cpu / captures:.2f}", f"{done.memory / 1e6:.0f}"]]  # fmt: skip
    print(table(["captures", "bodies", "kB each", "s", "captures/s", "CPU ms each", "peak memory MB"], rows))


if __name__ == "__main__":
    main()

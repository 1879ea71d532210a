"""Every benchmark that has a rival or a goal, one after the other, in one table: `make bench`.

    python -m benchmarks [--quick] [--only crawl,reading] [--json]

Ours and the rivals run on this machine in this run, in turns. A ratio is of medians: how many times better ours is. A
rival that is not installed is a dash, and below the table it says what to install. `--quick` takes smaller sites and
archives and one round, and a few minutes; its figures are not those of docs/performance.md.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict

from benchmarks import crawl, diff, reading, rebuild, room, search, startup, storage, throughput
from benchmarks.standing import HEADINGS, Standing, notes
from benchmarks.tables import table

PARTS = {
    "startup": startup, "reading": reading, "throughput": throughput, "crawl": crawl, "storage": storage, "diff": diff,
    "search": search, "rebuild": rebuild, "room": room,
}  # fmt: skip


def main() -> None:
    """Print the table, or the same as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller inputs, one round: a few minutes")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wanted = [name.strip() for name in options.only.split(",")]
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    begun, load = time.time(), os.getloadavg()
    found: list[Standing] = []
    for name in wanted:
        at = time.perf_counter()
        found += PARTS[name].standings(quick=options.quick)
        print(f"{name}: {time.perf_counter() - at:.0f} s", file=sys.stderr, flush=True)
    if options.json:
        print(json.dumps([asdict(one) | {"ratio": one.ratio, "met": all(m for _, m in one.goals)} for one in found],
                         ensure_ascii=False, indent=1))  # fmt: skip
        return
    print(table(HEADINGS, [one.cells() for one in found]))
    ended = os.getloadavg()
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(begun))
    print(f"\n{when}, {(time.time() - begun) / 60:.0f} minutes{', --quick' if options.quick else ''}; load of "
          f"{os.cpu_count()} cores {load[0]:.1f} at the start, {ended[0]:.1f} at the end")  # fmt: skip
    for line in notes(found):
        print(f"– {line}")


if __name__ == "__main__":
    main()

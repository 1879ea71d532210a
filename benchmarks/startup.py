"""How long a command takes to say what it can do: `archiver --help`, beside `scrapy --help`.

python -m benchmarks.startup
"""

from collections.abc import Iterator
from statistics import median

from benchmarks.measuring import measure, python
from benchmarks.standing import HEADINGS, Standing, without
from benchmarks.tables import table

TIMES = 15


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """Milliseconds of the processor, and by the clock."""
    note = without("scrapy")
    ways = {"ours": python("-m", "archiver", "--help")} | ({} if note else {"scrapy": python("-m", "scrapy", "--help")})
    runs = {name: [] for name in ways}
    for _ in range(5 if quick else TIMES):  # in turns
        for name, command in ways.items():
            run = measure(command, pause=0.002)
            assert run.status == 0, command
            runs[name].append((1000 * run.cpu, 1000 * run.wall))
    for unit, which in (("CPU ms", 0), ("ms by the clock", 1)):
        costs = {name: median(pair[which] for pair in found) for name, found in runs.items()}
        yield Standing("start-up: `--help`", unit, costs["ours"], "scrapy", costs.get("scrapy"), most=150, note=note)


def main() -> None:
    """Print the rows."""
    print(table(HEADINGS, [one.cells() for one in standings()]))


if __name__ == "__main__":
    main()

"""`python -m torture`: exit code 1 where anything was found."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import CORPUS

from torture import worlds
from torture.play import Outcome, Play


def main(arguments: Sequence[str] | None = None) -> int:
    """Play it all, and report."""
    options = _options(arguments)
    kept = ["demonstration", *(["corpus"] if CORPUS.is_dir() else [])] if options.world is None else [options.world]
    worst = 0
    for number, name in enumerate(kept):
        begun = time.monotonic()
        with TemporaryDirectory() as folder, getattr(worlds, name)(options.seed) as world:
            play = Play(world, Path(folder), options.seed + number, lambda words: print(words, flush=True))
            outcome = play.run(options.kills // len(kept))
        report(name, outcome, time.monotonic() - begun)
        worst |= bool(outcome.found)
    return worst


def report(name: str, outcome: Outcome, seconds: float) -> None:
    """What was done, and each finding."""
    done = ", ".join(f"{count} {what}" for what, count in sorted(outcome.done.items()))
    print(f"{name}: {done}; {sum(outcome.faults.values())} answers spoiled once; {seconds:.0f} s")
    print("  " + ", ".join(f"{what} {count}" for what, count in sorted(outcome.faults.items())))
    for finding in outcome.found[:50]:
        print(f"  FOUND {finding}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--world", choices=["demonstration", "corpus"], help="this one alone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

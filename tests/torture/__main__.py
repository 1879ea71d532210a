"""`python -m torture`: exit code 1 where anything was found."""

import argparse
import resource
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from benchmarks import CORPUS

from torture import worlds
from torture.play import Outcome, Play
from torture.telling import lasted, telling


def main(arguments: Sequence[str] | None = None) -> int:
    """Play it all, and report."""
    options = _options(arguments)
    kept = ["demonstration", *(["corpus"] if CORPUS.is_dir() else [])] if options.world is None else [options.world]
    begun = time.monotonic()
    outcomes = [
        play(name, options.kills // len(kept), options.seed + number) for number, name in enumerate(kept)
    ]  # fmt: skip
    kills, findings = sum(o.done["kills"] for o in outcomes), sum(len(o.found) for o in outcomes)
    print(f"in all: {kills} kills by SIGKILL, {findings} findings; {lasted(time.monotonic() - begun)}, {computed()}")
    return int(findings > 0)


def play(name: str, kills: int, seed: int) -> Outcome:
    """One world; where anything was found, its archives are left for whoever looks into it."""
    begun = time.monotonic()
    folder = Path(mkdtemp(prefix=f"torture-{name}-"))
    with getattr(worlds, name)(seed) as world, telling(name, kills) as tell:
        outcome = Play(world, folder, seed, tell).run(kills)
    for line in report(name, outcome, time.monotonic() - begun):
        print(line, flush=True)
    if outcome.found:
        print(f"  played with --world {name} --seed {seed}; its archives are in {folder}")
    else:
        shutil.rmtree(folder)
    return outcome


def computed() -> str:
    """'11 min 02 s of computing': by this process and all that it waited for. Tells more where others compute too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return f"{lasted(sum(one.ru_utime + one.ru_stime for one in used))} of computing"


def report(name: str, outcome: Outcome, seconds: float) -> list[str]:
    """What was done, and each finding."""
    done = dict(outcome.done)
    kills, crawls = done.pop("kills", 0), done.pop("crawls", 0)
    others = "".join(f", {count} {what}" for what, count in sorted(done.items()))
    spoiled = sum(outcome.faults.values())
    return [
        f"{name}: {kills} of {crawls} crawls were killed by SIGKILL, {crawls - kills} ended before{others};"
        f" {spoiled} answers spoiled once; {lasted(seconds)}",
        "  " + ", ".join(f"{what} {count}" for what, count in sorted(outcome.faults.items())),
        *(f"  FOUND {finding}" for finding in outcome.found[:50]),
    ]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=400, help="in all, shared by the worlds (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="whatever is drawn by lot (default: %(default)s)")
    parser.add_argument("--world", choices=["demonstration", "corpus"], help="this one alone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

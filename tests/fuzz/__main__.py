"""A long run: `PYTHONPATH=tests python -m fuzz --cases 100000`. Exit code 1 where anything was found."""

import argparse
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from archiver.digests import sha256
from fuzz.cases import Case, case, check, words_of
from fuzz.subjects import SUBJECTS
from fuzz.watching import Finding, Outcome, run

REAL_PAGES = 60
FOUND = Path("fuzz-found")
"""Where the bodies are kept that something was found with."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and report; 1 where something was found."""
    options = _options(arguments)
    work = partial(check, real_pages=options.real_pages, subject=options.subject)
    if options.case is not None:
        print(work(options.case))
        return 0
    if options.digest:
        made = [case(n, real_pages=options.real_pages) for n in range(options.seed, options.seed + options.cases)]
        print(sha256("\n".join(map(words_of, made)).encode()))
        return 0
    begun = time.monotonic()
    numbers = range(options.seed, options.seed + options.cases)
    until = begun + 60 * options.minutes if options.minutes else None
    outcome = run(work, numbers, workers=options.workers, limit=options.limit, memory=options.memory << 20, until=until)
    _report(outcome, time.monotonic() - begun)
    for finding in outcome.findings:
        _keep(finding, case(finding.number, real_pages=options.real_pages, subject=options.subject))
    return 1 if outcome.findings else 0


def _report(outcome: Outcome, seconds: float) -> None:
    print(f"{outcome.cases.total()} cases in {seconds:.0f} s, {len(outcome.findings)} findings")
    for subject, count in sorted(outcome.cases.items()):
        slowest, number = outcome.slowest[subject]
        print(f"  {subject:20} {count:8}   slowest, read twice: {slowest:6.2f} s CPU (case {number})")


def _keep(finding: Finding, found: Case) -> None:
    FOUND.mkdir(exist_ok=True)
    file = FOUND / f"{found.number}-{found.subject.replace(' ', '-')}.bin"
    file.write_bytes(found.body)
    print(f"\ncase {found.number}, {found.subject}, kept as {file}:\n{finding.why}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="the number of the first case")
    parser.add_argument("--case", type=int, help="this case alone, in this process")
    parser.add_argument("--digest", action="store_true", help="print a digest over all answers instead")
    parser.add_argument("--subject", choices=sorted(SUBJECTS), help="all cases for this one")
    parser.add_argument("--minutes", type=float, help="stop after so many")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=30.0, help="seconds for one case, read twice")
    parser.add_argument("--memory", type=int, default=2048, help="MB of address space for one process")
    parser.add_argument("--real-pages", type=int, default=REAL_PAGES, help="of the shared corpus, where it is here")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

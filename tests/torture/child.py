"""The program with a clock that others set: `python child.py FILE WORDS...`; FILE holds the seconds it is off.

On a disk that is full where a file comes to TORTURE_MOST bytes, if the environment says so.
"""

import os
import resource
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver import clock


def main() -> None:
    """Run archiver on the words that follow the file's name."""
    file = Path(sys.argv.pop(1))
    if most := os.environ.get("TORTURE_MOST"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))

    def now(_: clock.SystemClock) -> datetime:
        off = float(file.read_text("ascii") or 0)
        return (datetime.now(UTC) + timedelta(seconds=off)).replace(microsecond=0)

    clock.SystemClock.now = now  # type: ignore[method-assign]
    from archiver import cli

    cli.main()


if __name__ == "__main__":
    main()

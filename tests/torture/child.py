"""The program with a clock that others set: `python child.py FILE WORDS...`; FILE holds the seconds it is off.

What else the environment may say:

TORTURE_MOST   the disk is full where a file comes to so many bytes
TORTURE_LIFE   after so many seconds of computing it kills itself by SIGKILL
TORTURE_ALL    and all its processes at once
TORTURE_SPAN   a file for two numbers: how much it had computed when it first looked at the clock, and in the end

A life is measured in what was computed, since on a machine that others share seconds say little of how far it came.
"""

import os
import resource
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver import clock


def main() -> None:
    """Run archiver on the words that follow the file's name."""
    file = Path(sys.argv.pop(1))
    if most := os.environ.get("TORTURE_MOST"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    if life := os.environ.get("TORTURE_LIFE"):
        threading.Thread(target=_die, args=(float(life),), daemon=True).start()
    began: list[float] = []

    def now(self: clock.SystemClock) -> datetime:
        if not began:
            began.append(time.process_time())
        off = float(file.read_text("ascii") or 0)
        return (datetime.now(UTC) + timedelta(seconds=off)).replace(microsecond=0)

    clock.SystemClock.now = now  # type: ignore[method-assign]
    from archiver import cli

    try:
        cli.main()
    finally:
        if span := os.environ.get("TORTURE_SPAN"):
            Path(span).write_text(f"{began[0] if began else 0} {time.process_time()}", "ascii")


def _die(life: float) -> None:
    while (left := life - time.process_time()) > 0:
        time.sleep(max(left / 2, 0.0005))
    if os.environ.get("TORTURE_ALL"):
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()

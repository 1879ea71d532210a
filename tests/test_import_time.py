"""What `archiver --help` loads: nothing that a command needs. Time itself is measured in benchmarks, not here."""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
HEAVY = {"httpx", "selectolax", "lxml", "pydantic", "rich", "sqlite_utils", "apscheduler", "datasette", "pypdfium2",
         "feedparser", "asyncio", "rapidfuzz"}  # fmt: skip


def test_help_loads_no_heavy_library() -> None:
    script = (
        "import sys, archiver.cli as c; sys.argv = ['archiver', '--help']\ntry: c.main()\nexcept SystemExit: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script + "print('LOADED', *sorted(m for m in sys.modules if '.' not in m))"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    help_text, _, loaded = done.stdout.partition("LOADED")
    assert "crawl" in help_text
    assert not HEAVY & set(loaded.split())

"""The program as a person runs it: a child process, its words and its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

from archiver import cli

SOURCE = Path(__file__).parents[2] / "src"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVER_")} | {
    "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """The one JSON object that was printed."""
        (found,) = self.objects
        return found

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The JSON objects that were printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def command(*words: object) -> list[str]:
    """The command line of a child that runs archiver."""
    return [sys.executable, "-m", "archiver", *map(str, words)]


def archiver(*words: object, stdin: str | bytes = b"", here: Path | None = None, **environment: str) -> Said:
    """Run archiver to its end: in a child where it must have its own input, folder or environment, else in here."""
    if not (stdin or here or environment):
        return _inside(words)
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        command(*words), input=given, capture_output=True, cwd=here, env=ENVIRONMENT | environment, timeout=60,
        check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def _inside(words: Sequence[object]) -> Said:
    """The same in this process: a child takes half a second to start."""
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code = 0
    with patch.object(sys, "argv", ["archiver", *map(str, words)]), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    for stream in (out, err):
        stream.flush()
    return Said(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]

import subprocess
import sys
from pathlib import Path

import pytest
from store_town import day

from archiver.store import evidence, open_archive
from archiver.verify import verify

PROGRAM = """
import os, sys
from pathlib import Path
from store_town import Town, document

town = Town(Path(sys.argv[1]))
address = town.address("kommun")
page = town.page(address)
town.revise(page, town.capture(address, b"first", 1), document("A"))
steps = [0]

def die(sql):
    steps[0] += 1
    if steps[0] == int(sys.argv[2]):
        os._exit(9)

town.archive.write(lambda c: c.set_trace_callback(die))
town.revise(page, town.capture(address, b"second", 2), document("B"))
town.finish(3)
os._exit(0)
"""


@pytest.mark.parametrize("statement", [1, 4, 8, 12, 16, 20, 24, 28, 40, 48, 1000])
def test_a_kill_at_any_statement_leaves_an_archive_that_goes_on(tmp_path: Path, statement: int) -> None:
    path = tmp_path / "a.db"
    where = f"import sys; sys.path[:0] = {[str(Path(__file__).parent), *sys.path]!r}\n"
    ended = subprocess.run([sys.executable, "-c", where + PROGRAM, str(path), str(statement)], check=False)
    assert ended.returncode == (0 if statement == 1000 else 9)
    with open_archive(path) as archive:
        assert list(verify(archive.reader)) == []
        crashed = archive.write(lambda c: evidence.finish_crashed(c, day(9)))
        assert crashed == ([] if statement == 1000 else [1])
        assert list(verify(archive.reader)) == []

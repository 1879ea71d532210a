"""Parquet of any length takes the memory of one group of rows: by the system's own account."""

import subprocess
import sys

import pytest
from program import ENVIRONMENT

WRITE = """
import io, resource, sys
from archiver.publish.dictionary import columns_of
from archiver.publish.parquet import write_parquet

class Nowhere(io.RawIOBase):
    def writable(self): return True
    def write(self, data): return len(data)

def rows(count):
    for n in range(count):
        yield ("Exempelköping", "9999", n % 5000, f"https://www.exempelkoping.se/a/{n}", "link", f"Läs {n % 100}",
               "2026-03-02T06:00:00Z", "2026-04-02T06:00:00Z")

write_parquet(Nowhere(), columns_of("link_history"), rows(int(sys.argv[1])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def _megabytes(rows: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(rows)], capture_output=True, check=True, env=ENVIRONMENT, timeout=120
    )
    return int(done.stdout)


def test_eight_times_the_rows_take_the_same_memory() -> None:
    pytest.importorskip("pyarrow", reason="the extra [export] is not installed")
    few, many = (_megabytes(count) for count in (50_000, 400_000))
    assert many < few + 40, f"{few} MB, {many} MB"

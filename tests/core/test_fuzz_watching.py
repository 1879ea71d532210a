"""A long run sees what no process can tell of itself: that it hangs, fell over, or took too much."""

import os
import time

from fuzz.watching import run


def check(number: int) -> str:
    """A subject that goes wrong in every way once."""
    if number == 1:
        raise ValueError("one is odd")
    if number == 3:
        os._exit(7)
    if number == 5:
        time.sleep(60)  # until it is killed
    if number == 7:
        bytearray(4 << 30)
    return "even" if number % 2 == 0 else "odd"


def test_every_way_to_go_wrong_is_a_finding_and_the_rest_is_worked_through() -> None:
    outcome = run(check, range(10), workers=1, limit=1.0, memory=1 << 30)
    why = {finding.number: finding.why for finding in outcome.findings}
    assert sorted(why) == [1, 3, 5, 7]
    assert "one is odd" in why[1]
    assert why[3] == "the process fell over (exit code 7)"
    assert why[5].startswith("no end after 1 s")
    assert "MemoryError" in why[7]
    assert outcome.cases == {"even": 5, "odd": 1, "?": 2}


def test_a_run_ends_at_its_hour() -> None:
    outcome = run(check, range(0, 10_000, 2), workers=1, limit=5.0, memory=1 << 30, until=time.monotonic())
    assert outcome.cases.total() == 0

"""What an address tells of when its page was made."""

from datetime import UTC, datetime

import pytest

from archiver.frontier.clocks import not_before
from archiver.model import Profile

SITEVISION, PLAIN = Profile("sitevision", identity="sitevision"), Profile("generic")
SEEN = datetime(2026, 3, 2, tzinfo=UTC)
CLOCK = f"{1_671_700_000_000:x}"  # 2022-12-22


@pytest.mark.parametrize(
    ("url", "day"),
    [
        (f"https://www.ekliden.example/plan/sida.4.5fa3b21c{CLOCK}a7.html", "2022-12-22"),
        (f"https://www.ekliden.example/4.5fa3b21c{CLOCK}a7.html", "2022-12-22"),
        (f"https://www.ekliden.example/download/18.fa3b21c{CLOCK}a71f/1700000000000/plan.pdf", "2022-12-22"),
        ("https://www.ekliden.example/plan/sida.html", None),
        ("https://www.ekliden.example/plan/sida.4.1670.html", None),
        (f"https://www.ekliden.example/4.ffffffff{'f' * 11}a7.html", None),  # a clock that has not come yet
    ],
)
def test_a_node_is_no_older_than_the_clock_in_its_id(url: str, day: str | None) -> None:
    assert not_before(url, SITEVISION, SEEN) == day


def test_only_a_cms_whose_ids_are_known_to_hold_a_clock_is_asked() -> None:
    assert not_before(f"https://www.ekliden.example/4.5fa3b21c{CLOCK}a7.html", PLAIN, SEEN) is None

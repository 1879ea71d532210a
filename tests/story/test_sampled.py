"""What was read follows from the evidence: a sample is read again, and anything slipped in is found."""

import asyncio

import pytest

from archive import Town
from archiver.verify.sample import Sampled, read_again
from pretend import page


@pytest.fixture
def lived(exempel: Town) -> Town:
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/om", "Om")])
    exempel.site["/om"] = page("Om oss", "Öppet varje dag.", updated="2026-02-01")
    exempel.crawl()
    exempel.site["/om"] = page("Om oss", "Öppet varje vardag.", updated="2026-03-02")
    exempel.day()
    return exempel


def sampled(town: Town) -> Sampled:
    return asyncio.run(read_again(town.archive.reader, town.config, town.pool, 100))  # type: ignore[arg-type]


def test_what_was_read_reads_the_same_again(lived: Town) -> None:
    found = sampled(lived)
    assert (found.looked_at, found.passed_over, found.problems) == (3, 0, [])


def test_a_document_that_no_body_says_is_found(lived: Town) -> None:
    """One document in the place of another, each with right digests: only reading again can tell."""
    first, second = (row[0] for row in lived.rows("SELECT id FROM documents WHERE kind = 'html' ORDER BY id LIMIT 2"))
    exchange = "UPDATE readings SET document_id = ? WHERE document_id = ?"
    lived.archive.write(lambda c: c.execute(exchange, (first, second)))
    assert [problem for problem in sampled(lived).problems if "is not what its body says" in problem]


def test_what_other_rules_read_is_passed_over(lived: Town) -> None:
    lived.archive.write(lambda c: c.execute("UPDATE rules SET sha256 = lower(hex(zeroblob(32)))"))
    found = sampled(lived)
    assert (found.looked_at, found.passed_over) == (0, 3)

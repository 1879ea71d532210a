"""No bytes break a reader: 2,000 broken bodies, drawn anew nowhere; what must hold stands in `fuzz.laws`.

The long run, with real pages, many times as many cases and processes that are watched, is `make fuzz`.
"""

import os
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.model import Block, Claim, Document, Facts, Link, Reading
from fuzz import laws, seeds
from fuzz.cases import case, hold
from fuzz.mutations import MOST, MUTATIONS
from fuzz.subjects import AT, SUBJECTS, URL

CASES, PER_TEST = 2_000, 100
FACTS = Facts(URL, AT)


@pytest.mark.parametrize("first", range(0, CASES, PER_TEST))
def test_broken_bodies_are_read_and_the_laws_hold(first: int) -> None:
    for number in range(first, first + PER_TEST):
        made = case(number)
        try:
            hold(made)
        except Exception as error:
            error.add_note(f"again with: PYTHONPATH=tests python -m fuzz --case {number} --real-pages 0")
            raise


FOUND: dict[str, tuple[str, bytes]] = {
    "half a character in a sitemap": ("sitemap", b"<urlset><url><loc>/a&#xD800;</loc></url></urlset>"),
    "a NUL in a file's date": ("pdf", seeds.PDF.replace(b"D:20191108", b"D:2019\x001108")),
    "a NUL in a feed's title": ("feed", seeds.RSS.replace(b"<title>Ny bro", b"<title>Ny\x00 bro")),
}


@pytest.mark.parametrize(("subject", "body"), FOUND.values(), ids=FOUND)
def test_what_long_runs_have_found_is_mended(subject: str, body: bytes) -> None:
    SUBJECTS[subject](body, Random(1))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SUBJECTS)), st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_any_bytes_at_all_are_read(subject: str, body: bytes) -> None:
    look = SUBJECTS[subject]
    assert look(body, Random(1)) == look(body, Random(1))


def test_another_process_reads_the_same() -> None:
    """Whatever order a set has there: Python salts the hashes of texts in each process."""
    command = [sys.executable, "-m", "fuzz", "--digest", "--cases", "100", "--real-pages", "0"]
    paths = os.pathsep.join(filter(None, sys.path))
    said = {
        subprocess.run(
            command, env={"PYTHONPATH": paths, "PYTHONHASHSEED": salt}, capture_output=True, check=True
        ).stdout
        for salt in ("1", "2")
    }
    assert len(said) == 1


def test_a_case_is_the_same_body_whenever_it_is_made() -> None:
    assert case(4711) == case(4711)
    assert len({case(number).body for number in range(50)}) == 50


def test_every_subject_has_its_turn_and_can_be_asked_for() -> None:
    assert {case(number).subject for number in range(400)} == set(SUBJECTS)
    assert case(3, subject="feed").subject == "feed"


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.__name__)
def test_a_mutation_takes_any_body(mutation: object) -> None:
    assert callable(mutation)
    for body in (b"", b"<", b"<p>Text</p>" * 50):
        for seed in range(20):
            assert len(mutation(body, Random(seed), (b"<h1>x</h1>",))) <= 2 * MOST


def document(**fields: object) -> Document:
    return Document(kind="html", **fields)  # type: ignore[arg-type]


def claim(**fields: object) -> Claim:
    said: dict[str, object] = {
        "meaning": "published", "witness": "label", "rule": "sv:Publicerad", "label": "Publicerad", "raw": "2019-11-08",
        "value": "2019-11-08", "precision": "day", "place": "p", "believed": True, "doubt": None,
    }  # fmt: skip
    return Claim(**said | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "broken",
    [
        document(title="half \ud800 character"),
        document(blocks=(Block("main", "paragraph", None, "with \x00"),)),
        document(blocks=(Block("main", "paragraph", None, "two\nlines"),)),
        document(blocks=(Block("main", "paragraph", None, ""),)),
        document(blocks=(Block("main", "title", 1, "a"), Block("main", "title", 1, "b"))),
        document(blocks=(Block("main", "paragraph", None, "more text than the body can say" * 90),)),
        document(links=(Link("http://a.example/", "link", "main", "x", block=0),)),
        document(links=(Link("no address", "link", "main", "x"),)),
        document(claims=(claim(doubt="outranked"),), published="2019-11-08"),
        document(claims=(claim(), claim()), published="2019-11-08"),
        document(claims=(claim(),), published="2019-11-09"),
        document(claims=(claim(precision=None),), published="2019-11-08"),
        document(claims=(claim(value="2019-02-30"),), published="2019-02-30"),
        document(claims=(claim(value="2031-01-01"),), published="2031-01-01"),
        document(claims=(claim(meaning="other"),)),
        Reading("good", "", None),
        Reading("empty", "", document()),
    ],
)
def test_the_laws_can_be_broken(broken: Document | Reading) -> None:
    with pytest.raises(AssertionError):
        laws.hold(broken, b"<p>x", FACTS)


def test_a_good_document_breaks_no_law() -> None:
    blocks = (Block("main", "title", 1, "Ny bro"), Block("main", "paragraph", None, "Bron är klar."))
    links = (Link("https://www.exempelkoping.example/bro", "link", "main", "bron", block=1),)
    laws.hold(document(blocks=blocks, links=links, claims=(claim(),), published="2019-11-08"), b"x" * 99, FACTS)

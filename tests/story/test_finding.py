"""Texts that hold words are found whole and in order by whichever way, and nothing that is typed costs much."""

import random
import sqlite3
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import asking
from archiver.asking import finding
from archiver.asking.finding import holders, newest
from archiver.asking.search import WHERE, excerpt
from archiver.asking.terms import MOST_TERMS, holds, marked, parse
from archiver.asking.vocabulary import Vocabulary
from archiver.stems import stems_of
from archiver.store import prepare
from archiver.store.connections import writing
from archiver.store.forms import forms, learn, unlearn

WORDS = [
    "kommun", "kommunen", "kommunens", "kommuner", "nämnd", "nämnden", "beslut", "beslutet", "avgift", "avgifter",
    "Ärende", "ärenden", "öppna", "öppet", "förskola", "förskolan", "föreskrift", "förening", "fördelning",
    "KS", "2019", "33",
]  # fmt: skip
RARE = ["xylofon", "Åkvarnen", "tillitsbaserad"]
TEXTS = 600


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Six hundred texts of a score of words, and three rare ones in the oldest; a document of each three texts."""
    path = tmp_path_factory.mktemp("finding") / "a.db"
    prepare(path)
    conn = writing(path)
    chance = random.Random(3)
    conn.execute("INSERT INTO sources VALUES ('s', '0001', 'Ekliden', '', 'sv', '2026-01-01T00:00:00Z')")
    for number in range(1, TEXTS + 1):
        words = chance.choices(WORDS, k=chance.randint(2, 9)) + ([RARE[number % 3]] if number % 40 < 3 else [])
        text = chance.choice([" ", ", ", " – "]).join(words).capitalize() + "."
        conn.execute("INSERT INTO passages VALUES (?, ?, ?)", (number, number, text))
        learn(conn, [text], partial(stems_of, language="sv"))
        if number % 3 == 1:
            digest = f"{number:064}"
            conn.execute(
                "INSERT INTO documents (id, sha256, core, kind, legible, words) VALUES (?, ?, ?, 'html', 'yes', 1)",
                (number, digest, digest),
            )
        conn.execute(
            "INSERT INTO blocks (document_id, position, sort, passage_id) VALUES (?, ?, 4, ?)",
            (number - (number - 1) % 3, number % 3, number),
        )
    yield conn
    conn.close()


ASKED = [
    "kommun", "beslut avgift", '"KS 2019"', '"ks 2019 33"', "2019/33", "xylofon", "xylofon kommun",
    "tillitsbaserad ordning", "f*", "fö*", "kom* förs*", "x*", "x* kom*",
    "åkv*", "kommunens f*", "k* n* b* a* f* ö*", "tillits* xylo*",
    "förskola*", "öppen", "oppen", "ärende ärend*", "finnsinte", "finns* kom*",
]  # fmt: skip


@pytest.mark.parametrize("typed", [*ASKED, "kommun -beslut", "f* -k*", "f* k* -avgift"])
@pytest.mark.parametrize(("sampled", "common", "read"), [(1000, 50, 5000), (100, 5, 30), (600, 1, 1), (5, 1, 0)])
def test_every_text_with_the_terms_is_found_the_newest_first_whichever_way(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, typed: str, sampled: int, common: int, read: int
) -> None:
    monkeypatch.setattr(finding, "SAMPLED", sampled)
    monkeypatch.setattr(finding, "COMMON", common)
    monkeypatch.setattr(finding, "READ", read)
    every = archive.execute("SELECT id, text FROM passages ORDER BY id DESC").fetchall()
    wanted = parse(typed)
    expected = [number for number, text in every if all(holds(text, t, ["sv"]) is not t.negated for t in wanted)]
    assert list(newest(archive, "passages", wanted, Vocabulary(archive), 100_000)) == expected


@pytest.mark.parametrize("typed", [*ASKED, "kommun -beslut", "f* -k*", "xylofon -f*", "avgift -xylofon -KS"])
@pytest.mark.parametrize("listed", [20_000, 60, 1])
def test_documents_have_all_the_terms_in_whichever_block(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, typed: str, listed: int
) -> None:
    monkeypatch.setattr(finding, "LISTED", listed)
    whole: dict[int, str] = {}
    for number, text in archive.execute(
        "SELECT b.document_id, t.text FROM blocks b JOIN passages t ON t.id = b.passage_id"
    ):
        whole[number] = f"{whole.get(number, '')} slut {text}"
    terms = parse(typed)
    expected = {n for n, text in whole.items() if all(holds(text, t, ["sv"]) is not t.negated for t in terms)}

    found = holders(archive, terms, Vocabulary(archive))
    documents = {row[0] for row in archive.execute(found.sql, found.values)}

    assert documents <= expected
    if found.are_all:
        assert documents == expected
    assert found.are_all or listed < TEXTS or "*" in typed


HOSTILE = [
    "a* " * 5_000, "f* k* n* " * 50, "-f* " * 500, "kommun " + "-f* " * 500, "kommun " * 10_000, "(" * 50_000,
    '"' * 50_000, '"kommun ' * 9_999, "*" * 10_000, "- " * 10_000, "kommun AND " * 3_000,
    "NEAR(kommun beslut, 99999999)",
    "text : kommun", "{text} : ^kommun + beslut", "å" * 100_000, "å*" * 50_000, '"' + "a " * 100_000 + '"',
    "\x00" * 5_000, "kommun\x00*", "%_[^a]*?" * 1_000, "ﷺ" * 5_000, "a\u0301" * 5_000, "İ*", "\ue000 \U0010ffff*",
    "' OR 1=1 --", "!\"#¤%&/()=?", "",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("where", WHERE)
def test_whatever_is_typed_is_a_few_short_questions(
    archive: sqlite3.Connection, typed: str, where: asking.Where
) -> None:
    asked: list[str] = []
    archive.set_trace_callback(lambda statement: asked.append("" if statement.startswith("--") else statement))
    try:
        asking.search(archive, typed, where)
    finally:
        archive.set_trace_callback(None)
    ours = [statement for statement in asked if statement]
    assert len(ours) <= 5 * MOST_TERMS + TEXTS
    assert max(map(len, ours), default=0) <= 20_000
    assert max((statement.count('" *') for statement in ours if "passages_fts" in statement), default=0) <= 1


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("kommunens avgifter", ()),
        ("  ", ("nothing-typed",)),
        ("§ – !", ("signs-only",)),
        ("* \"\"", ("signs-only",)),
        ("-skola", ("unwanted-only",)),
        (" ".join(f"ord{n}" for n in range(21)), ("many-terms",)),
        ("å" * 201, ("long-term",)),
        ("skola " * 700, ("long-query",)),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_said(typed: str, codes: tuple[str, ...]) -> None:
    assert asking.left_out(typed) == codes


def test_an_endless_beginning_is_read_no_further_than_the_bounds(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0

    def counted(text: str, *said: object) -> bool:
        nonlocal read
        read += 1
        return holds(text, *said)  # type: ignore[arg-type]

    monkeypatch.setattr(finding, "holds", counted)
    monkeypatch.setattr(finding, "SAMPLED", 50)
    monkeypatch.setattr(finding, "COMMON", 2)
    monkeypatch.setattr(finding, "TEXTS", 40)
    found = holders(archive, parse("f* -zzz* k*"), Vocabulary(archive))
    assert not found.are_all
    assert read <= 2 * (3 * 50 + 3 * TEXTS + 40)


@given(st.lists(st.sampled_from(["kommunens", "Kommun", "a", "avgift,", "–", "x" * 70]), max_size=90), st.booleans())
def test_the_marks_of_an_excerpt_are_those_of_the_words_in_it(words: list[str], phrase: bool) -> None:
    terms = parse('"a kommun"' if phrase else "kommuner avgift")
    text = " ".join(words)
    around, marks = excerpt(text, terms, ("sv",))
    assert list(marks) == marked(around, terms, ("sv",))
    assert around.removeprefix("… ").removesuffix(" …") in text
    assert bool(marks) == bool(marked(text, terms, ("sv",)))


def test_forms_are_those_of_the_words_that_texts_have(archive: sqlite3.Connection) -> None:
    assert Vocabulary(archive).forms("kommunernas")[:2] == ("kommunernas", "kommun")
    assert {"kommunen", "kommunens", "kommuner"} <= set(Vocabulary(archive).forms("kommun"))
    assert Vocabulary(archive).forms("xyz") == ("xyz",)
    assert forms(archive, ["kommun"]) == ["kommunen", "kommuner", "kommunens"]


def test_a_word_with_hundreds_of_forms_is_still_one_question(archive: sqlite3.Connection) -> None:
    archive.execute("BEGIN")
    archive.executemany("INSERT INTO word_forms VALUES ('rot', ?)", [(f"rot{n}",) for n in range(2_000)])
    assert asking.search(archive, " ".join(["rot"] * 30 + ["kommun rot7"])) == []
    unlearn(archive, [f"rot{n}" for n in range(2_000)])
    assert forms(archive, ["rot"]) == []
    archive.execute("ROLLBACK")

"""What a person types is terms; nothing of it can break, or reach round, the index."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.asking.similar import likeness
from archiver.asking.terms import Term, expression, marked, parse


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("tillitsbaserad styrning", (Term(("tillitsbaserad",)), Term(("styrning",)))),
        ('"Högst 450 kronor"', (Term(("högst", "450", "kronor"), exact=True),)),
        ("protokoll*", (Term(("protokoll",), exact=True, open=True),)),
        ("skola -gymnasium", (Term(("skola",)), Term(("gymnasium",), negated=True))),
        ("KS 2019/33", (Term(("ks",)), Term(("2019", "33"), exact=True))),
        ("e-tjänst", (Term(("e", "tjänst"), exact=True),)),
        ('"ej slutet', (Term(("ej", "slutet"), exact=True),)),
        ('* - "" ; --', ()),
        ("”den som” »ej« „slutet“", tuple(Term(tuple(p.split()), exact=True) for p in ("den som", "ej", "slutet"))),
        ("A\u030angermanland", (Term(("ångermanland",)),)),
    ],
)
def test_what_is_typed_is_these_terms(typed: str, terms: tuple[Term, ...]) -> None:
    assert parse(typed) == terms


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Kommunens skolor och en skola.", "skola", ["skolor", "skola"]),
        ("Högst 450 kronor, högst 4 500 kronor.", '"högst 450"', ["Högst 450"]),
        ("Protokollen, protokoll och avprotokoll", "protokoll*", ["Protokollen", "protokoll"]),
        ("En å är ingen a.", "a", ["a"]),
        ("Skola skola", "skola -skola", ["Skola", "skola"]),
    ],
)
def test_the_words_meant_are_marked_where_they_stand(text: str, typed: str, found: list[str]) -> None:
    assert [text[a:b] for a, b in marked(text, parse(typed), ["sv"])] == found


@settings(deadline=None)  # a database is opened: as long as the machine lets it take
@given(st.text(max_size=60))
def test_nothing_that_is_typed_is_an_error_of_the_index(typed: str) -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE t USING fts5(text)")
    wanted = [term for term in parse(typed) if not term.negated]
    if wanted:
        match = expression(wanted, lambda word: (word, f"{word}s"))
        assert conn.execute("SELECT * FROM t WHERE t MATCH ?", (match,)).fetchall() == []
    conn.close()


@given(st.text(alphabet='ab c-*"å', max_size=30), st.text(alphabet="ab cåÅ.", max_size=60))
def test_marks_are_spans_of_the_text_in_order_and_apart(typed: str, text: str) -> None:
    spans = marked(text, parse(typed), ["sv"])
    ends = [0, *(end for _, end in spans)]
    assert all(before <= start < end <= len(text) for before, (start, end) in zip(ends, spans, strict=False))


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("ett två tre fyra fem", "Ett, två, tre, fyra, fem!", 1.0),
        ("ett två tre fyra fem", "noll ett två tre fyra fem sex", 1.0),
        ("ett två tre fyra fem sex", "ett två tre sju fem sex", 0.25),
        ("ett två", "ett två", 1.0),
        ("ett", "två", 0.0),
        ("", "ett", 0.0),
    ],
)
def test_likeness_is_the_share_of_runs_of_three_words(one: str, other: str, share: float) -> None:
    assert likeness(one, other) == share

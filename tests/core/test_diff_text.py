"""Comparing texts: what a person sees, and the law that edits lead from one to the other."""

import json
import random
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import zstd
from archiver.diff import words as words_of_diff
from archiver.diff.align import align, heaviest
from archiver.diff.likeness import LOOKED_INTO
from archiver.diff.text import apply, compare_blocks, hunks, reverse, words_changed
from archiver.diff.tokens import TOKEN, pieces
from archiver.diff.words import spans
from archiver.model import Block, BlockEdit, Span

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "regeringen_revisions" / "revisions.jsonl.zst"


def p(text: str) -> Block:
    return Block("main", "paragraph", None, text)


def li(text: str) -> Block:
    return Block("main", "list-item", 1, text)


def row(text: str) -> Block:
    return Block("main", "table-row", None, text)


def h(text: str, level: int = 2) -> Block:
    return Block("main", "heading", level, text)


def told(edits: tuple[BlockEdit, ...]) -> list[str]:
    """The edits in one line each, words marked as in print."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    lines = []
    for e in edits:
        inner = "".join(marks[s.op].format(s.text) for s in e.spans)
        block = e.after or e.before
        lines.append(f"{e.op}: {inner or (block.text if block else '')}")
    return lines


def words(before: str, after: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[s.op].format(s.text) for s in spans(before, after))


# what a reader sees


def test_a_sentence_taken_from_the_end_is_shown_whole() -> None:
    kept, gone = "Kvitto ska lämnas in.", "Alkohol betalas inte av kommunen."
    assert spans(f"{kept} {gone}", kept) == (Span("same", kept), Span("removed", f" {gone}"))


def test_a_sentence_put_between_two_is_shown_whole() -> None:
    assert spans("Ett här. Tre där.", "Ett här. Två nu. Tre där.") == (
        Span("same", "Ett här. "), Span("added", "Två nu. "), Span("same", "Tre där."),
    )  # fmt: skip


def test_a_changed_amount_is_shown_whole() -> None:
    assert words("Avgiften är 12 500 kr per år.", "Avgiften är 12 900 kr per år.") == (
        "Avgiften är [-12 500 kr-][+12 900 kr+] per år."
    )


def test_a_changed_date_is_shown_whole() -> None:
    assert words("Beslutad 8 november 2019.", "Beslutad 8 november 2020.") == (
        "Beslutad [-8 november 2019-][+8 november 2020+]."
    )
    assert words("Gäller från 2026-03-02 till vidare", "Gäller från 2026-04-02 till vidare") == (
        "Gäller från [-2026-03-02-][+2026-04-02+] till vidare"
    )


def test_a_shared_year_or_unit_at_the_end_does_not_cut_a_date_or_an_amount() -> None:
    assert words("Sista dag är 8 november 2019", "Sista dag är 9 november 2019") == (
        "Sista dag är [-8 november 2019-][+9 november 2019+]"
    )
    assert words("Taxa 1 200 kronor", "Taxa 9 200 kronor") == "Taxa [-1 200 kronor-][+9 200 kronor+]"


def test_a_full_stop_does_not_belong_to_the_word_before_it() -> None:
    assert words("Vi har öppet.", "Vi har öppet idag.") == "Vi har öppet[+ idag+]."


def test_a_lone_word_between_two_replacements_is_no_common_ground() -> None:
    assert words("Beslut ges inom åtta och tolv dagar.", "Beslut ges inom nio och fjorton dagar.") == (
        "Beslut ges inom [-åtta och tolv-][+nio och fjorton+] dagar."
    )


def test_an_unchanged_number_between_two_replacements_stays() -> None:
    assert words("Högst 300 kronor betalas", "Minst 300 kronor tas ut") == (
        "[-Högst-][+Minst+] 300 kronor [-betalas-][+tas ut+]"
    )


def test_names_taken_from_a_line_leave_the_others_alone() -> None:
    assert words("Alma, Bertil, Cilla, David", "Bertil, David") == "[-Alma, -]Bertil, [-Cilla, -]David"


def test_an_added_sentence_is_one_span() -> None:
    before = "Ansökan görs i e-tjänsten. Svar ges inom två veckor."
    after = "Ansökan görs i e-tjänsten. Den som inte kan använda den får en blankett. Svar ges inom två veckor."
    assert words(before, after) == (
        "Ansökan görs i e-tjänsten. [+Den som inte kan använda den får en blankett. +]Svar ges inom två veckor."
    )


def test_a_long_text_is_lined_up_by_sentences() -> None:
    sentences = [f"Mening nummer {k} handlar om ärende {k * 7} och inget annat." for k in range(60)]
    before, after = " ".join(sentences), " ".join([*sentences[:20], "En ny mening här.", *sentences[22:]])
    assert words(before, after).count("[+") <= 2
    assert "[+En ny mening här" in words(before, after).replace("[-" + sentences[20], "")


def test_a_line_of_text_can_become_nothing_and_come_of_nothing() -> None:
    assert words("", "Nytt") == "[+Nytt+]"
    assert words("Gammalt", "") == "[-Gammalt-]"
    assert words("Lika", "Lika") == "Lika"


def test_only_the_spaces_that_differ_are_told() -> None:
    assert words("Sidan är\u00a0ny och bra", "Sidan är ny och bra") == "Sidan är[-\u00a0-][+ +]ny och bra"


def test_a_paragraph_that_changed_is_not_removed_and_added() -> None:
    before = [h("Avgifter"), p("Högsta avgiften för hemtjänst är 2 359 kronor per månad."), p("Avgiften räknas ut.")]
    after = [h("Avgifter"), p("Högsta avgiften för hemtjänst är 2 575 kronor per månad."), p("Avgiften räknas ut.")]
    assert told(compare_blocks(before, after)) == [
        "same: Avgifter",
        "changed: Högsta avgiften för hemtjänst är [-2 359 kronor-][+2 575 kronor+] per månad.",
        "same: Avgiften räknas ut.",
    ]


def test_a_paragraph_written_anew_is_removed_and_added() -> None:
    edits = compare_blocks(
        [p("Kontakta kommunens växel för att boka tid."), p("Slut.")],
        [p("Ansökningar hanteras numera enbart digitalt via portalen."), p("Slut.")],
    )
    assert [e.op for e in edits] == ["removed", "added", "same"]


def test_rows_in_another_order_have_moved() -> None:
    before = [row("Alm | 3 200 kr"), row("Björk | 2 100 kr"), row("Cembra | 900 kr")]
    after = [row("Cembra | 900 kr"), row("Alm | 3 200 kr"), row("Björk | 2 100 kr")]
    edits = compare_blocks(before, after)
    assert sorted(e.op for e in edits) == ["moved", "same", "same"]
    assert words_changed(edits) == (0, 0)
    assert [x.op for x in hunks(edits)] == ["moved"]


def test_a_row_that_changed_among_its_likes_finds_its_own() -> None:
    before = [row(f"Taxa {k} | {k}00 kr | Gäller alla" if k else "Taxa | kr | Vem") for k in range(6)]
    after = [row(b.text.replace("300 kr", "350 kr")) for b in before]
    edits = compare_blocks(before, after)
    assert [e.op for e in edits].count("same") == 5
    assert "changed: Taxa 3 | [-300 kr-][+350 kr+] | Gäller alla" in told(edits)


def test_all_rows_changed_by_a_new_year_are_changed_rows() -> None:
    before = [row(f"Insats nummer {k} | 2025 | belopp {k * 3}") for k in range(300)]
    after = [row(b.text.replace("2025", "2026")) for b in before]
    assert {e.op for e in compare_blocks(before, after)} == {"changed"}


def test_a_paragraph_made_a_list_item_keeps_its_words() -> None:
    edits = compare_blocks([p("Ring oss."), p("Skriv.")], [li("Ring oss."), p("Skriv.")])
    assert [e.op for e in edits] == ["changed", "same"]
    assert words_changed(edits) == (0, 0)
    assert hunks(edits) == ()


def test_a_misspelt_heading_is_one_that_changed() -> None:
    assert told(compare_blocks([h("Öppetider")], [h("Öppettider")])) == ["changed: [-Öppetider-][+Öppettider+]"]


def test_hunks_are_the_very_words_in_order_with_their_blocks() -> None:
    old, new = "Avgiften är 300 kr i år.", "Avgiften är 350 kr i år."
    found = hunks(compare_blocks([p(old), p("Bort med detta stycke.")], [p(new)]))
    assert [(x.op, x.text, x.before, x.after) for x in found] == [
        ("removed", "300 kr", old, new),
        ("added", "350 kr", old, new),
        ("removed", "Bort med detta stycke.", "Bort med detta stycke.", None),
    ]


def test_edits_for_another_text_are_refused() -> None:
    edits = compare_blocks([p("A b c")], [p("A b d")])
    with pytest.raises(ValueError, match="block 0"):
        apply([p("Något annat")], edits)


# laws

WORDS = st.sampled_from(
    ["a", "och", "inte", "avgift", "Avgift", "12 500 kr", "12", "500", "8 november 2019", "§ 118", "2026-03-02", ".",
     ",", "–", "\u00a0", "  ", " ", "å", "0970-81 80 00", "10%", "KS 2026/12", "\x1b[31m", "é", "."]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=30)
BLOCKS = st.lists(
    st.builds(Block, st.just("main"), st.sampled_from(["paragraph", "heading"]), st.sampled_from([None, 1]),
              st.sampled_from(["Ja", "Nej", "Taxa 1 | 200 kr", "Taxa 2 | 300 kr"]) | TEXTS),
    max_size=9,
)  # fmt: skip


@settings(deadline=None)
@given(TEXTS)
def test_tokens_lose_no_letter(text: str) -> None:
    assert "".join(pieces(text)) == text.lstrip()
    assert "".join("".join(TOKEN.findall(text)).split()) == "".join(text.split())


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_spans_give_both_texts_exactly(before: str, after: str) -> None:
    found = spans(before, after)
    assert "".join(s.text for s in found if s.op != "added") == before
    assert "".join(s.text for s in found if s.op != "removed") == after
    assert all(s.text for s in found)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8), st.lists(TEXTS, min_size=1, max_size=8))
def test_spans_of_long_texts_give_both_exactly(one: list[str], other: list[str]) -> None:
    before, after = ". Vi ".join(one * 9), ". Vi ".join(other * 5 + one)
    found = spans(before, after)
    assert "".join(s.text for s in found if s.op != "added") == before
    assert "".join(s.text for s in found if s.op != "removed") == after


@settings(max_examples=300, deadline=None)
@given(BLOCKS, BLOCKS)
def test_edits_lead_there_and_back(before: list[Block], after: list[Block]) -> None:
    edits = compare_blocks(before, after)
    assert apply(before, edits) == tuple(after)
    assert apply(after, reverse(edits)) == tuple(before)
    assert (before == after) == all(e.op == "same" for e in edits)


@settings(deadline=None)
@given(BLOCKS)
def test_a_text_does_not_differ_from_itself(blocks: list[Block]) -> None:
    assert {e.op for e in compare_blocks(blocks, blocks)} <= {"same"}


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=30), st.lists(st.integers(0, 5), max_size=30))
def test_aligned_runs_are_equal_and_in_order(a: list[int], b: list[int]) -> None:
    i = j = 0
    for x, y, n in align(a, b):
        assert n > 0
        assert x >= i
        assert y >= j
        assert a[x : x + n] == b[y : y + n]
        i, j = x + n, y + n


def test_sequences_too_long_to_compare_whole_are_cut_and_stay_true() -> None:
    a = list(range(9_000))
    b = [k for k in a if k % 7] + [1, 2, 3]
    found = align(a, b)
    assert sum(n for _, _, n in found) == sum(1 for k in a if k % 7)
    assert all(a[x : x + n] == b[y : y + n] for x, y, n in found)
    same = align([1, 2] * 4_000, [2, 1] * 4_000)
    assert sum(n for _, _, n in same) > 7_900


def test_the_heaviest_chain_keeps_both_orders() -> None:
    assert heaviest([(0, 1, 0.9), (1, 0, 0.8), (1, 2, 0.5)]) == [(0, 1), (1, 2)]
    assert heaviest([(0, 0, 0.4), (0, 1, 0.5), (1, 0, 1.0)]) == [(1, 0)]
    assert heaviest([]) == []


# bounds


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Letters handed to each level at which texts are compared, sentences first."""
    letters = [0, 0, 0]

    def counting(level: int, cut: Callable[[str], object]) -> Callable[[str], object]:
        def counted(text: str) -> object:
            letters[level] += len(text)
            return cut(text)

        return counted

    monkeypatch.setattr(words_of_diff, "_LEVELS", tuple(counting(*pair) for pair in enumerate(words_of_diff._LEVELS)))
    return letters


def _prose(words: int) -> list[str]:
    chance = random.Random(5)
    said = ["".join(chance.choices("abdefgiklmnoprstu", k=chance.randint(2, 9))) for _ in range(words)]
    return [word + "." if k % 12 == 11 else word for k, word in enumerate(said)]


def test_of_a_long_text_only_what_differs_is_looked_at_closely(looked_at: list[int]) -> None:
    before = _prose(20_000)
    after = ["ändrat" if k % 4_000 == 77 else word for k, word in enumerate(before)]
    assert [s.text for s in spans(" ".join(before), " ".join(after)) if s.op == "added"] == ["ändrat"] * 5
    by_sentence, by_space, by_token = looked_at
    assert by_sentence > 200_000
    assert by_space < 2_000
    assert by_token < 100


def test_a_word_that_no_other_can_be_part_of_is_not_cut_into_tokens(looked_at: list[int]) -> None:
    spans("Beslut fattas av nämnden inom kort.", "Beslut fattas av styrelsen inom kort.")
    assert looked_at[2] == 0


def _shuffled(words: list[str]) -> list[str]:
    return random.Random(6).sample(words, len(words))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_prose(50_000), _shuffled(_prose(50_000))),
        (["a", "b"] * 45_000, ["b", "a", "c"] * 30_000),
        (["1", "234"] * 20_000, ["1", "235"] * 20_000),
        (["ja."] * 60_000, ["ja.", "nej."] * 30_000),
    ],
    ids=["all words shuffled", "two words for ever", "digits", "one-word sentences"],
)
def test_what_nobody_could_read_is_shown_whole_or_in_few_spans(before: list[str], after: list[str]) -> None:
    found = spans(" ".join(before), " ".join(after))
    assert "".join(s.text for s in found if s.op != "added") == " ".join(before)
    assert len(found) < 3 * words_of_diff.MOSAIC


def test_a_comparison_looks_into_so_many_letters_and_no_further(looked_at: list[int]) -> None:
    prose = _prose(3_000)
    blocks = [" ".join(prose[k:]) for k in range(300)]
    after = [text.replace("a", "å") for text in blocks]
    edits = compare_blocks([p(text) for text in blocks], [p(text) for text in after])
    assert sum(looked_at) < 3 * LOOKED_INTO
    assert apply([p(text) for text in blocks], edits) == tuple(p(text) for text in after)


def _seconds(before: list[Block], after: list[Block]) -> float:
    start = time.process_time()
    edits = compare_blocks(before, after)
    spent = time.process_time() - start
    assert apply(before, edits) == tuple(after)
    return spent


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([p(f"rad {k} om ärende {k % 97}") for k in range(12_000)], [p(f"del {k} av {k % 89}") for k in range(12_000)]),
        ([p("a b " * 30_000)], [p("b a c " * 20_000)]),
        ([p("a.a-" * 30_000)], [p("a.b-" * 30_000)]),
        ([p("1 " * 60_000)], [p("1 234 " * 15_000)]),
        ([p("ja")] * 20_000, [p("nej"), p("ja")] * 10_000),
        (
            [p(" ".join(f"Rad {k} om {k * 7}." for k in range(8_000)))],
            [p(f"Rad {k} om {k * 7}.") for k in range(8_000)],
        ),
    ],
    ids=["every row anew", "two words for ever", "no spaces", "digits and spaces", "one word a block", "one cut up"],
)
def test_no_text_takes_long(before: list[Block], after: list[Block]) -> None:
    assert _seconds(before, after) < 1.0


@pytest.mark.corpus
def test_every_pair_of_a_real_series_is_applied_and_reversed_exactly() -> None:
    if not CORPUS.exists():
        pytest.skip(f"no corpus at {CORPUS}")
    pages = [json.loads(line) for line in zstd.decompress(CORPUS.read_bytes()).splitlines()]
    pairs = 0
    for page in pages:
        series = [_markdown(r["text"]) for r in page["revisions"]]
        for before, after in pairwise(series):
            edits = compare_blocks(before, after)
            assert apply(before, edits) == tuple(after)
            assert apply(after, reverse(edits)) == tuple(before)
            pairs += 1
    assert pairs == 472


def _markdown(text: str) -> list[Block]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [h(line.lstrip("# ")) if line.startswith("#") else p(line) for line in lines if line]

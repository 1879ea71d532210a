"""Blocks cut up, made one, or moved and changed: compared as what they are, not as removed and added."""

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.diff.text import apply, compare_blocks, hunks, reverse, words_changed
from archiver.model import Block, BlockEdit

APPLY, ANSWER = "Ansökan görs i e-tjänsten senast den 1 mars.", "Du får besked inom tre veckor."
APPEAL, FORM = "Den som får avslag kan överklaga beslutet.", "Överklagan ska vara skriftlig."


def p(*sentences: str) -> Block:
    return Block("main", "paragraph", None, " ".join(sentences))


def li(text: str) -> Block:
    return Block("main", "list-item", 1, text)


def row(text: str) -> Block:
    return Block("main", "table-row", None, text)


def told(before: list[Block], after: list[Block]) -> list[str]:
    return [f"{h.op}: {h.text}" for h in hunks(compare_blocks(before, after))]


def marks(edits: tuple[BlockEdit, ...]) -> list[str]:
    names = ("joint", "elsewhere", "renumbered")
    return [" ".join([e.op, *(name for name in names if getattr(e, name))]) for e in edits]


def test_a_paragraph_cut_in_two_has_lost_no_word() -> None:
    before, after = [p(APPLY, ANSWER, APPEAL, FORM)], [p(APPLY, ANSWER), p(APPEAL, FORM)]
    edits = compare_blocks(before, after)
    assert marks(edits) == ["changed joint", "changed joint"]
    assert words_changed(edits) == (0, 0)
    assert told(before, after) == told(after, before) == []


def test_a_word_changed_on_the_way_is_the_only_one_told() -> None:
    before = [p(APPLY, ANSWER, APPEAL, FORM), p("Slut på sidan.")]
    after = [p(APPLY, ANSWER), p(APPEAL.replace("kan", "får inte"), FORM), p("Slut på sidan.")]
    assert told(before, after) == ["removed: kan", "added: får inte"]
    assert told(after, before) == ["removed: får inte", "added: kan"]


def test_a_hunk_of_a_part_stands_in_that_part_alone() -> None:
    before, after = [p(APPLY, ANSWER, APPEAL, FORM)], [p(APPLY, ANSWER), p(APPEAL, FORM.replace("ska", "bör"))]
    found = hunks(compare_blocks(before, after))
    part = f"{APPEAL} {FORM}"
    assert [(h.before, h.after) for h in found] == [(part, part.replace("ska", "bör"))] * 2


def test_a_paragraph_made_a_list_of_its_sentences_is_cut_up() -> None:
    items = [APPLY, ANSWER, APPEAL, FORM, "Ring oss om du undrar över något."]
    assert told([p(*items)], [li(item) for item in items]) == []
    assert told([li(item) for item in items], [p(*items)]) == []


def test_a_sentence_that_came_in_a_block_of_its_own_is_no_part() -> None:
    assert told([p(APPLY, ANSWER)], [p(APPLY, ANSWER), p(FORM)]) == [f"added: {FORM}"]


def test_a_sentence_that_was_written_twice_is_no_part() -> None:
    assert told([p(APPLY, APPEAL)], [p(APPLY, APPEAL), p(APPEAL)]) == [f"added: {APPEAL}"]


def test_what_was_put_in_between_two_parts_is_told() -> None:
    new = "Avgiften är 300 kronor."
    assert told([p(APPLY, ANSWER, APPEAL)], [p(APPLY, ANSWER), p(new), p(APPEAL)])[0] == f"removed: {APPEAL}"


def test_a_paragraph_that_moved_and_changed_tells_what_changed() -> None:
    before = [p("Avgiften är 300 kr per termin och barn."), p(APPLY), p(ANSWER), p(APPEAL)]
    after = [p(APPLY), p(ANSWER), p(APPEAL), p("Avgiften är 350 kr per termin och barn.")]
    edits = compare_blocks(before, after)
    assert marks(edits) == ["same", "same", "same", "changed elsewhere"]
    assert told(before, after) == ["removed: 300 kr", "added: 350 kr"]
    assert apply(after, reverse(edits)) == tuple(before)


def test_a_row_that_a_new_amount_sorted_elsewhere_is_one_row() -> None:
    before = [row("Alm | 3 200"), row("Björk | 2 100"), row("Ceder | 900"), row("Douglasgran | 100")]
    after = [row("Björk | 2 100"), row("Ceder | 900"), row("Douglasgran | 100"), row("Alm | 50")]
    assert told(before, after) == ["removed: 3 200", "added: 50"]


def test_what_may_have_become_either_of_two_is_removed_and_added() -> None:
    same = [p("Ett stycke som står kvar på sidan."), p("Ett annat som också står kvar.")]
    once = p("Bidrag till föreningar söks senast den första mars.")
    two = [p("Bidrag till föreningar söks senast den första maj."), p("Bidrag till föreningar söks senast den 2 mars.")]
    assert marks(compare_blocks([once, *same], [*same, *two])) == ["removed", "same", "same", "added", "added"]


def test_an_item_that_moved_and_has_the_number_of_its_new_place_is_renumbered() -> None:
    names = ["Val av justerare", "Riktlinjer för bidrag till föreningar i kommunen", "Taxa för bad", "Övrigt"]
    moved = [names[0], names[2], names[3], names[1]]
    before, after = ([li(f"{k}. {name}") for k, name in enumerate(side, 1)] for side in (names, moved))
    assert told(before, after) == []


# laws

SENTENCE = st.sampled_from([APPLY, ANSWER, APPEAL, FORM, "Ja.", "Nej tack.", "Ring 0999-123 45."])

SENTENCES = st.lists(
    st.sampled_from([APPLY, ANSWER, APPEAL, FORM, "Ja.", "Nej tack.", "Ring 0999-123 45."]), max_size=7
)


@st.composite
def cut_anywhere(draw: st.DrawFn) -> tuple[list[Block], list[Block]]:
    """One text in two cuts, a word perhaps another in the second."""
    sentences = draw(st.lists(SENTENCE, max_size=7))
    sides = []
    for swap in (("", ""), draw(st.sampled_from([("", ""), ("mars", "maj"), ("inte", ""), ("kan", "ska")]))):
        cuts = draw(st.lists(st.booleans(), min_size=len(sentences), max_size=len(sentences)))
        blocks: list[list[str]] = [[]]
        for sentence, begins in zip(sentences, cuts, strict=True):
            blocks += [[]] if begins else []
            blocks[-1].append(sentence.replace(*swap) if swap[0] else sentence)
        sides.append([p(*block) for block in blocks if block])
    return sides[0], draw(st.sampled_from([sides[1], draw(st.permutations(sides[1]))]))


@settings(max_examples=300, deadline=None)
@given(cut_anywhere())
def test_edits_of_blocks_cut_anywhere_lead_there_and_back(sides: tuple[list[Block], list[Block]]) -> None:
    before, after = sides
    edits = compare_blocks(before, after)
    assert apply(before, edits) == tuple(after)
    assert apply(after, reverse(edits)) == tuple(before)
    assert (before == after) == all(e.op == "same" for e in edits)
    for side in ("at_before", "at_after"):
        places = [(place, e.joint) for e in edits if (place := getattr(e, side)) is not None]
        alone = [place for place, joint in places if not joint]
        assert len(alone) == len(set(alone)), "a block is told of once"
        assert not set(alone) & {place for place, joint in places if joint}, "or in its parts"


def test_blocks_that_stand_in_others_crosswise_are_told_of_once() -> None:
    one, two = ([f"{letter}alfa{k} {letter}beta{k} {letter}gamma{k}." for k in range(6)] for letter in "xy")
    before, after = [p(*one), p(*two)], [p(sentence) for sentence in (*two, *one)]
    edits = compare_blocks(before, after)
    assert sorted(e.at_after for e in edits if e.at_after is not None) == list(range(12))
    assert apply(before, edits) == tuple(after)
    assert apply(after, reverse(edits)) == tuple(before)

"""The scores of `make quality` on tiny invented examples, and its floors: whatever measures us must be right itself."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from benchmarks.quality import floors
from benchmarks.quality.floors import Floor, Miss
from benchmarks.quality.scoring import Gold, Overlap, Said, Tally, judge, overlap, tokens, without_title
from benchmarks.quality.sets import SETS, approved_gold, bodies_of, fixtures, indexed_gold, sketched_gold, strip

ALL = frozenset({"published", "updated", "title", "text", "links"})


@pytest.mark.parametrize(
    ("said", "gold", "word"),
    [
        ("2019-11-08", "2019-11-08", "exact"),
        ("2019-11-08T09:54:00", "2019-11-08", "exact"),
        ("2019-11-08", "2019-11-08T09:54", "exact"),
        ("2019-11", "2019-11", "exact"),
        ("2019-11-08", "2019-11", "exact"),
        (None, None, "rightly none"),
        (None, "2019-11-08", "missing"),
        ("2019-11", "2019-11-08", "missing"),
        ("2019-11-09", "2019-11-08", "wrong"),
        ("2018", "2019-11-08", "wrong"),
        ("2019-11-08", None, "invented"),
    ],
)
def test_the_word_on_a_date(said: str | None, gold: str | None, word: str) -> None:
    assert judge(said, gold) == word


def test_silence_is_right_where_the_page_no_longer_says_the_date_and_an_invention_never() -> None:
    assert judge(None, "2019-11-08", shown=False) == "rightly none"
    assert judge("2019-11-08", "2019-11-08", shown=False) == "exact"
    assert judge("2019-01-01", "2019-11-08", shown=False) == "wrong"


def test_words_are_counted_and_scripts_without_spaces_by_their_characters() -> None:
    assert tokens("Ett, två – ETT 3") == Counter({"ett": 2, "två": 1, "3": 1})
    assert tokens("新华社 ก") == Counter("新华社ก")


def test_precision_is_of_what_was_said_and_recall_of_what_is_true() -> None:
    found = overlap(tokens("ett två tre fyra"), tokens("ett två"))
    assert found == Overlap(precision=0.5, recall=1.0)
    assert found.f1 == pytest.approx(2 / 3)
    assert overlap(tokens("ett ett"), tokens("ett")) == Overlap(0.5, 1.0)
    assert overlap(tokens("tre"), tokens("ett")).f1 == 0.0
    assert overlap(tokens(""), tokens("")) == Overlap(1.0, 1.0)
    assert overlap(tokens("ett"), tokens("")) == Overlap(0.0, 1.0)


def test_a_title_among_the_text_is_nobodys_mistake() -> None:
    assert without_title("# Ny  bro\nBron är klar.\nNy bro över ån", "Ny bro") == "Bron är klar.\nNy bro över ån"
    assert without_title("Ny bro", None) == "Ny bro"


GOLD = Gold(
    days={"published": "2019-11-08", "updated": None},
    title="Ledamöter",
    text="Ledamöter\nNämnden har tre ledamöter.\nAnna | ordförande\nBo",
    rows="Anna | ordförande",
    items="Bo",
    links=frozenset({"https://a.example/1", "https://a.example/2"}),
)


def test_a_page_is_scored_in_everything_that_is_known_of_it() -> None:
    tally = Tally(ALL)
    links = frozenset({"https://a.example/1"})
    tally.add(Said("2019-11-08", "2019-11-09", " ledamöter", "Nämnden har tre ledamöter.\nAnna", links), GOLD)
    assert tally.measures() == {
        "published.exact": 1.0, "published.right": 1.0, "published.honest": 1.0,
        "updated.right": 0.0, "updated.honest": 0.0,
        "title.exact": 1.0,
        "body.precision": 1.0, "body.recall": 5 / 7, "body.f1": pytest.approx(5 / 6),
        "links.precision": 1.0, "links.recall": 0.5, "links.f1": pytest.approx(2 / 3),
        "tables.recall": 0.5, "lists.recall": 0.0,
    }  # fmt: skip


def test_what_a_reader_never_says_and_what_is_not_known_is_not_scored() -> None:
    silent = Tally(frozenset({"text"}))
    silent.add(Said(text="Bo"), GOLD)
    assert {name.partition(".")[0] for name in silent.measures()} == {"body", "tables", "lists"}
    unknown = Tally(ALL)
    unknown.add(Said("2019-11-08"), Gold())
    assert unknown.measures() == {}
    assert unknown.pages == 1


def test_shares_are_over_the_pages_they_speak_of() -> None:
    tally = Tally(ALL)
    for said, gold in (("2019-11-08", "2019-11-08"), (None, "2019-11-08"), ("2018-01-01", "2019-11-08"), (None, None)):
        tally.add(Said(published=said), Gold({"published": gold}))
    assert tally.measures() == {"published.exact": 1 / 3, "published.right": 0.5, "published.honest": 0.75}


def test_an_approved_reading_is_gold() -> None:
    said = {
        "title": "Ny bro",
        "dates": {"updated": "2019-11-08"},
        "main": ["title1: Ny bro", "paragraph: Kl. 10: bron öppnas", "table-row: A | B", "list-item1: ett"],
        "links": [{"target": "https://a.example/"}],
    }
    assert approved_gold(said) == Gold(
        days={"published": None, "updated": "2019-11-08"}, title="Ny bro", text="Kl. 10: bron öppnas\nA | B\nett",
        rows="A | B", items="ett", links=frozenset({"https://a.example/"}),
    )  # fmt: skip


def test_every_fixture_has_its_gold() -> None:
    found = list(fixtures())
    assert len(found) >= 50
    assert all(page.body and set(page.gold.days) == {"published", "updated"} for page in found)
    assert sum(page.gold.text is not None for page in found) >= 50


def test_a_sketch_is_gold_as_far_as_it_goes() -> None:
    said = {"title": "Ny bro", "dates": {}, "in": ["…Bron öppnas…", "table-row: A | B", "list-item2: ett…"], "out": []}
    gold = Gold({"published": None, "updated": None}, title="Ny bro", rows="A | B", items="ett")
    assert sketched_gold(said) == gold


ROW = {
    "meta_pubdate": "2019-11-08", "meta_moddate": "", "article_published_time": "", "article_modified_time": "",
    "ld_datePublished": "", "ld_dateModified": "", "visible_date_lines": "",
}  # fmt: skip


def test_a_row_of_the_index_is_gold_in_local_days() -> None:
    assert indexed_gold(ROW, stripped=False).days == {"published": "2019-11-08", "updated": None}
    evening = ROW | {"article_modified_time": "2019-11-08T23:30:00+00:00"}
    assert indexed_gold(evening, stripped=False).days["updated"] == "2019-11-09"
    assert (
        "published" not in indexed_gold(ROW | {"meta_pubdate": "10 oktober 2025, 10:00 - 10:40"}, stripped=False).days
    )
    assert "updated" not in indexed_gold(ROW | {"visible_date_lines": "Publicerad: i maj"}, stripped=False).days


def test_a_stripped_page_shows_what_a_person_sees() -> None:
    page = (
        b"<meta charset='utf-8'><meta name='pubdate' content='2019-11-08'><meta\nname=x>"
        b'<script type="application/ld+json">{"datePublished": 1}</script><time datetime=\'2019-11-08\'>8 nov</time>'
    )
    assert strip(page) == b"<meta charset='utf-8'><time>8 nov</time>"
    shown = indexed_gold(ROW | {"visible_date_lines": "Publicerad: 2019-11-08"}, stripped=True).shown
    assert shown == {"published"}


def test_any_folder_of_pages_with_their_text_is_a_set(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>Ett</p>", "utf-8")
    (tmp_path / "a.txt").write_text("Ett", "utf-8")
    (tmp_path / "b.html").write_text("<p>no text is known of this one</p>", "utf-8")
    assert [(page.name, page.gold) for page in bodies_of(tmp_path).pages()] == [("a", Gold(text="Ett"))]


# Floors -------------------------------------------------------------------------------------------------------

HISTORY = """
[fixtures]
"body.f1" = [{ since = 2026-11-22, least = 0.9 }, { since = 2026-12-01, least = 0.95 }]
"title.exact" = [{ since = 2026-11-22, least = 1.0 }]
"""


def test_the_last_row_is_the_floor() -> None:
    assert floors.load(HISTORY)["fixtures"]["body.f1"] == Floor(0.95, date(2026, 12, 1))


@pytest.mark.parametrize(
    "fallen",
    [
        HISTORY.replace("0.95", "0.85"),
        HISTORY.replace("0.95", "0.9"),
        HISTORY.replace("2026-12-01", "2026-10-01"),
        HISTORY.replace("1.0", "1.2"),
        HISTORY.replace("[{ since = 2026-11-22, least = 1.0 }]", "[]"),
    ],
)
def test_a_floor_only_rises(fallen: str) -> None:
    with pytest.raises(ValueError, match=r"floor"):
        floors.load(fallen)


def test_a_floor_is_missed_by_less_and_by_nothing_at_all() -> None:
    given = floors.load(HISTORY)
    assert floors.missed({"fixtures": {"body.f1": 0.95, "title.exact": 1.0}}, given) == []
    assert floors.missed({"fixtures": {"body.f1": 0.949, "title.exact": 1.0}}, given) == [
        Miss("fixtures: body.f1", 0.95, 0.949)
    ]
    assert [str(miss) for miss in floors.missed({"fixtures": {"body.f1": 1.0}}, given)] == [
        "fixtures: title.exact: not measured, and the floor is 1.0000"
    ]
    assert floors.missed({"municipio": {}}, given) == []  # that set is not here


def test_the_pinned_floors_only_rose_and_are_of_sets_that_exist() -> None:
    pinned = floors.load(floors.FILE.read_text("utf-8"))
    known = {pages.name for pages in SETS} | {"htmldate-half-liberal", "encodings"}
    assert set(pinned) <= known
    assert "fixtures" in pinned

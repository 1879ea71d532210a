"""Why a change may matter: each reason with the words that make it so, and what takes weight away."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.diff import REASONS, classify, compare, weigh
from archiver.model import Block, BlockKind, Change, ClassOfChange, Document, Link

CONFIG = Path(__file__).parents[2] / "config" / "significance.toml"
POINTS = tomllib.loads(CONFIG.read_text("utf-8"))["points"]

Row = str | tuple[BlockKind, str]


def document(*rows: Row, links: tuple[Link, ...] = (), updated: str | None = None) -> Document:
    kinds = [("paragraph", r) if isinstance(r, str) else r for r in rows]
    return Document("html", updated=updated, blocks=tuple(Block("main", k, None, t) for k, t in kinds), links=links)  # type: ignore[arg-type]


def reasons(before: Document, after: Document, terms: tuple[str, ...] = ()) -> dict[str, str]:
    change = compare(before, after)
    classes = classify(change, before=before, after=after, state_before="present", state_after="present")
    return {r.name: r.detail for r in weigh(replace(change, classes=classes), POINTS, terms)}


def of(before: str, after: str) -> dict[str, str]:
    return reasons(document(before), document(after))


def test_every_reason_has_points_in_the_configuration_and_none_is_unknown() -> None:
    assert set(POINTS) == set(REASONS)


def test_no_change_has_no_reasons() -> None:
    assert weigh(Change(), POINTS, ["jäv"]) == ()


def test_a_reason_without_points_is_not_given() -> None:
    change = compare(document("Avgiften är 300 kr."), document("Avgiften är 350 kr."))
    assert weigh(change, {}, ()) == ()
    assert weigh(change, {"amount-changed": 0}, ()) == ()


def test_an_amount_is_quoted_with_what_replaced_it() -> None:
    assert of("Avgiften är 2 359 kr per månad.", "Avgiften är 2 575 kr per månad.") == {
        "amount-changed": "2 359 kr → 2 575 kr"
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Vi har öppet kl. 08.00 varje dag.", "Vi har öppet kl. 09.00 varje dag."),
        ("Planen för 2025 gäller hela året.", "Planen för 2026 gäller hela året."),
        ("Ring oss på 0970-81 80 00 om du undrar.", "Ring oss på 0970-81 80 10 om du undrar."),
        ("Enligt lagen 2017:725 gäller detta.", "Enligt lagen 2018:725 gäller detta."),
    ],
)
def test_times_years_telephones_and_references_are_no_amounts(before: str, after: str) -> None:
    assert "amount-changed" not in of(before, after)


def test_a_date_in_the_text() -> None:
    assert of("Planen antogs 8 november 2019 av fullmäktige.", "Planen antogs 9 november 2019 av fullmäktige.") == {
        "date-in-text-changed": "8 november 2019 → 9 november 2019"
    }


def test_a_time_limit_in_words_or_by_date() -> None:
    assert of("Beslut ges inom tio veckor från ansökan.", "Beslut ges inom fjorton veckor från ansökan.") == {
        "deadline-changed": "tio veckor → fjorton veckor"
    }
    found = of("Lämna in senast 1 mars 2026 till oss.", "Lämna in senast 1 april 2026 till oss.")
    assert found["deadline-changed"] == "1 mars 2026 → 1 april 2026"


def test_a_reference_that_is_gone() -> None:
    found = of("Planen är antagen av fullmäktige, KF § 118.", "Planen är antagen av fullmäktige.")
    assert found == {"decision-reference-changed": "− § 118"}
    assert "decision-reference-changed" not in of("Planen är antagen.", "Planen är antagen, KS 2026/12.")


def test_a_negation_that_came_or_went() -> None:
    assert of("Du får inte parkera här.", "Du får parkera här.") == {"negation-changed": "− “inte”"}
    assert "negation-changed" not in of("Du får inte parkera här.", "Du får ej parkera här.")


def test_a_name_that_left_a_list_is_counted_and_never_said() -> None:
    before = document(("list-item", "Vera Exempel (S)"), ("list-item", "Hugo Påhitt (M)"), "Slut på listan.")
    found = reasons(before, document(("list-item", "Vera Exempel (S)"), "Slut på listan."))
    assert found == {"name-removed-from-list": "rows beginning like a name: 1"}


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        ("Bo-Göran af Påhitt | Ledamot | S", True),
        ("Siv Näs-Exempel, 0999-123 45", True),
        ("Östra Dalen | 12", False),
        ("Moderata Samlingspartiet (M)", False),
        ("Öppet alla dagar", False),
    ],
)
def test_a_row_begins_like_a_name_by_its_form(row: str, is_told: bool) -> None:
    before = document(("table-row", "Vera Exempel | Ordförande"), ("table-row", row), "Slut på listan.")
    found = reasons(before, document(("table-row", "Vera Exempel | Ordförande"), "Slut på listan."))
    assert ("name-removed-from-list" in found) == is_told


def test_a_name_that_moved_in_a_list_has_not_left_it() -> None:
    before = document(("list-item", "Vera Exempel, ledamot"), ("list-item", "Hugo Påhitt, ledamot"))
    after = document(("list-item", "Hugo Påhitt, ordförande"), ("list-item", "Vera Exempel, ledamot"))
    assert "name-removed-from-list" not in reasons(before, after)


def test_removed_passages_are_quoted_by_their_first_words() -> None:
    before = document(
        ("heading", "Rätt till prövning"), "Du kan när som helst begära att avgiften prövas på nytt av oss.", "Kvar."
    )
    found = reasons(before, document("Kvar."))
    assert found["heading-removed"] == "“Rätt till prövning”"
    assert found["paragraph-removed"] == "1: “Du kan när som helst begära att avgiften prövas på nytt av …”"


def test_most_of_a_page_removed() -> None:
    rows = [f"Stycke {k} säger något om ärendet och dess gång." for k in range(10)]
    assert reasons(document(*rows), document(*rows[:2]))["most-of-page-removed"] == "72 of 90 words removed, 0 added"
    assert "most-of-page-removed" not in reasons(document(*rows), document(*rows[:8]))
    others = [f"Sak {k} berör helt andra frågor, men lika utförligt." for k in range(10)]
    assert "most-of-page-removed" not in reasons(document(*rows), document(*rows[:2], *others[:8]))


def file(target: str, text: str, note: str | None = None) -> Link:
    return Link(f"https://ekliden.example/{target}", "attachment", "main", text, note)


def test_a_document_that_is_no_longer_linked() -> None:
    before = document("Text", links=(file("a.pdf", "Policy mot mutor"),))
    assert reasons(before, document("Text")) == {"document-unlinked": "“Policy mot mutor”"}


def test_a_document_that_was_replaced() -> None:
    before, after = file("d/1/p.pdf", "Policy", "Pdf, 88 kB"), file("d/1/p.pdf", "Policy", "Pdf, 91 kB")
    assert reasons(document(links=(before,)), document(links=(after,))) == {"document-replaced": "“Policy”"}
    elsewhere = file("d/2/p.pdf", "Policy", "Pdf, 91 kB")
    assert reasons(document(links=(before,)), document(links=(elsewhere,))) == {"document-replaced": "“Policy”"}
    exchanged = reasons(Document("pdf", payload="a" * 64), Document("pdf", payload="b" * 64))
    assert exchanged == {"document-replaced": "the file: aaaaaaaaaaaa → bbbbbbbbbbbb"}


def test_a_link_that_leads_elsewhere() -> None:
    before, after = (Link(f"https://e.example/{y}", "link", "main", "Taxor") for y in (2025, 2026))
    assert reasons(document(links=(before,)), document(links=(after,))) == {
        "link-retargeted": "“Taxor”: https://e.example/2025 → https://e.example/2026"
    }


def test_a_watched_word_in_any_of_its_forms() -> None:
    before, after = document("Den som är jävig ska lämna rummet."), document("Den som är berörd ska lämna rummet.")
    assert reasons(before, after, ("jäv", "muta")) == {"term-of-interest": "− “jäv”"}


def test_a_watched_word_on_a_page_that_is_gone() -> None:
    before = document("Om jäv i nämnden.")
    change = compare(before, None)
    classes = classify(change, before=before, after=None, state_before="present", state_after="gone")
    found = weigh(replace(change, classes=classes), POINTS, ["jäv"], lost=before.text)
    assert [(r.name, r.detail) for r in found] == [("term-of-interest", "− “jäv”"), ("page-gone", "the page is gone")]


def test_silence_is_a_reason_with_the_date_that_stood_still() -> None:
    found = reasons(
        document("Gammal text här.", updated="2026-06-25"), document("Annan ordning nu.", updated="2026-06-25")
    )
    assert found["silent"].endswith("stood still at 2026-06-25")


def test_only_spelling() -> None:
    assert of("Komunfullmäktige beslutar om detta.", "Kommunfullmäktige beslutar om detta.") == {
        "only-spelling": "Komunfullmäktige → Kommunfullmäktige"
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Beslutet är lagligt fattat.", "Beslutet är olagligt fattat."),
        ("Du får inte bygga här.", "Du får bygga här."),
        ("Minst trettio platser.", "Minst trettio fyra platser."),
        ("Mötet hålls i juni som vanligt.", "Mötet hålls i juli som vanligt."),
        ("Avgiften är 300 kr.", "Avgiften är 301 kr."),
    ],
)
def test_what_only_looks_like_spelling(before: str, after: str) -> None:
    assert "only-spelling" not in of(before, after)


def test_only_spaces_and_marks_or_another_cut() -> None:
    assert "only-whitespace-or-punctuation" in of("Ring oss, gärna på morgonen.", "Ring oss gärna på morgonen!")
    split = reasons(
        document("Ring oss gärna. Vi svarar på morgonen."), document("Ring oss gärna.", "Vi svarar på morgonen.")
    )
    assert "only-whitespace-or-punctuation" in split
    assert "paragraph-removed" not in split


def test_only_order() -> None:
    rows: list[Row] = [("table-row", "Alm | 3 kr"), ("table-row", "Björk | 2 kr"), ("table-row", "Ek | 1 kr")]
    assert reasons(document(*rows), document(rows[2], *rows[:2])) == {"only-order": "blocks moved: 1, links moved: 0"}


def test_only_contact_details() -> None:
    before = document("Öppettider: måndag 08.00–16.00", "Text om annat.")
    assert "only-contact-details" in reasons(before, document("Öppettider: måndag 09.00–15.00", "Text om annat."))
    assert "only-contact-details" not in reasons(before, document("Öppettider: måndag 08.00–16.00", "Text om jäv."))
    long = (
        "Kontoret är bemannat {} utom på röda dagar, dagar före dem och när det står på denna sida att vi har stängt."
    )
    assert "only-contact-details" in of(long.format("08.00–16.00"), long.format("08.30 (16.30)"))
    assert "only-contact-details" not in of(long.format("08.00–16.00"), long.format("08.30 till 16.30"))


def test_blocks_that_moved_beside_contact_details_are_not_counted_among_them() -> None:
    rows = ("Text om annat.", "Text om sådant som är viktigt.", "Text om sådant som är mindre viktigt.")
    before, after = document("Telefontid: 08.00", *rows), document("Telefontid: 09.00", *rows[::-1])
    assert reasons(before, after)["only-contact-details"] == "blocks: 1, links: 0"


def test_a_site_wide_change_loses_weight() -> None:
    change = compare(document("Ett två tre fyra."), document("Ett två tre fem."))
    folded = replace(change, classes=(ClassOfChange("site-wide", "on 412 of 850 pages"),))
    assert ("site-wide", -4) in [(r.name, r.points) for r in weigh(folded, POINTS, ())]


def test_details_are_bounded() -> None:
    before = document(*[("heading", f"{n} {'Rubrik av långa ord ' * 40}") for n in range(6)], "Kvar.")
    found = reasons(before, document("Kvar."))["heading-removed"]
    assert (len(found), found[-1]) == (200, "…")


@pytest.mark.parametrize(
    "piece",
    [
        "1 234 ",
        "1.",
        "§ ",
        "+0",
        "a@",
        "KS 2026/",
        "Aa Aa ",
        "dnr ",
        "inom 1 ",
        "x",
        "0",
        "8 maj ",
        "\u00a0",
        "[a](b) ",
    ],
)
def test_no_text_is_weighed_for_long(piece: str) -> None:
    import time

    before, after = document(piece * 20_000 + "slut"), document("start" + piece * 15_000, ("list-item", piece * 5_000))
    start = time.process_time()
    reasons(before, after, ("jäv",))
    assert time.process_time() - start < 2


def test_a_word_of_decision_that_came_or_went() -> None:
    assert of("Nämnden ska pröva ärendet på nytt.", "Nämnden bör pröva ärendet på nytt.") == {
        "decision-changed": "− “ska”; + “bör”"
    }
    assert "decision-changed" not in of("Nämnden prövar ärendet på nytt.", "Nämnden prövar ärendet igen.")


def test_much_added() -> None:
    rows = [f"Stycke {k} säger något om ärendet och dess gång." for k in range(10)]
    assert reasons(document(*rows[:5]), document(*rows))["much-added"] == "45 words added to 45, 0 removed"
    assert "much-added" not in reasons(document(*rows[:9]), document(*rows))


def test_an_altered_publication_date_and_a_late_date_weigh_something() -> None:
    before, after = document("Text."), document("Text.")
    before, after = replace(before, published="2026-01-01"), replace(after, published="2025-01-01")
    assert reasons(before, after) == {
        "publication-date-altered":
            "the publication date was altered after it was first seen: 2026-01-01 → 2025-01-01"
    }  # fmt: skip


# what a reader would be told wrongly if only the words of a whole block were counted


def rows(*texts: str) -> Document:
    return document(*[("table-row", text) for text in texts])


def test_in_a_row_each_cells_number_is_told_beside_what_became_of_that_cell() -> None:
    found = reasons(rows("Åbacka | 9 | 2 | 1", "Granby | 7 | 6 | 5"), rows("Åbacka | 11 | 4 | 2", "Granby | 6 | 5 | 7"))
    assert found == {"amount-changed": "9 → 11; 2 → 4; 1 → 2; 7 → 6; 2 more"}


def test_amounts_that_changed_places_in_a_sentence_have_changed() -> None:
    found = of("Avgiften är 300 kr för barn upp till sju år och 500 kr för alla andra.",
               "Avgiften är 500 kr för barn upp till sju år och 300 kr för alla andra.")  # fmt: skip
    assert found == {"amount-changed": "300 kr → 500 kr; 500 kr → 300 kr"}


def test_where_amounts_are_not_as_many_none_is_paired_with_another() -> None:
    found = of("Avgiften är 300 kr eller 500 kr.", "Avgiften är 450 kr.")
    assert found == {"amount-changed": "300 kr, 500 kr → 450 kr"}
    assert "amount-changed" not in of("Avgiften är 300 kr eller 500 kr.", "Avgiften är alltid 300 kr.")


def test_an_amount_that_only_stands_elsewhere_in_the_sentence_has_not_changed() -> None:
    assert "amount-changed" not in of("Avgiften på 300 kr betalas nu.", "Avgiften betalas nu med 300 kr.")
    assert of("Avgiften på 300 kr betalas nu.", "Avgiften betalas nu med 400 kr.") == {
        "amount-changed": "300 kr → 400 kr"
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Öppet vardagar 08.00-16.00 hela året.", "Öppet vardagar 08.00–16.00 hela året."),
        ("Ärendet har nummer 26-118 hos oss.", "Ärendet har nummer 26‑118 hos oss."),
        ("Avgiften är 100-200 kr per dag.", "Avgiften är 100–200 kr per dag."),
    ],
    ids=["clock", "non-breaking hyphen", "range"],
)
def test_another_dash_in_a_number_is_typography(before: str, after: str) -> None:
    found = of(before, after)
    assert "only-whitespace-or-punctuation" in found
    assert "amount-changed" not in found


@pytest.mark.parametrize(("old", "new"), [("2025-2026", "2026-2027"), ("2025–26", "2026–27"), ("2025/26", "2026/27")])
def test_a_school_year_is_no_amount(old: str, new: str) -> None:
    assert "amount-changed" not in of(
        f"Planen för {old} gäller hela läsåret.", f"Planen för {new} gäller hela läsåret."
    )


def test_a_negation_that_went_from_one_sentence_to_another_turns_both() -> None:
    found = of("Du får inte parkera här. Du får cykla här.", "Du får parkera här. Du får inte cykla här.")
    assert found == {"negation-changed": "− “inte”; + “inte”"}


def test_a_sentence_that_moved_with_its_negation_turns_nothing() -> None:
    one, other = "Du får inte parkera på gården.", "Hundar ska hållas kopplade överallt."
    assert "negation-changed" not in of(f"{one} {other} Slut.", f"{other} {one} Slut.")


def test_words_that_changed_places_are_no_spelling() -> None:
    found = of("Nämnden ska pröva det, komitten kan yttra sig.", "Nämnden kan pröva det, kommitten ska yttra sig.")
    assert "only-spelling" not in found


def test_numbers_that_changed_places_and_marks_are_no_contact_details() -> None:
    assert reasons(rows("Norra | 41 | 3"), rows("Norra | 3 | 41")) == {"amount-changed": "41 → 3; 3 → 41"}
    assert set(of('Det kallas "snabbspår" hos oss.', "Det kallas ”snabbspår” hos oss.")) == {
        "only-whitespace-or-punctuation"
    }

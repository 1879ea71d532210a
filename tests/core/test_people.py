"""Who left, joined or changed places in a list or table of people, known by the form of its rows."""

import time

import pytest

from archiver.diff import classify, compare, weigh
from archiver.diff.people import Person, is_name, row_people
from archiver.model import Block, BlockKind, Document
from rulebook import rules

ROLES = rules("generic").language.roles


def page(*rows: tuple[BlockKind, str]) -> Document:
    return Document("html", blocks=tuple(Block("main", kind, 2 if kind == "heading" else None, t) for kind, t in rows))


def told(before: Document, after: Document) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [(p.op, p.name, p.role, p.party, p.former) for p in compare(before, after, ROLES).people]


@pytest.mark.parametrize(
    "name",
    ["Vera Exempel", "Bo-Göran Påhitt", "Anna af Klint", "Jan van der Påhitt", "Åsa Öst-Näs", "Per E. Exempel",
     "Eva O’Påhitt", "Maria Elisabet Exempel Påhitt"],
)  # fmt: skip
def test_this_has_the_form_of_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    ["Vera", "vera exempel", "Moderata Samlingspartiet", "Exempel AB", "Kultur och Fritid", "Stora Torget",
     "Barn Och Utbildningsnämnden", "Vera Exempel 2026", "", "En Två Tre Fyra Fem Sex Sju", "af Klint"],
)  # fmt: skip
def test_this_has_not(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("row", "people"),
    [
        ("Hugo Påhitt (M), vice ordförande", [Person("Hugo Påhitt", "vice ordförande", "M")]),
        ("Ordförande: Vera Exempel (S)", [Person("Vera Exempel", "Ordförande", "S")]),
        ("2:e vice ordförande Vera Exempel (KD)", [Person("Vera Exempel", "2:e vice ordförande", "KD")]),
        ("Vera Exempel | Ledamot | S | vera@ekliden.example", [Person("Vera Exempel", "Ledamot", "S")]),
        ("Ordförande | Vera Exempel (S)", [Person("Vera Exempel", "Ordförande", "S")]),
        ("Vera Exempel – kommundirektör", [Person("Vera Exempel", "kommundirektör", None)]),
        ("Ledamöter: Vera Exempel (S), Hugo Påhitt (M)",
         [Person("Vera Exempel", "Ledamöter", "S"), Person("Hugo Påhitt", "Ledamöter", "M")]),
        ("Vera Exempel (S)", [Person("Vera Exempel", None, "S")]),
        ("Vera Exempel", []),  # a name alone may be anything
        ("Stora Salen | 300 kr", []),
        ("Moderata Samlingspartiet (M) | 12", []),
    ],
)  # fmt: skip
def test_a_row_tells_of_people_by_its_form(row: str, people: list[Person]) -> None:
    assert row_people(row, ROLES) == people


def test_a_role_in_the_heading_is_that_of_all_below_it() -> None:
    before = page(("heading", "Ersättare"), ("list-item", "Vera Exempel"), ("list-item", "Hugo Påhitt"))
    after = page(("heading", "Ersättare"), ("list-item", "Vera Exempel"), ("list-item", "Siv Näs-Exempel"))
    assert told(before, after) == [
        ("left", "Hugo Påhitt", "Ersättare", None, None),
        ("joined", "Siv Näs-Exempel", "Ersättare", None, None),
    ]


def test_another_role_and_another_party_are_told_as_such() -> None:
    before = page(("table-row", "Ledamot | Vera Exempel (S)"), ("table-row", "Ordförande | Hugo Påhitt (M)"))
    after = page(("table-row", "Ordförande | Vera Exempel (S)"), ("table-row", "Ledamot | Hugo Påhitt (C)"))
    assert told(before, after) == [
        ("role", "Vera Exempel", "Ordförande", "S", "Ledamot"),
        ("role", "Hugo Påhitt", "Ledamot", "C", "Ordförande"),
        ("party", "Hugo Påhitt", "Ledamot", "C", "M"),
    ]


def test_a_list_in_another_order_is_nobodys_news() -> None:
    rows = [("list-item", f"{name} (S), ledamot") for name in ("Vera Exempel", "Hugo Påhitt", "Siv Exempel")]
    assert told(page(*rows), page(*rows[::-1])) == []  # type: ignore[arg-type]
    assert [d.summary for d in compare(page(*rows), page(*rows[::-1])).differences] == ["2 blocks moved"]  # type: ignore[arg-type]


def test_running_text_tells_of_nobody() -> None:
    sentence = (
        "Kommunstyrelsens ordförande Vera Exempel (S) invigde badet i går tillsammans med barn och unga från hela "
        "kommunen, och ledamot Hugo Påhitt (M) höll tal vid den nya bryggan."
    )
    before = page(("paragraph", sentence))
    assert told(before, page(("paragraph", "Badet är öppet."))) == []


def test_running_text_beside_a_list_that_changed_tells_of_nobody() -> None:
    sentence = "Hugo Påhitt (M), ordförande, " + "invigde badet tillsammans med barn och unga från hela kommunen, " * 4
    before = page(("list-item", "Vera Exempel (S), ledamot"), ("paragraph", sentence))
    after = page(("list-item", "Siv Exempel (S), ledamot"), ("paragraph", sentence.replace("Hugo Påhitt", "Bo Alm")))
    assert [row[:2] for row in told(before, after)] == [("left", "Vera Exempel"), ("joined", "Siv Exempel")]


def test_class_and_summary_name_roles_and_no_person() -> None:
    before = page(("list-item", "Vera Exempel (S), ordförande"), ("list-item", "Hugo Påhitt (M), ledamot"))
    after = page(("list-item", "Siv Exempel (S), ordförande"), ("list-item", "Hugo Påhitt (M), ledamot"))
    change = compare(before, after, ROLES)
    classes = classify(change, before=before, after=after, state_before="present", state_after="present")
    assert [c.reason for c in classes if c.name == "personnel"] == ["left: 1 (ordförande); joined: 1 (ordförande)"]
    assert [d.summary for d in change.differences if d.kind == "personnel"] == ["1 joined, 1 left"]
    assert all(h.person for h in change.hunks)
    assert "Exempel" not in repr([*classes, *change.differences])


def test_another_hunk_that_names_somebody_who_left_is_marked_too() -> None:
    before = page(("list-item", "Vera Exempel (S), ledamot"), ("paragraph", "Frågor besvaras av Vera Exempels kansli."))
    after = page(("list-item", "Siv Påhitt (S), ledamot"), ("paragraph", "Frågor besvaras av nämndens kansli."))
    marks = [(h.text, h.person) for h in compare(before, after, ROLES).hunks]
    assert marks == [("Vera Exempel", True), ("Siv Påhitt", True), ("Vera Exempels", True), ("nämndens", True)]


def test_a_list_of_very_many_people_is_compared_and_weighed_quickly() -> None:
    def people(first: int) -> Document:
        letters = "abcdefghijklmnop"
        names = ("".join(letters[k >> shift & 15] for shift in (0, 4, 8, 12)) for k in range(first, first + 8_000))
        return page(*(("list-item", f"A{name} B{name} (S), ledamot") for name in names))

    before, after = people(0), people(20_000)
    start = time.process_time()
    change = compare(before, after, ROLES)
    reasons = weigh(change, {"name-removed-from-list": 2}, ())
    assert time.process_time() - start < 3
    assert all(h.person for h in change.hunks[:5_000])
    assert [r.name for r in reasons] == ["name-removed-from-list"]


def test_without_roles_nobody_is_looked_for() -> None:
    before, after = page(("list-item", "Vera Exempel (S)")), page(("list-item", "Hugo Påhitt (M)"))
    assert compare(before, after).people == ()


@pytest.mark.parametrize(
    ("language", "row", "role"),
    [
        ("fi", "Puheenjohtaja | Vera Esimerkki (SDP)", "Puheenjohtaja"),
        ("nb", "Ola Eksempel (Ap), varaordfører", "varaordfører"),
        ("nn", "Leiar: Kari Døme (Sp)", "Leiar"),
        ("da", "Formand Bo Eksempel (V)", "Formand"),
        ("de", "Stellvertretende Vorsitzende: Vera Beispiel (SPD)", "Stellvertretende Vorsitzende"),
        ("en", "Vera Example (Lab), deputy mayor", "deputy mayor"),
        ("sv-FI", "Vera Exempel (SFP), II viceordförande", "II viceordförande"),
    ],
)
def test_roles_are_known_in_every_language(language: str, row: str, role: str) -> None:
    [person] = row_people(row, rules("generic", language).language.roles)
    assert person.role == role

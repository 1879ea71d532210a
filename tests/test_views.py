import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.model import (
    Absence,
    Address,
    Change,
    Claim,
    ClassOfChange,
    Difference,
    Document,
    Ground,
    Hunk,
    Link,
    LinkEdit,
    PersonEdit,
    Reason,
)
from archiver.publish import dictionary
from archiver.store import annotations, evidence, reading
from edges.store_town import DAY_ONE, Town, day, document, source

VIEWS = {
    "open_pages", "open_revisions", "inner_text", "snapshots", "current_pages", "page_changes", "change_text",
    "silent_edits", "touched_dates", "date_anomalies", "flaps", "disappearances", "returns", "replaced_files",
    "link_history", "link_edits", "dead_links", "bulk_stamps", "events_by_site", "provenance", "coverage", "gaps",
    "redaction_log", "page_links", "hearsay", "imports", "personnel_changes", "moves", "unlinked_documents",
    "visits", "page_history", "snapshot_blocks", "shared_passages", "annotated_changes",
    "seen_urls",
}  # fmt: skip
SECRET, HIDDEN = "Ansvarig Person", "anslagets ord"
DEAD = "https://www.exempelkoping.se/borta"


def change(class_: str, *, word: str = "nytt") -> Change:
    return Change(
        differences=(
            Difference("text", 1, 1, None, None, f"{word} i texten"),
            Difference("responsible", 1, 1, SECRET, SECRET, "ansvarig bytt"),
        ),
        hunks=(Hunk("removed", word, f"före {word}", None), Hunk("added", word, None, f"efter {word}")),
        links=(
            LinkEdit("added", "link", DEAD, word),
            LinkEdit("removed", "link", DEAD, word),
            LinkEdit("renamed", "link", DEAD, word, before=word),
        ),
        classes=(ClassOfChange(class_, "så är det"),),
        reasons=(Reason("deadline-changed", 5, "fem till tre"),),
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One of each: every class of change on an open page, a page under embargo, a file, a page gone and back."""
    with Town(tmp_path_factory.mktemp("views") / "archive.db") as town:
        _fill_open_page(town)
        _fill_notice_board(town)
        _fill_file(town)
        _fill_absence(town)
        _fill_people(town)
        _fill_moves(town)
        _fill_site(town)
        yield town


def _claim(meaning: str, value: str) -> Claim:
    return Claim(meaning, "label", "sv:x", "Etikett", value, value, None, "p", True, None)  # type: ignore[arg-type]


def _fill_open_page(town: Town) -> None:
    address = town.address("kommun")
    page = town.page(address, "politik")
    classes = ("edit", "silent-edit", "touch", "date-regression", "flap", "technical")
    for number in range(len(classes) + 1):
        words = "först" if number == 0 else classes[number - 1]
        said = replace(
            document(words, title=f"Sida {number}", links=(DEAD,), updated="2026-01-01", responsible=SECRET),
            claims=(_claim("responsible", SECRET), replace(_claim("updated", "2026-01-01"), precision="day")),
        )
        capture = town.capture(address, b"k%d" % number, number + 1)
        town.revise(page, capture, said, change(words, word=words) if number else None)


def _fill_notice_board(town: Town) -> None:
    """Last seen 40 days ago: its words were public for 21 days and are no longer."""
    address = town.address("anslagstavla")
    page = town.page(address, "anslagstavla", 21)
    for number, word in enumerate((HIDDEN, HIDDEN + " igen")):
        said = document(word, title="Anslag", links=(DEAD,))
        capture = town.capture(address, word.encode(), days_ago(41 - number))
        town.revise(page, capture, said, change("edit", word=HIDDEN) if number else None)


def _fill_file(town: Town) -> None:
    address = town.address("protokoll.pdf", "file")
    page = town.page(address, kind="file")
    for number in (1, 2):
        capture = town.capture(address, b"%%PDF %d" % number, number)
        swap = Change(differences=(Difference("payload", 1, 1, "a", "b", "filen byttes"),))
        town.revise(
            page, capture, replace(document(f"fil {number}"), payload=f"{number:064}"), swap if number > 1 else None
        )


def _fill_absence(town: Town) -> None:
    address = town.address("borta")
    page = town.page(address)
    seen = town.capture(address, b"borta", 1)
    town.revise(page, seen, document("sista ord", title="Borta"))
    missed = [town.capture(address, b"", n, 404) for n in (2, 4)]
    gone = Absence("404", "gone", seen.id, missed[0].id, missed[1].id, day(2), day(4), 2, confirmed_by=missed[1].id)
    town.archive.write(lambda c: reading.save_absence(c, page, gone))
    town.archive.write(lambda c: c.execute("UPDATE absences SET still_linked = 1"))
    other = town.address("åter")
    other_page = town.page(other)
    captures = [town.capture(other, b"1", 1), town.capture(other, b"", 2, 410), town.capture(other, b"1", 3)]
    town.revise(other_page, captures[0], document("åter"))
    back = Absence(
        "410", "back", captures[0].id, captures[1].id, captures[1].id, day(2), day(2), 1,
        confirmed_by=captures[1].id, back_by=captures[2].id,
    )  # fmt: skip
    town.archive.write(lambda c: reading.save_absence(c, other_page, back))


def _fill_site(town: Town) -> None:
    def job(conn: sqlite3.Connection) -> None:
        conn.execute(
            """INSERT INTO events (source_id, kind, key, first_seen, last_seen, pages, summary)
               VALUES ('exempelkoping', 'bulk-stamp', '2026-01-01', '2026-03-01T12:00:00Z',
                 '2026-03-01T12:00:00Z', 20, 'x')"""
        )
        conn.execute(
            """INSERT INTO redactions (body_id, level, reason, actor, acted_at)
               VALUES (1, 'hidden', 'person', 'keeper', '2026-03-01T12:00:00Z')"""
        )

    town.archive.write(job)
    said = annotations.Annotation(1, 2, "governance/1", "softened", "vagt", "en läsare")
    town.archive.write(lambda c: annotations.add(c, said, day(9)))
    for number in range(20):
        address = town.address(f"nyhet/{number}")
        page = town.page(address)
        capture = town.capture(address, b"n%d" % number, 1)
        town.revise(page, capture, document(f"nyhet {number}", updated="2026-01-01"))
    _fill_neighbour(town)
    listing = town.address("sitemap.xml")
    entry = Link(town.address("kommun/namnd").url, "entry", "main", "", "2026-01-05")
    town.page(town.address("kommun/namnd"))
    sitemap = town.page(listing, kind="sitemap")
    town.revise(sitemap, town.capture(listing, b"s", 1), Document("sitemap", links=(entry,)))
    town.archive.write(lambda c: evidence.finish_run(c, town.run, day(999), "done"))
    town.archive.write(lambda c: evidence.begin_run(c, "exempelkoping", "import", day(999), "archiver 0", "old.warc"))


def _fill_people(town: Town) -> None:
    address = town.address("namnden")
    page = town.page(address)
    town.revise(page, town.capture(address, b"m1", 1), document("Ordförande"))
    left = Change(
        differences=(Difference("personnel", 0, 1, None, None, "1 left"),),
        hunks=(Hunk("removed", f"Ordförande {SECRET}", f"Ordförande {SECRET}", None, person=True),),
        classes=(ClassOfChange("personnel", "left: 1", (Ground("left", ("1",)),)),),
        people=(PersonEdit("left", SECRET, "Ordförande", "S"),),
    )
    town.revise(page, town.capture(address, b"m2", 2), document("Ingen"), left)


def _fill_moves(town: Town) -> None:
    """A page whose address leads elsewhere now, and a document that lost its link."""
    address, listing, file = town.address("flyttad"), town.address("lista"), town.address("policy.pdf", "file")
    town.revise(town.page(address), town.capture(address, b"f", 1), document("flyttad"))
    town.capture(address, b"", 2, 301, location="https://www.exempelkoping.se/dit")
    linked = replace(document("lista"), links=(Link(file.url, "attachment", "main", "Policy"),))
    page = town.page(listing)
    town.revise(page, town.capture(listing, b"l1", 1), linked)
    town.revise(page, town.capture(listing, b"l2", 2), document("lista utan"), Change())
    town.revise(town.page(file, kind="file"), town.capture(file, b"%PDF p", 3), document("policy"))


def _fill_neighbour(town: Town) -> None:
    """Another municipality, with a passage of ours."""

    def job(conn: sqlite3.Connection) -> tuple[Address, int]:
        evidence.add_source(conn, source("grannby", "Grannby", "9998"), DAY_ONE)
        address = evidence.add_address(conn, "grannby", "https://www.grannby.se/", "page", 0, None, DAY_ONE)
        assert address is not None
        page = reading.join_page(
            conn,
            address.id,
            source_id="grannby",
            key=address.key,
            kind="page",
            section="",
            embargo_days=None,
            why="own",
        )
        return address, page

    address, page = town.archive.write(job)
    town.revise(page, town.capture(address, b"granne", 1), document("nyhet 3", title="Granne"))


def rows(town: Town, question: str) -> list[dict[str, object]]:
    return [dict(row) for row in town.archive.reader.execute(question)]


def test_every_view_is_listed_here(town: Town) -> None:
    found = {row["name"] for row in rows(town, "SELECT name FROM sqlite_schema WHERE type = 'view'")}
    assert found == VIEWS


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_view_answers(town: Town, view: str) -> None:
    assert rows(town, f"SELECT * FROM {view}")


FORMS = {"date": r"\d{4}-\d\d-\d\d", "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}


@pytest.mark.parametrize("view", dictionary.VIEWS)
def test_a_column_holds_what_its_type_says(town: Town, view: str) -> None:
    types = {"integer": int, "boolean": int, "number": (float, int)}
    told = [(name, about, row[name]) for row in rows(town, f"SELECT * FROM {view}")
            for name, about in dictionary.columns_of(view).items() if row[name] is not None]  # fmt: skip
    assert told
    for name, about, value in told:
        assert isinstance(value, types.get(about.type, str)), name
        assert not about.one_of or value in about.one_of, name
        assert about.type not in FORMS or re.fullmatch(FORMS[about.type], str(value)), (name, value)


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_no_view_names_the_person_responsible(town: Town, view: str) -> None:
    assert SECRET not in repr(rows(town, f"SELECT * FROM {view}"))


@pytest.mark.parametrize("view", sorted(VIEWS - {"inner_text"}))
def test_no_public_view_shows_a_text_under_embargo(town: Town, view: str) -> None:
    assert HIDDEN not in repr(rows(town, f"SELECT * FROM {view}"))


def test_what_is_under_embargo_is_still_known_to_have_changed(town: Town) -> None:
    (row,) = rows(town, "SELECT * FROM page_changes WHERE section = 'anslagstavla'")
    assert (row["classes"], row["summary"], row["title_after"]) == ("edit", None, "Anslag")


@pytest.mark.parametrize("view", ["page_changes", "change_text", "link_edits", "silent_edits", "flaps"])
def test_a_change_of_our_rules_is_in_no_view_of_changes(town: Town, view: str) -> None:
    technical = rows(town, "SELECT revision_id FROM change_classes WHERE class = 'technical'")[0]["revision_id"]
    assert technical not in [row["revision_id"] for row in rows(town, f"SELECT revision_id FROM {view}")]


@pytest.mark.parametrize(
    ("view", "classes"),
    [
        ("silent_edits", "silent-edit"),
        ("touched_dates", "touch"),
        ("date_anomalies", "date-regression"),
        ("flaps", "flap"),
    ],
)
def test_a_view_of_one_class_shows_that_class(town: Town, view: str, classes: str) -> None:
    assert [row["classes"] for row in rows(town, f"SELECT * FROM {view}")] == [classes]


def test_current_pages_show_the_latest_state(town: Town) -> None:
    (row,) = rows(town, "SELECT * FROM current_pages WHERE url LIKE '%/kommun'")
    assert (row["revisions"], row["title"], row["text"], row["state"]) == (7, "Sida 6", "technical", "present")


def test_snapshots_give_the_text_as_of_a_day(town: Town) -> None:
    (row,) = rows(
        town,
        """SELECT text, revision FROM snapshots WHERE url LIKE '%/kommun' AND captured_at <= '2026-03-03T12:00:00Z'
           ORDER BY captured_at DESC LIMIT 1""",
    )
    assert row == {"text": "silent-edit", "revision": 3}


def test_a_disappearance_has_its_last_text_and_a_return_is_one_too(town: Town) -> None:
    gone, back = rows(town, "SELECT * FROM disappearances ORDER BY state DESC")
    assert (gone["state"], gone["last_text"], gone["still_linked"]) == ("gone", "sista ord", 1)
    assert back["state"] == "back"
    assert [row["absence_id"] for row in rows(town, "SELECT * FROM returns")] == [back["absence_id"]]


def test_a_dead_link_is_one_whose_target_was_gone_when_last_asked(town: Town) -> None:
    assert {(r["url"], r["target"], r["status"]) for r in rows(town, "SELECT * FROM dead_links")} == {
        ("https://www.exempelkoping.se/kommun", DEAD, 404)
    }


def test_a_swapped_file_is_shown(town: Town) -> None:
    assert [row["kinds"] for row in rows(town, "SELECT * FROM replaced_files")] == ["payload"]


def test_twenty_pages_with_one_update_day_are_a_bulk_stamp(town: Town) -> None:
    (row,) = rows(town, "SELECT * FROM bulk_stamps")
    assert (row["updated"], row["pages"]) == ("2026-01-01", 21)


def test_a_notice_is_public_while_it_stands_and_so_many_days_after(town: Town, tmp_path: Path) -> None:
    with Town(tmp_path / "new.db") as new:
        address = new.address("anslagstavla")
        page = new.page(address, "anslagstavla", 21)
        new.revise(page, new.capture(address, b"x", days_ago(20)), document(HIDDEN))
        assert rows(new, "SELECT text FROM current_pages") == [{"text": HIDDEN}]


def days_ago(number: int) -> int:
    """The number of the day that was so many days before this one, by the clock that SQLite's 'now' reads."""
    return (datetime.now(UTC) - timedelta(days=number) - day(1)).days + 1


def test_what_a_sitemap_says_of_a_page_is_told_as_hearsay_in_its_own_words(town: Town) -> None:
    [told] = [row for row in rows(town, "SELECT * FROM hearsay") if row["witness"] == "sitemap"]
    assert told["url"] == "https://www.exempelkoping.se/kommun/namnd"
    assert told["said"] == "2026-01-05"
    assert told["said_on"] == "https://www.exempelkoping.se/sitemap.xml"


def test_a_link_is_told_with_the_heading_it_stands_under(town: Town) -> None:
    assert {row["heading"] for row in rows(town, "SELECT * FROM page_links")} == {"Sida 6"}


def test_people_are_told_by_role_and_the_words_of_their_rows_are_not_searched(town: Town) -> None:
    (row,) = rows(town, "SELECT op, role, party, former FROM personnel_changes")
    assert row == {"op": "left", "role": "Ordförande", "party": "S", "former": None}
    assert rows(town, "SELECT 1 FROM change_text WHERE url LIKE '%/namnden'") == []
    assert rows(town, "SELECT name FROM personnel") == [{"name": SECRET}]


def test_a_document_that_is_served_and_linked_from_nowhere(town: Town) -> None:
    (row,) = rows(town, "SELECT url, last_linked, checked FROM unlinked_documents")
    assert row["url"] == "https://www.exempelkoping.se/policy.pdf"
    assert str(row["last_linked"]) < str(row["checked"])


def test_where_an_address_that_showed_a_page_leads(town: Town) -> None:
    (row,) = rows(town, "SELECT url, moved_to, status, visits FROM moves")
    assert row == {
        "url": "https://www.exempelkoping.se/flyttad", "moved_to": "https://www.exempelkoping.se/dit", "status": 301,
        "visits": 1,
    }  # fmt: skip


def test_every_url_that_was_linked_to_is_told_with_its_host_whether_or_not_it_was_asked_for(town: Town) -> None:
    seen = {row["url"]: row for row in rows(town, "SELECT * FROM seen_urls")}
    assert seen[DEAD] == {
        "source_id": "exempelkoping", "municipality": "Exempelköping", "code": "9999", "url": DEAD,
        "host": "www.exempelkoping.se", "first_seen": "2026-03-01T12:00:00Z", "last_seen": "2026-03-07T12:00:00Z",
        "pages": 1, "asked": 1,
    }  # fmt: skip
    assert seen["https://www.exempelkoping.se/kommun/namnd"]["asked"] == 0


def test_one_url_of_many_is_found_by_an_index(town: Town) -> None:
    plan = [row["detail"] for row in rows(town, "EXPLAIN QUERY PLAN SELECT * FROM seen_urls WHERE url = 'x'")]
    searched = [step for step in plan if str(step).startswith("SEARCH t USING INDEX")]
    assert searched == ["SEARCH t USING INDEX targets_by_key (key=?)", "SEARCH t USING INDEX targets_by_own (own=?)"]
    assert not any(str(step).startswith("SCAN t") for step in plan)

"""What is concluded when a run is over: it holds for later captures, and a rebuild concludes the same."""

import json
from pathlib import Path

from archive import SOURCE, Town, town
from archiver.store import settling, unread
from pretend import page

GENERIC = SOURCE.replace('"sitevision"', '"generic"')
SHARED = "Ring kommunens växel på 0999-123 45 om du undrar över något."
TABLES = ("documents", "readings", "revisions", "changes", "hunks", "settled", "furniture", "issues")


def _town_of(exempel: Town, pages: int, **also: str) -> None:
    paths = [f"/sida-{n}" for n in range(pages)]
    exempel.site["/"] = page("Start", "Välkommen.", links=[(path, path) for path in paths])
    for n, path in enumerate(paths):
        exempel.site[path] = page(f"Sida {n}", f"Stycke nummer {n} om ämne {n}.", SHARED, **also)


def _reading(exempel: Town) -> dict[str, object]:
    """The reading of the archive, without row ids that a rebuild may give anew."""
    found: dict[str, object] = {}
    for table in TABLES:
        rows = exempel.rows(f"SELECT * FROM {table}")
        found[table] = sorted(rows, key=repr) if table in {"settled", "readings"} else len(rows)
    return found


def test_what_stands_on_most_pages_is_learned_when_the_run_is_over(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()

        [(content,)] = exempel.rows("SELECT content FROM furniture")
        assert SHARED in json.loads(content)
        assert "Stycke nummer 3 om ämne 3." not in json.loads(content)


def test_learning_is_no_change_of_any_page(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()
        for _ in range(2):
            exempel.day()

        assert exempel.changes() == []
        assert len(exempel.rows("SELECT DISTINCT rules_id FROM readings g JOIN captures c ON c.id = g.capture_id "
                                "JOIN addresses a ON a.id = c.address_id WHERE a.role = 'page'")) == 2  # fmt: skip


def test_an_edit_after_learning_is_told_as_the_edit_alone(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()
        exempel.site["/sida-3"] = exempel.site["/sida-3"].replace("ämne 3", "sak 3")
        exempel.day()

        [change] = exempel.changes()
        assert change["url"].endswith("/sida-3")
        assert (change["words_added"], change["words_removed"]) == (1, 1)


def test_a_rebuild_learns_the_same_at_the_same_places(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()
        exempel.site["/sida-3"] = exempel.site["/sida-3"].replace("ämne 3", "sak 3")
        exempel.day()
        _town_of(exempel, 13)
        exempel.day()
        before = _reading(exempel)

        exempel.rebuild()

        assert _reading(exempel) == before


def test_a_profile_that_does_not_ask_for_it_learns_nothing(exempel: Town) -> None:
    _town_of(exempel, 12)
    exempel.crawl()
    assert exempel.rows("SELECT furniture_id FROM settled") == [(None,)]


def test_selectors_that_stop_matching_raise_one_issue_with_the_share_of_pages(exempel: Town) -> None:
    _town_of(exempel, 12)
    exempel.crawl()
    for path in [f"/sida-{n}" for n in range(9)]:
        redesigned = exempel.site[path].replace('<main id="innehall" class="pagecontent">', '<div class="ny">')
        exempel.site[path] = redesigned.replace("</main>", "</div>")
    for _ in range(2):
        exempel.day()

    [(detail, page_id)] = exempel.rows("SELECT detail, page_id FROM issues WHERE kind = 'selectors-missed'")
    assert detail.startswith(
        "profile sitevision: no selector of its 'main' fits 9 of 13 pages (69 %), such as https://"
    )
    assert page_id is None


def test_a_day_that_many_pages_share_raises_one_issue(exempel: Town) -> None:
    _town_of(exempel, 25, updated="2023-04-12")
    exempel.crawl()
    exempel.day()

    assert exempel.rows("SELECT detail FROM issues WHERE kind = 'bulk-date'") == [
        ("updated 2023-04-12 on 25 of 25 dated pages: a migration or a script, rather than edits",)
    ]


def test_a_run_with_captures_still_unread_is_not_concluded(exempel: Town) -> None:
    _town_of(exempel, 3)
    exempel.crawl()
    exempel.archive.write(lambda c: c.execute("DELETE FROM settled"))
    exempel.archive.write(lambda c: c.execute("INSERT INTO unread SELECT min(id) FROM captures"))

    first = unread.first_at(exempel.archive.reader, "exempelkoping")
    assert settling.unsettled(exempel.archive.reader, "exempelkoping", first) == []


def test_a_source_that_names_no_profile_is_read_by_the_one_whose_marks_its_pages_bear(tmp_path: Path) -> None:
    with town(tmp_path, SOURCE.replace('profile      = "sitevision"\n', "")) as exempel:
        _town_of(exempel, 3, updated="2026-01-02")
        exempel.crawl()
        exempel.site["/sida-1"] = exempel.site["/sida-1"].replace("ämne 1", "sak 1")
        exempel.day()

        assert exempel.rows("SELECT DISTINCT profile FROM settled") == [("sitevision",)]
        assert exempel.rows("SELECT profile FROM provenance WHERE revision = 2") == [("sitevision",)]
        [change] = exempel.changes()
        assert (change["words_added"], change["words_removed"]) == (1, 1)
        before = _reading(exempel)
        exempel.rebuild()
        assert _reading(exempel) == before


def test_what_the_operator_expects_and_is_not_found_is_an_issue_told_once(tmp_path: Path) -> None:
    source = SOURCE + "[expect]\npages = 5\nwith_published = 0.5\nwith_updated = 0.7\n"
    with town(tmp_path, source) as exempel:
        _town_of(exempel, 3, updated="2026-01-02")
        exempel.crawl()
        exempel.day()
        assert exempel.rows("SELECT detail FROM issues WHERE kind = 'expectation-missed' ORDER BY detail") == [
            ("a publication date is expected on 50% of the pages, 0 of 4 give one",),
            ("at least 5 pages are expected, 4 are there",),
        ]

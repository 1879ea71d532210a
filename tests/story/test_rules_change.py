"""L14: our own rules change between two crawls, and nothing of that is told as the site's doing."""

import asyncio
from pathlib import Path

from archive import Town
from archiver.config import load
from archiver.derive import catch_up, preview
from archiver.store import reading, unread
from pretend import page

PAGE = page(
    "Riktlinjer", "Högst 450 kronor per person.", '<div class="env-box"><p>Gäller alla förvaltningar.</p></div>',
    updated="2026-01-02",
)  # fmt: skip
EDITED = PAGE.replace("450", "650")


def _begin(exempel: Town) -> None:
    exempel.site["/"] = PAGE
    exempel.crawl()


def _edit_rules(exempel: Town, folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "config" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    exempel.config = load(folder / "config")
    exempel.source = exempel.config.sources["exempelkoping"]


def _narrow_the_selector(exempel: Town, folder: Path) -> None:
    _edit_rules(exempel, folder, "profiles/sitevision.toml", 'drop    = ["nav"', 'drop    = [".env-box", "nav"')


def _forget_the_label(exempel: Town, folder: Path) -> None:
    _edit_rules(exempel, folder, "languages/sv.toml", '"Sidan uppdaterades senast"', '"Sidan ansågs senast"')


def _told(exempel: Town) -> list[object]:
    views = ("page_changes", "change_text", "link_edits", "silent_edits", "touched_dates", "date_anomalies", "flaps")
    return [row for view in views for row in exempel.rows(f"SELECT * FROM {view}")]


def test_a_changed_selector_is_no_change_of_the_page_on_any_later_day(exempel: Town, tmp_path: Path) -> None:
    _begin(exempel)
    _narrow_the_selector(exempel, tmp_path)

    for _ in range(3):
        exempel.day()

    assert _told(exempel) == []
    assert exempel.rows("SELECT number, visits FROM revisions r JOIN pages p ON p.id = r.page_id "
                        "WHERE p.kind = 'page'") == [(1, 4)]  # fmt: skip


def test_a_changed_label_is_no_change_of_the_page_on_any_later_day(exempel: Town, tmp_path: Path) -> None:
    _begin(exempel)
    assert exempel.rows("SELECT updated FROM current_pages") == [("2026-01-02",)]
    _forget_the_label(exempel, tmp_path)

    for _ in range(3):
        exempel.day()

    assert _told(exempel) == []


def test_every_snapshot_knows_its_revision_whatever_rules_read_it(exempel: Town, tmp_path: Path) -> None:
    _begin(exempel)
    _narrow_the_selector(exempel, tmp_path)
    exempel.day()

    assert exempel.rows("SELECT revision FROM snapshots WHERE url = ? ORDER BY captured_at", exempel.site.url("/")) == [
        (1,),
        (1,),
    ]


def test_an_edit_after_a_change_of_rules_is_told_without_what_the_rules_changed(exempel: Town, tmp_path: Path) -> None:
    _begin(exempel)
    _forget_the_label(exempel, tmp_path)
    exempel.day()
    exempel.site["/"] = EDITED

    exempel.day()

    (change,) = exempel.changes()
    assert change["kinds"] == ["text"]
    assert change["dates"]["updated"] == {"before": None, "after": None}


def test_the_edit_is_told_so_too_where_it_comes_with_the_first_visit_under_new_rules(
    exempel: Town, tmp_path: Path
) -> None:
    _begin(exempel)
    _narrow_the_selector(exempel, tmp_path)
    exempel.site["/"] = EDITED

    exempel.day()

    (change,) = exempel.changes()
    assert {h["text"] for h in change["hunks"]} == {"450 kronor", "650 kronor"}


def test_a_dry_run_shows_what_a_changed_rule_would_alter_and_alters_nothing(exempel: Town, tmp_path: Path) -> None:
    _begin(exempel)
    _narrow_the_selector(exempel, tmp_path)
    before = exempel.rows("SELECT * FROM readings"), exempel.rows("SELECT * FROM current_pages")

    found = asyncio.run(preview(exempel.archive, exempel.config, exempel.source, exempel.pool, 200)).as_object()  # type: ignore[arg-type]

    assert (found["looked_at"], found["same_rules"], found["altered"]) == (1, 0, 1)
    assert found["kinds"] == {"text": 1}
    assert found["examples"][0]["hunks"] == [{"op": "removed", "text": "Gäller alla förvaltningar."}]
    assert before == (exempel.rows("SELECT * FROM readings"), exempel.rows("SELECT * FROM current_pages"))
    exempel.rebuild()
    again = asyncio.run(preview(exempel.archive, exempel.config, exempel.source, exempel.pool, 200)).as_object()  # type: ignore[arg-type]
    assert (again["same_rules"], again["altered"]) == (1, 0)


def test_a_page_that_is_again_as_it_was_before_a_change_of_rules_has_flapped(exempel: Town, tmp_path: Path) -> None:
    _begin(exempel)
    exempel.site["/"] = EDITED
    exempel.day()
    _forget_the_label(exempel, tmp_path)
    exempel.day()
    exempel.site["/"] = PAGE

    exempel.day()

    assert "flap" in exempel.changes()[-1]["classes"]


def test_a_page_read_anew_by_other_rules_leaves_no_document_that_nobody_shows(exempel: Town, tmp_path: Path) -> None:
    _begin(exempel)
    exempel.day()
    _forget_the_label(exempel, tmp_path)
    ((first,),) = exempel.rows("SELECT min(capture_id) FROM readings")
    exempel.archive.write(lambda c: unread.note(c, first))  # it lies before what is recorded: all is read anew
    asyncio.run(catch_up(exempel.archive, exempel.config, exempel.source, exempel.pool))  # type: ignore[arg-type]

    assert exempel.rows("SELECT updated, visits FROM current_pages") == [(None, 2)]
    documents = exempel.rows("SELECT sha256 FROM documents ORDER BY 1")
    exempel.rebuild()
    exempel.archive.write(reading.sweep)
    assert exempel.rows("SELECT sha256 FROM documents ORDER BY 1") == documents

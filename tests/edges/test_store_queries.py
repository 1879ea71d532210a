import pytest
from store_town import START, Town, day, document

from archiver.errors import NotFound
from archiver.model import Absence, Change, ClassOfChange, Difference, Hunk, LinkEdit, Reason
from archiver.store import queries, reading

EDIT = Change(
    differences=(
        Difference("text", 1, 1, None, None, "1 ord till, 1 ord bort"),
        Difference("title", 1, 1, "Före", "Efter", "title"),
        Difference("updated", 1, 1, "2026-01-01", "2026-03-03", "uppdaterad"),
    ),
    hunks=(Hunk("removed", "fem", "inom fem dagar", None), Hunk("added", "tre", None, "inom tre dagar")),
    links=(LinkEdit("renamed", "link", "https://a.example/", "Efter", before="Före"),),
    classes=(ClassOfChange("edit", "texten ändrades"),),
    reasons=(Reason("deadline-changed", 5, ""),),
)
SILENT = Change(
    differences=(Difference("text", 1, 0, None, None, "1 ord till"),),
    hunks=(Hunk("added", "ny", None, "ny"),),
    classes=(ClassOfChange("silent-edit", "datumet stod still"),),
)
TECHNICAL = Change(
    differences=(Difference("text", 1, 0, None, None, "x"),), classes=(ClassOfChange("technical", "våra regler"),)
)


@pytest.fixture
def page(town: Town) -> str:
    """Seen on days 1, 2 (edited on or before day 3), 3, silently edited by day 5, then changed by our rules only."""
    address = town.address("kommun")
    page = town.page(address)
    captures = [town.capture(address, b"%d" % n, n) for n in (1, 2, 3, 5, 6)]
    a = document("inom fem dagar", title="Före", updated="2026-01-01")
    first = town.revise(page, captures[0], a)
    town.read(captures[1], a)
    town.archive.write(lambda c: reading.extend_revision(c, first.id, captures[1].id, captures[1].at))
    town.revise(page, captures[2], document("inom tre dagar", title="Efter", updated="2026-03-03"), EDIT)
    town.revise(page, captures[3], document("inom tre dagar", "ny", title="Efter", updated="2026-03-03"), SILENT)
    town.revise(page, captures[4], document("helt annat"), TECHNICAL)
    return address.url


def asked(town: Town, **fields: object) -> list[queries.Row]:
    return list(queries.changes(town.archive.reader, **fields))  # type: ignore[arg-type]


def test_a_history_shows_each_revision_with_its_window(town: Town, page: str) -> None:
    rows = queries.history(town.archive.reader, page)
    assert [r["revision"] for r in rows] == [1, 2, 3, 4]
    assert rows[0]["last_seen_before"] is None
    assert (rows[0]["seen_after"], rows[0]["last_seen"], rows[0]["visits"]) == (
        "2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z", 2,
    )  # fmt: skip
    assert (rows[1]["last_seen_before"], rows[1]["seen_after"]) == (
        "2026-03-02T12:00:00Z",
        "2026-03-03T12:00:00Z",
    )
    assert (rows[1]["classes"], rows[1]["kinds"], rows[1]["updated"]) == (
        ["edit"],
        ["text", "title", "updated"],
        "2026-03-03",
    )


@pytest.mark.parametrize("form", ["https://www.exempelkoping.se/kommun#x", "www.exempelkoping.se/kommun"])
def test_a_page_is_found_by_its_url_in_any_form(town: Town, page: str, form: str) -> None:
    assert len(queries.history(town.archive.reader, form)) == 4


def test_a_page_nobody_knows_or_read_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound, match="not in the archive"):
        queries.history(town.archive.reader, "https://www.exempelkoping.se/okänd")
    town.address("ny")
    with pytest.raises(NotFound, match="nothing was read"):
        queries.history(town.archive.reader, START + "ny")


def test_a_change_comes_with_its_words_links_dates_and_window(town: Town, page: str) -> None:
    silent, edit = asked(town)
    assert edit["url"] == page
    assert edit["window"] == {
        "last_seen_before": "2026-03-02T12:00:00Z", "seen_after": "2026-03-03T12:00:00Z", "not_seen": [],
    }  # fmt: skip
    assert edit["hunks"] == [{"op": "removed", "text": "fem"}, {"op": "added", "text": "tre"}]
    assert edit["link_edits"] == [
        {"op": "renamed", "rel": "link", "target": "https://a.example/", "text": "Efter", "before": "Före"}
    ]
    assert edit["dates"] == {
        "published": {"before": None, "after": None},
        "updated": {"before": "2026-01-01", "after": "2026-03-03"},
        "reviewed": {"before": None, "after": None},
    }
    assert (edit["title_before"], edit["title_after"]) == ("Före", "Efter")
    assert (edit["state_before"], edit["state_after"]) == ("present", "present")
    assert (edit["capture_before"], edit["capture_after"]) == (2, 3)
    assert (edit["kinds"], edit["classes"], edit["reasons"]) == (
        ["text", "title", "updated"],
        ["edit"],
        ["deadline-changed"],
    )
    assert (edit["municipality"], edit["source"]) == ("Exempelköping", "exempelkoping")
    assert silent["classes"] == ["silent-edit"]


@pytest.mark.parametrize(
    ("fields", "classes"),
    [
        ({}, ["silent-edit", "edit"]),
        ({"newest_first": False}, ["edit", "silent-edit"]),
        ({"limit": 1}, ["silent-edit"]),
        ({"since": day(4)}, ["silent-edit"]),
        ({"until": day(5)}, ["edit"]),
        ({"since": day(3), "until": day(5)}, ["edit"]),
        ({"source": "exempelkoping"}, ["silent-edit", "edit"]),
        ({"source": "grannby"}, []),
        ({"kommun": "9999"}, ["silent-edit", "edit"]),
        ({"kommun": "Exempelköping"}, ["silent-edit", "edit"]),
        ({"kommun": "0000"}, []),
        ({"kind": "updated"}, ["edit"]),
        ({"class_": "silent-edit"}, ["silent-edit"]),
        ({"class_": "technical"}, []),
    ],
)
def test_changes_can_be_narrowed(town: Town, page: str, fields: dict[str, object], classes: list[str]) -> None:
    assert [c["classes"][0] for c in asked(town, **fields)] == classes  # type: ignore[index]


@pytest.mark.parametrize(
    ("token", "capture"),
    [
        ("c3", 3), ("C3", 3), ("1", 1), ("r2", 3), ("4", 5),
        ("2026-03-01", 1), ("2026-03-02", 2), ("2026-03-04", 3), ("2026-03-05", 4), ("2030-01-01", 5),
        ("2026-03-03T12:00", 3), ("2026-03-03T11:59", 2), ("2026-03-03T12:00:00Z", 3), ("2026-03-03 11:59:59", 2),
    ],
)  # fmt: skip
def test_a_capture_is_meant_by_number_revision_or_time(town: Town, page: str, token: str, capture: int) -> None:
    assert queries.resolve_capture(town.archive.reader, page, token).id == capture


def test_without_a_url_a_number_is_a_capture(town: Town, page: str) -> None:
    assert queries.resolve_capture(town.archive.reader, None, "4").id == 4


@pytest.mark.parametrize(
    ("url", "token", "words"),
    [
        (START + "kommun", "9", "no revision 9; its last is 4"),
        (START + "kommun", "2026-02-28", "first seen 2026-03-01T12:00:00Z"),
        (START + "kommun", "igår", "no capture .c123., no revision .3. and no time"),
        (START + "kommun", "2026-02-31", "is no time"),
        (START + "kommun", "c99", "no capture 99"),
        (None, "2026-03-02", "names no capture"),
        (None, "99", "no capture 99"),
        (START + "annan", "1", "not in the archive"),
    ],
)
def test_a_capture_that_is_not_there_is_explained(
    town: Town, page: str, url: str | None, token: str, words: str
) -> None:
    with pytest.raises(NotFound, match=words):
        queries.resolve_capture(town.archive.reader, url, token)


def test_a_page_only_seen_badly_has_no_snapshot(town: Town) -> None:
    address = town.address("dold")
    town.page(address)
    capture = town.capture(address, b"?", 1)
    town.archive.write(lambda c: reading.add_reading(c, capture.id, town.rules, "challenge", "", None, 0))
    with pytest.raises(NotFound, match="never seen well"):
        queries.resolve_capture(town.archive.reader, address.url, "2026-03-09")


def test_a_runs_summary_adds_up(town: Town, page: str) -> None:
    address = town.address("borta")
    gone_page = town.page(address)
    missed = [town.capture(address, b"", n, 404) for n in (7, 8)]
    gone = Absence("404", "gone", None, missed[0].id, missed[1].id, day(7), day(8), 2, confirmed_by=missed[1].id)
    town.archive.write(lambda c: reading.save_absence(c, gone_page, gone))
    town.fail(address, 9)
    town.fail(address, 10, "robots")
    town.capture(address, b"no", 11, 403)
    assert queries.run_summary(town.archive.reader, [town.run]) == [
        {
            "source": "exempelkoping", "asked": 10, "new": 1, "changed": 3, "unchanged": 1, "gone": 1, "back": 0,
            "bad": 0, "refused": 1, "failed": 1, "barred": 1,
        }
    ]  # fmt: skip
    assert queries.run_summary(town.archive.reader, []) == []


def test_coverage_is_per_day(town: Town, page: str) -> None:
    rows = queries.coverage(town.archive.reader, source="exempelkoping", since=day(2), until=day(5))
    assert [(r["day"], r["asked"]) for r in rows] == [("2026-03-02", 1), ("2026-03-03", 1)]
    assert queries.coverage(town.archive.reader, source="grannby") == []

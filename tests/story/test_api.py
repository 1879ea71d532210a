"""The archive for programs: what `from archiver import open_archive` gives, on the demonstration's archive."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import archiver
from archive import Town
from archiver import api, open_archive, store
from archiver.api import as_dict, details, frames, moments, records, streams
from archiver.api.desk import _VIEWS
from archiver.errors import NotFound, StoreError
from archiver.publish.dictionary import VIEWS
from pretend import page

RECORDS = [
    kind for module in (records, details) for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__
]  # fmt: skip
FEES = "arvoden-och-ersattningar"


@pytest.fixture
def archive(demonstration: Path) -> Iterator[api.ReadOnlyArchive]:
    with open_archive(demonstration / "archive.db") as found:
        yield found


@pytest.fixture
def fees(archive: api.ReadOnlyArchive) -> api.Page:
    """The page of fees, whose text was edited in silence."""
    return next(page for page in archive.pages(municipality="Sjöberga") if page.url.endswith(FEES))


def test_the_name_of_the_package_is_for_reading_and_not_the_stores() -> None:
    assert archiver.open_archive is api.open_archive
    assert archiver.open_archive is not store.open_archive
    with pytest.raises(AttributeError, match="no attribute 'open_archives'"):
        archiver.open_archives  # noqa: B018


def test_importing_the_package_loads_nothing_that_it_does_not_need() -> None:
    script = "import archiver, sys; print(*(m for m in sys.modules if m.startswith('archiver.')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_cannot_be_altered(kind: type) -> None:
    one = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        setattr(one, next(iter(streams.columns(kind))), None)


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind in _VIEWS])
def test_the_fields_of_a_record_are_columns_of_its_view_name_for_name(kind: type) -> None:
    assert set(streams.columns(kind)) <= set(VIEWS[_VIEWS[kind][0]].columns)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_field_has_a_type_that_frames_know(kind: type) -> None:
    odd = {tuple[str, ...], tuple[tuple[int, int], ...]}
    assert all(type_ in frames._PANDAS or type_ in odd for type_ in streams.columns(kind).values())


def test_pages_are_found_by_municipality_by_section_and_by_any_form_of_their_url(
    archive: api.ReadOnlyArchive, fees: api.Page
) -> None:
    assert {page.code for page in archive.pages(municipality="sjöberga")} == {"9901"}
    assert [page.municipality for page in archive.pages(municipality="9902")][:1] == ["Granvik"]
    assert fees in list(archive.pages(section="styrdokument"))
    assert archive.page(fees.url + "#belopp") == fees
    assert fees.text is not None
    assert "650 kronor" in fees.text


def test_what_is_not_there_is_said_with_what_there_is(archive: api.ReadOnlyArchive, fees: api.Page) -> None:
    with pytest.raises(NotFound, match="'Ingenstans'; it holds: Granvik, Sjöberga, Älvhamn"):
        archive.pages(municipality="Ingenstans")
    with pytest.raises(NotFound, match="not in the archive"):
        archive.page("https://nowhere.example/")
    with pytest.raises(NotFound, match="first seen 2026-03-03T05:00:00Z"):
        fees.as_of("2026-03-01")
    with pytest.raises(ValueError, match="no class 'silent'; there are: "):
        archive.changes(class_="silent")
    with pytest.raises(ValueError, match="'igår' is not a time; write 2026-03-02"):
        archive.changes(since="igår")


def test_a_page_is_read_as_of_a_day_a_date_or_a_second(fees: api.Page) -> None:
    seen = [fees.as_of(when) for when in ("2026-03-03", date(2026, 3, 3), datetime(2026, 3, 3, 5, tzinfo=UTC))]
    assert [one.captured_at for one in seen if one] == [datetime(2026, 3, 3, 5, tzinfo=UTC)] * 3
    assert seen[0] is not None
    assert "450 kronor" in (seen[0].text or "")
    assert [block.kind for block in seen[0].blocks()][:2] == ["title", "paragraph"]


def test_a_date_names_its_witness(fees: api.Page) -> None:
    snapshot = fees.as_of("2026-03-03")
    assert snapshot is not None
    believed = [claim for claim in snapshot.claims() if claim.believed]
    assert [(c.meaning, c.witness, c.label) for c in believed] == [("updated", "label", "Sidan uppdaterades senast")]


def test_a_page_that_was_found_gone_has_no_text_as_of_then(archive: api.ReadOnlyArchive) -> None:
    (absence,) = archive.disappearances()
    meetings = archive.page(absence.url)
    assert (absence.sign, absence.state) == ("410", "back")
    assert meetings.as_of("2026-03-04") is None
    assert meetings.as_of("2026-03-05") is not None


def test_a_change_has_its_window_its_words_and_its_comparison(archive: api.ReadOnlyArchive, fees: api.Page) -> None:
    change = next(change for change in archive.changes(class_="silent-edit") if change.url == fees.url)
    assert (change.last_seen_before, change.seen_after) == (
        datetime(2026, 3, 3, 5, tzinfo=UTC), datetime(2026, 3, 4, 5, tzinfo=UTC),
    )  # fmt: skip
    assert change.window == timedelta(days=1)
    assert [(h.op, h.text) for h in change.hunks()][:2] == [("removed", "450 kronor"), ("added", "650 kronor")]
    assert change.diff() == fees.diff() == fees.diff(1, 2) == fees.diff("2026-03-03", "2026-03-04")
    assert change in list(fees.changes())


def test_any_two_captures_are_compared(archive: api.ReadOnlyArchive, fees: api.Page) -> None:
    first, second = (r.first_capture for r in fees.history())
    found = archive.diff(first, f"c{second}")
    assert (found.kinds, found.classes) == (("text",), ("silent-edit",))
    assert "[-450 kronor-]{+650 kronor+}" in found.text()
    assert "<ins" in found.html("en")
    assert found.as_object()["municipality"] == "Sjöberga"
    assert found.between is not None
    assert archive.diff(first, first).is_empty
    assert archive.diff(second, first).between is None


def test_changes_are_cut_by_period_kind_and_number_in_either_order(archive: api.ReadOnlyArchive) -> None:
    every = list(archive.changes(unfold=True))
    assert every == list(archive.changes(unfold=True, newest_first=False))[::-1]
    assert all(c.seen_after.date() == date(2026, 3, 4) for c in archive.changes(since="2026-03-04", until="2026-03-04"))
    assert all("attachments" in c.kinds for c in archive.changes(kind="attachments"))
    assert len(list(archive.changes(limit=3))) == 3


def test_words_are_searched_now_and_in_what_was_removed(archive: api.ReadOnlyArchive, fees: api.Page) -> None:
    assert fees.url not in [hit.url for hit in archive.search('"450 kronor"')]
    (hit,) = archive.search('"450 kronor"', "removed")
    assert hit.url == fees.url
    start, end = hit.marks[0]
    assert hit.text[start:end] == "450 kronor"


def test_a_named_question_is_answered_unless_it_names_people(archive: api.ReadOnlyArchive) -> None:
    assert len(list(archive.ask("silent-edits", kommun="Sjöberga"))) == 2
    with pytest.raises(NotFound, match="names people"):
        list(archive.ask("responsible", url="x"))


def test_a_public_view_is_read_whole_and_no_other(archive: api.ReadOnlyArchive) -> None:
    rows = list(archive.rows("coverage", municipality="Sjöberga", since="2026-03-04"))
    assert [row["day"] for row in rows] == ["2026-03-04", "2026-03-05"]
    with pytest.raises(NotFound, match="no public view 'inner_text'"):
        list(archive.rows("inner_text"))


def test_what_is_not_there_is_said_when_it_is_asked_for_and_not_on_the_first_row(archive: api.ReadOnlyArchive) -> None:
    with pytest.raises(NotFound, match="there is no question 'silent-edit'; there are: "):
        archive.ask("silent-edit")
    with pytest.raises(NotFound, match="names people"):
        archive.ask("responsible", url="x")
    with pytest.raises(NotFound, match="no public view 'page_change'"):
        archive.rows("page_change")
    with pytest.raises(NotFound, match="in this archive no municipality is called 'Storsand'"):
        archive.rows("coverage", municipality="Storsand")
    with pytest.raises(ValueError, match="gaps does not name the municipality"):
        archive.rows("gaps", municipality="Sjöberga")


def test_whatever_is_read_says_that_the_archive_was_closed_on_the_way(demonstration: Path) -> None:
    asked: dict[str, Callable[[api.ReadOnlyArchive], Iterator[object]]] = {
        "changes": lambda archive: archive.changes(),
        "ask": lambda archive: archive.ask("coverage"),
        "rows": lambda archive: archive.rows("coverage"),
        "pages": lambda archive: archive.pages(),
    }
    for ask in asked.values():
        archive = open_archive(demonstration / "archive.db")
        found = ask(archive)
        next(found)
        archive.close()
        with pytest.raises(StoreError, match="was closed"):
            next(found)


def test_days_on_which_nobody_looked_are_told_and_told_apart(exempel: Town) -> None:
    exempel.site["/"] = page("Kommun och politik", "Välkommen hit.")
    exempel.crawl()
    exempel.day(days=3)
    with open_archive(exempel.archive.path) as archive:
        days = [(one.day.isoformat(), one.looked) for one in archive.coverage(every_day=True)]
        assert days == [("2026-03-02", True), ("2026-03-03", False), ("2026-03-04", False), ("2026-03-05", True)]
        assert [one.day.isoformat() for one in archive.coverage()] == ["2026-03-02", "2026-03-05"]
        gaps = list(archive.gaps(longer_than=2.5))
        assert gaps
        assert {(round(gap.days), gap.obstacles) for gap in gaps} == {(3, ())}
        assert list(archive.page(gaps[0].url).gaps(2.5)) == gaps


def test_a_text_under_embargo_is_told_of_and_not_shown(exempel: Town) -> None:
    exempel.site["/"] = page("Anslagstavla", "Ett anslag.")
    exempel.crawl()
    exempel.archive.write(lambda c: c.execute("UPDATE pages SET embargo_days = 1"))
    with open_archive(exempel.archive.path) as archive:
        board = next(archive.pages(kind="page"))
        assert board.text is None
        snapshot = board.as_of("2026-03-02")
        assert snapshot is not None
        assert (snapshot.text, list(snapshot.blocks())) == (None, [])
        with pytest.raises(NotFound, match="under embargo"):
            archive.diff(board.capture_id, board.capture_id)


def test_what_was_masked_is_in_no_answer_and_who_is_responsible_in_none(demonstration: Path) -> None:
    with open_archive(demonstration / "archive.db") as archive:
        told = [repr(as_dict(one)) for one in (*archive.snapshots(), *archive.changes(), *archive.pages())]
        compared = [change.diff().text() for change in archive.changes() if change.state_after == "present"]
    with closing(store.reader(demonstration / "archive.db")) as conn:
        named = {row[0] for row in conn.execute("SELECT DISTINCT responsible FROM documents WHERE responsible <> ''")}
        texts = " ".join(row[0] for row in conn.execute("SELECT text FROM passages"))
    assert named
    hidden = {name for name in named if name not in texts}  # a page may name the same person in its own words
    assert not [name for name in hidden for text in told + compared if name in text]


def test_an_archive_is_closed_and_says_so(demonstration: Path) -> None:
    with open_archive(demonstration / "archive.db") as archive:
        pages = archive.pages()
        first = next(pages)
    for late in (lambda: next(pages), archive.municipalities, lambda: first.text):
        with pytest.raises(StoreError, match="was closed"):
            late()
    archive.close()
    assert repr(archive).endswith("archive.db (closed)>")


def test_there_is_no_archive_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no archive at"):
        open_archive(tmp_path / "archive.db")
    assert list(tmp_path.iterdir()) == []


def test_reading_writes_nothing(archive: api.ReadOnlyArchive) -> None:
    with pytest.raises(StoreError, match="cannot be written"), archive._desk.reading() as conn:
        conn.execute("DELETE FROM pages")


@pytest.mark.parametrize(
    ("when", "since", "until"),
    [
        ("2026-03-02", "2026-03-02T00:00", "2026-03-03T00:00"),
        (date(2026, 3, 2), "2026-03-02T00:00", "2026-03-03T00:00"),
        ("2026-03-02T06:30Z", "2026-03-02T06:30", "2026-03-02T06:30"),
        ("2026-03-02T07:30+01:00", "2026-03-02T06:30", "2026-03-02T06:30"),
        (datetime(2026, 3, 2, 6, 30), "2026-03-02T06:30", "2026-03-02T06:30"),  # noqa: DTZ001
    ],
)
def test_a_day_counts_whole_and_a_time_is_utc(when: moments.When, since: str, until: str) -> None:
    begin, end = moments.since(when), moments.until(when)
    assert begin is not None
    assert end is not None
    assert (f"{begin:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}") == (since, until)


@pytest.mark.parametrize(("library", "extra"), [("pandas", "to_pandas"), ("polars", "to_polars")])
def test_a_frame_without_its_library_says_what_to_install(
    archive: api.ReadOnlyArchive, monkeypatch: pytest.MonkeyPatch, library: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError, match=rf"{library} is not installed: pip install 'archiver\[frames\]'"):
        getattr(archive.changes(), extra)()


def test_a_frame_of_pandas_has_the_types_of_the_fields(archive: api.ReadOnlyArchive) -> None:
    pytest.importorskip("pandas", reason="the extra 'frames' is not installed", exc_type=ImportError)
    frame = archive.changes(unfold=True).to_pandas()
    assert list(frame.columns) == list(streams.columns(api.Change))
    assert (str(frame["seen_after"].dtype), str(frame["points"].dtype)) == ("datetime64[us, UTC]", "Int64")
    assert len(frame) == len(list(archive.changes(unfold=True)))
    empty = archive.changes(since="2030-01-01").to_pandas()
    assert (len(empty), list(empty.columns)) == (0, list(frame.columns))


def test_a_frame_of_polars_has_the_types_of_the_fields(archive: api.ReadOnlyArchive) -> None:
    polars = pytest.importorskip("polars", reason="the extra 'frames' is not installed", exc_type=ImportError)
    frame = archive.changes(unfold=True).to_polars()
    assert frame.schema["seen_after"] == polars.Datetime("us", "UTC")
    assert frame.schema["classes"] == polars.List(polars.String)
    assert archive.coverage(since="2030-01-01").to_polars().height == 0

"""Public views handed over: fixed columns, the same rows in every form, and nothing in them that was hidden."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from program import archiver

from archive import SOURCE, Town, town
from archiver.errors import StoreError
from archiver.publish.dictionary import VIEWS, columns_of
from archiver.publish.release import Release
from archiver.publish.tables import unguarded
from archiver.store import copies
from archiver.transfer.export import Cut, write
from archiver.transfer.release import release
from pretend import page

AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
INNER = {"open_pages", "open_revisions", "inner_text"}
FORMULA = '=HYPERLINK("http://x.example","Taxor")'
BOARD = '\n[[section]]\nname = "anslagstavla"\npath = "/anslag"\nembargo_days = 0\n'


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two days with an edit, a page that calls itself a formula, and a notice board under embargo."""
    with town(tmp_path_factory.mktemp("export"), source=SOURCE + BOARD) as found:
        site = found.site
        site["/"] = page("Start", links=[("/taxor", "Taxor"), ("/anslag/1", "Anslag")])
        site["/taxor"] = page(FORMULA, "Avgiften är 500 kr, „ungefär”.", updated="2026-01-02")
        site["/anslag/1"] = page("Anslag", "Hemliga ord på tavlan.")
        found.crawl()
        site["/taxor"] = page(FORMULA, "Avgiften är 900 kr,\n„exakt”.", updated="2026-01-02")
        site["/anslag/1"] = page("Anslag", "Andra hemliga ord.")
        found.day()
        yield found


def test_every_public_view_is_in_the_dictionary_with_all_its_columns_in_order(lived: Town) -> None:
    views = {name for (name,) in lived.rows("SELECT name FROM sqlite_schema WHERE type = 'view'")} - INNER
    assert set(VIEWS) == views
    for name in VIEWS:
        assert [row[1] for row in lived.rows(f"PRAGMA table_info({name})")] == list(VIEWS[name].columns)


def read(form: str, folder: Path, view: str) -> list[dict[str, Any]]:
    """The rows of an exported view in the words of JSON."""
    if form == "jsonl":
        return [json.loads(line) for line in (folder / f"{view}.jsonl").read_text("utf-8").split("\n")[:-1]]
    if form == "csv":
        with (folder / f"{view}.csv").open(encoding="utf-8", newline="") as file:
            return [_typed(view, row) for row in csv.DictReader(file)]
    if form == "parquet":
        from pyarrow import parquet

        return [_plain(row) for row in parquet.read_table(folder / f"{view}.parquet").to_pylist()]
    with closing(sqlite3.connect(folder / "all.sqlite")) as conn:
        conn.row_factory = sqlite3.Row
        flags = [name for name, column in columns_of(view).items() if column.type == "boolean"]
        return [dict(row) | {n: bool(row[n]) for n in flags if row[n] is not None}
                for row in conn.execute(f"SELECT * FROM {view}")]  # fmt: skip


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Times of Parquet as the text they were."""
    return {
        name: value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else
        value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row.items()
    }  # fmt: skip


def _typed(view: str, row: dict[str, str]) -> dict[str, Any]:
    """The cells of CSV as the dictionary says they are; null and '' are one there."""
    how = {"integer": int, "number": float, "boolean": lambda v: v == "true", "string": unguarded}
    return {
        name: how.get(column.type, str)(row[name]) if row[name] else None  # type: ignore[operator]
        for name, column in columns_of(view).items()
    }


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "sqlite"])
def test_every_form_holds_the_rows_of_the_view(lived: Town, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="the extra [export] is not installed")
    target = tmp_path / "all.sqlite" if form == "sqlite" else tmp_path
    write(lived.archive.reader, list(VIEWS), form, target, Cut())  # type: ignore[arg-type]
    for view, about in VIEWS.items():
        flags = {name for name, column in columns_of(view).items() if column.type == "boolean"}
        wanted = [
            {n: bool(v) if n in flags and v is not None else v for n, v in zip(about.columns, row, strict=True)}
            for row in lived.rows(f"SELECT {', '.join(about.columns)} FROM {view} ORDER BY {', '.join(about.key)}")
        ]
        if form == "csv":
            wanted = [{name: None if value == "" else value for name, value in row.items()} for row in wanted]
        assert read(form, tmp_path, view) == wanted, view
    assert len(read(form, tmp_path, "page_changes")) == 2


def test_what_is_under_embargo_or_redacted_is_in_no_export(lived: Town, tmp_path: Path) -> None:
    write(lived.archive.reader, list(VIEWS), "jsonl", tmp_path, Cut())
    words = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert "900 kr" in words
    assert "emliga ord" not in words


def test_a_cut_is_by_the_views_own_time_and_by_kommun(lived: Town, tmp_path: Path) -> None:
    def count(view: str, **cut: Any) -> int:
        (tmp_path / "x.csv").unlink(missing_ok=True)
        return write(lived.archive.reader, [view], "csv", tmp_path / "x.csv", Cut(**cut))[0].rows

    first = datetime(2026, 3, 3, tzinfo=UTC)
    assert count("snapshots") == count("snapshots", since=first) + count("snapshots", until=first)
    assert count("snapshots", since=first) > 0
    assert count("snapshots", kommun="9999") == count("snapshots", kommun="exempelköping") == count("snapshots")
    assert count("snapshots", kommun="0001") == 0


def test_an_export_is_the_same_bytes_each_time(lived: Town, tmp_path: Path) -> None:
    written = [write(lived.archive.reader, ["snapshots"], "csv", tmp_path / name, Cut())[0] for name in ("a", "b")]
    assert written[0].sha256 == written[1].sha256


def test_a_file_that_could_not_be_written_leaves_nothing(lived: Town, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        write(lived.archive.reader, ["snapshots"], "csv", tmp_path / "nowhere" / "x.csv", Cut())
    assert list(tmp_path.iterdir()) == []


# the commands -----------------------------------------------------------------------------------------


def test_one_view_goes_to_standard_output(lived: Town) -> None:
    said = archiver("--archive", lived.archive.path, "export", "current_pages")
    assert said.code == 0
    titles = [row["title"] for row in csv.DictReader(io.StringIO(said.out, newline=""))]
    assert sorted(titles) == ["'" + FORMULA, "Anslag", "Start"]
    said = archiver("--archive", lived.archive.path, "export", "current_pages", "--unguarded")
    assert FORMULA in [row["title"] for row in csv.DictReader(io.StringIO(said.out, newline=""))]


def test_beside_a_file_lies_its_dictionary_with_its_digest(lived: Town, tmp_path: Path) -> None:
    said = archiver("--archive", lived.archive.path, "export", "page_changes", "--to", tmp_path / "changes.csv")
    assert said.code == 0, said.err
    described = json.loads((tmp_path / "changes.csv.datapackage.json").read_text("utf-8"))
    (resource,) = described["resources"]
    assert resource["path"] == "changes.csv"
    assert resource["rows"] == 2
    assert [field["name"] for field in resource["schema"]["fields"]] == list(VIEWS["page_changes"].columns)
    assert described["archive"]["seal"] == lived.rows("SELECT chain FROM seals ORDER BY id DESC LIMIT 1")[0][0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["page_change"], "there is no public view 'page_change'; did you mean 'page_changes'?"),
        (["captures"], "there is no public view 'captures'"),
        (["inner_text"], "there is no public view 'inner_text'"),
        ([], "name a view, or say --all"),
        (["gaps", "--kommun", "9999"], "gaps does not name the kommun"),
        (["page_links", "--since", "2026-01-01"], "page_links has no time"),
        (["gaps", "flaps"], "only CSV or JSON Lines of one view goes to standard output"),
        (["gaps", "--format", "sqlite"], "only CSV or JSON Lines of one view"),
    ],
)
def test_wrong_use_is_said(lived: Town, words: list[str], told: str) -> None:
    said = archiver("--archive", lived.archive.path, "export", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err


# release ----------------------------------------------------------------------------------------------


def test_a_release_has_data_dictionary_checksums_coverage_and_citation(lived: Town, tmp_path: Path) -> None:
    about = Release("Exempelköpings sidor", ("Ada Exempel", "Äril Ök"), "2026-03-09", "1", "archiver 0", "CC-BY-4.0")
    written = release(lived.archive.reader, tmp_path / "out", about, "csv", AT, Cut())
    folder = tmp_path / "out"
    assert {path.name for path in folder.iterdir()} == {
        "README.md", "COVERAGE.md", "CITATION.cff", "SHA256SUMS", "datapackage.json", "data",
    }  # fmt: skip
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert all(copies.file_digest(folder / name) == digest for name, digest in sums.items())
    assert len(sums) == len(list(folder.rglob("*.*"))) == 4 + len(VIEWS)
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert all((folder / resource["path"]).is_file() for resource in described["resources"])
    citation = (folder / "CITATION.cff").read_text("utf-8")
    assert 'title: "Exempelköpings sidor"\n' in citation
    assert 'authors: [{"name": "Ada Exempel"}, {"name": "Äril Ök"}]\n' in citation
    assert "| Exempelköping (9999) | 2026-03-02 | 2026-03-03 | 2 | 0 | " in (folder / "COVERAGE.md").read_text("utf-8")
    assert f"| `data/page_changes.csv` | {next(w.rows for w in written if w.view == 'page_changes')} |" in (
        folder / "README.md"
    ).read_text("utf-8")


def test_a_release_takes_no_other_folders_place_and_leaves_nothing_half_made(lived: Town, tmp_path: Path) -> None:
    about = Release("Titel", ("Ada",), "2026-03-09", "1", "archiver 0")
    (tmp_path / "out").mkdir()
    with pytest.raises(StoreError, match="never takes the place"):
        release(lived.archive.reader, tmp_path / "out", about, "csv", AT, Cut())
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="Not a directory"):
        release(lived.archive.reader, tmp_path / "file" / "out", about, "csv", AT, Cut())
    assert {path.name for path in tmp_path.iterdir()} == {"out", "file"}


def test_the_release_command_says_what_it_made(lived: Town, tmp_path: Path) -> None:
    said = archiver(
        "--archive",
        lived.archive.path,
        "release",
        tmp_path / "out",
        "--title",
        "T",
        "--author",
        "A",
        "--format",
        "jsonl",
    )
    assert said.code == 0, said.err
    assert f"{len(VIEWS)} tables" in said.out

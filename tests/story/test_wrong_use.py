"""What a person gets wrong at the keyboard: said with the option or the file it is about, before anything is begun."""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from program import ENVIRONMENT, Said, archiver, command

from archive import write_config
from archiver.cli.setting import print_csv
from archiver.config import packaged

FEES = "/kommun-och-politik/styrdokument/arvoden-och-ersattningar"


def ask(folder: Path, *words: object) -> Said:
    return archiver("--config", folder / "config", *words)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which one stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def unnamed(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration without a word of who we are, and with the municipalities of all Sweden."""
    folder = tmp_path_factory.mktemp("unnamed") / "demo"
    shutil.copytree(demonstration, folder)
    shutil.copy(packaged() / "municipalities.csv", folder / "config")
    config = folder / "config" / "archiver.toml"
    config.write_text(config.read_text("utf-8").replace("mail = ", "# mail = "), "utf-8")
    return folder


def captures(folder: Path, *kinds: str) -> tuple[str, str]:
    """The two captures of a change that has these kinds of difference."""
    found = next(c for c in ask(folder, "changes", "--json").objects if set(kinds) <= set(c["kinds"]))
    return f"c{found['capture_before']}", f"c{found['capture_after']}"


# names and options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["search", "taxa", "--kommun", "Storsand"], "Invalid value for --kommun: in this archive no municipality is"),
        (["export", "current_pages", "--kommun", "Storsand"], "Invalid value for --kommun"),
        (["release", "none", "--title", "T", "--author", "A", "--kommun", "Storsand"], "Invalid value for --kommun"),
        (["annotate", "--kommun", "Storsand"], "Invalid value for --kommun"),
        (["similar", "--shared", "--kommun", "Storsand"], "Invalid value for --kommun"),
        (["issues", "--source", "alvham"], "Invalid value for --source: in this archive there is no source 'alvham'"),
        (["warc", "none.warc.gz", "--source", "alvham"], "did you mean 'alvhamn'?"),
        (["add", "Storsunda", "--offline"], "Invalid value for KOMMUN: no municipality is called 'Storsunda'"),
        (["try", "ftp://a.example/"], "'ftp://a.example/' is no http or https URL"),
        (["try", "http://"], "'http://' is no http or https URL"),
        (["try", "https://a.example/", "--url", "https://b.example/"], "--url and --captured-at are of a file"),
        (["try", "https://a.example/", "--captured-at", "2026-03-02"], "--url and --captured-at are of a file"),
        (["try", "--jsonl", "--explain"], "--url and --explain are of one page"),
        (["search", "taxa", "--phrase", "--months"], "--phrase and --months are two questions"),
        (["search", "taxa", "--phrase", "--in", "ever"], "--in narrows a list of pages"),
        (["search", "taxa", "--months", "--since", "2026-03-02"], "--since narrows a list of pages"),
        (["search", "taxa", "--months", "--limit", "20"], "--limit narrows a list of pages"),
        (["verify", "--seal", "abc"], "Invalid value for '--seal': 'abc' is no seal: one has 64 hexadecimal digits"),
        (["seal", "--stamp", "ftp://a.example/"], "'ftp://a.example/' is no http or https URL"),
        (["rebuild", "--sample", "3"], "--sample is of --dry-run"),
        (["doctor", "--yes"], "--yes is of --mend"),
        (["import", "warc", "none.warc"], "File 'none.warc' does not exist"),
        (["import", "memento", "inte en url"], "'inte en url' is no http or https URL"),
        (["import", "memento", "https://a.example/timemap"], "archiver.toml: agent.mail: say how to reach you"),
        (["restore", "none.db"], "File 'none.db' does not exist"),
        (["redact", "--words", "!", "--reason", "r", "--actor", "a"], "from 1 to 12 words"),
        (["redact", "--pattern", "(", "--dry-run"], "it is no regular expression"),
        (["redact", "c1", "--json", "--reason", "r", "--actor", "a"], "--json are of --words and --pattern"),
        (["changes", "--json", "--csv"], "--json and --csv are two forms"),
        (["ask", "--csv", "--json"], "--json and --csv are two forms"),
        (["diff", "c1", "c2", "--json", "--html", "x.html"], "--html, --json and --csv are three forms"),
        (["diff", "c1.."], "give a URL, a URL and two of its states, or two captures"),
        (["evidence", "c1"], "give a URL, a URL and two of its states, or two captures"),
        (["export", "gaps", "--format", "csv", "--to", "gaps.parquet"], "gaps.parquet is a name for parquet"),
        (["export", "gaps", "flaps", "--to", "out.csv"], "out.csv is a file's name: several views need a folder"),
        (["export", "gaps", "--to", "taken"], "taken is there already, and is no folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_exit_code_2_and_begins_nothing(unnamed: Path, here: Path, words: list[str], told: str) -> None:
    (here / "taken").touch()
    before = (unnamed / "archive.db").read_bytes()

    said = ask(unnamed, *words)

    assert (said.code, said.out) == (2, ""), said.err
    assert told in said.err
    assert os.listdir(here) == ["taken"]
    assert (unnamed / "archive.db").read_bytes() == before


def test_what_serve_cannot_listen_to_or_read_is_said(demonstration: Path, here: Path) -> None:
    (here / "m.yaml").write_bytes(b"title: \xe5\xe4\xf6")
    for words, told in (
        (["--host", "a" * 70], "Invalid value for --host"),
        (["--metadata", "m.yaml"], "m.yaml: "),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1:8002"),
    ):
        said = ask(demonstration, "serve", *words)
        assert (said.code, told in said.err) == (2, True), said.err


def test_an_import_of_several_files_looks_for_all_of_them_first(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    (tmp_path / "a.warc").touch()

    said = archiver("--config", config, "import", "warc", tmp_path / "a.warc", tmp_path / "b.warc")

    assert said.code == 2
    assert "b.warc' does not exist" in said.err
    assert not (tmp_path / "archive.db").exists()


def test_a_kind_of_issue_that_is_not_there_is_said_to_be_none(demonstration: Path) -> None:
    said = ask(demonstration, "issues", "--kind", "challeng", "--json")
    assert (said.code, said.out) == (0, "")
    assert "no issue here is of the kind 'challeng'; there are: " in said.err


def test_a_kommun_is_found_by_its_name_in_whatever_letters(demonstration: Path) -> None:
    rows = [ask(demonstration, "export", "current_pages", "--kommun", k).out for k in ("älvhamn", "Älvhamn", "9903")]
    assert rows[0].count("Älvhamn") > 5
    assert len(set(rows)) == 1


# files that are there ----------------------------------------------------------------------------------


def test_nothing_is_written_over_unasked(demonstration: Path, here: Path) -> None:
    a, b = captures(demonstration, "text")
    names = ("x.html", "x.zip", "x.warc.gz", "y.warc.gz.cdxj", "x.csv", "y.csv.datapackage.json", "z/gaps.csv", "r")
    for name in names:
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text("mine", "utf-8")

    for words in (
        ["diff", a, b, "--html", "x.html"],
        ["evidence", a, b, "--to", "x.zip"],
        ["warc", "x.warc.gz"],
        ["warc", "y.warc.gz"],
        ["export", "gaps", "--to", "x.csv"],
        ["export", "gaps", "--to", "y.csv"],
        ["export", "gaps", "--to", "z"],
        ["release", "r", "--title", "T", "--author", "A"],
    ):
        said = ask(demonstration, *words)
        assert (said.code, "is there already" in said.err) == (2, True), words

    assert {(here / name).read_text("utf-8") for name in names} == {"mine"}


@pytest.mark.usefixtures("here")
def test_with_overwrite_a_file_is_made_anew(demonstration: Path) -> None:
    a, b = captures(demonstration, "text")
    for words in (["diff", a, b, "--html", "x.html"], ["export", "gaps", "--to", "x.csv"]):
        assert [ask(demonstration, *words, *more).code for more in ((), (), ("--overwrite",))] == [0, 2, 0]


def test_the_archive_is_never_written_over(demonstration: Path, here: Path) -> None:
    a, b = captures(demonstration, "text")
    shutil.copytree(demonstration, here / "demo")
    own = here / "demo" / "archive.db"
    before = own.read_bytes()
    for words in (["export", "--all", "--to", own], ["export", "gaps", "--to", own], ["diff", a, b, "--html", own]):
        said = ask(here / "demo", *words, "--overwrite")
        assert (said.code, "is the archive itself" in said.err) == (2, True), words
    assert own.read_bytes() == before


def test_add_makes_no_configuration_of_another_programs_folder(here: Path) -> None:
    (here / "config").mkdir()
    (here / "config" / "municipalities.csv").write_text("mine", "utf-8")

    said = archiver("add", "Åre", "--offline")

    assert said.code == 2
    assert "municipalities.csv is there already" in said.err
    assert os.listdir(here / "config") == ["municipalities.csv"]
    assert (here / "config" / "municipalities.csv").read_text("utf-8") == "mine"


# what stands in the way --------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = archiver("demo", "--folder", tmp_path / "file" / "demo")
    assert said.code == 2
    assert said.err == f"archiver: {tmp_path / 'file' / 'demo' / 'archive.db'}: Not a directory\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]])
def test_a_disk_that_is_full_is_told_and_is_no_traceback(demonstration: Path, form: list[str]) -> None:
    words = command("--config", demonstration / "config", "changes", *form)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    assert (done.returncode, done.stderr.decode()) == (2, "archiver: standard output: No space left on device\n")


def test_what_is_said_of_a_fault_steers_no_terminal(tmp_path: Path) -> None:
    said = archiver("--archive", tmp_path / "a\x1b[31m.db", "--config", write_config(tmp_path), "changes")
    assert said.code == 2
    assert "\x1b" not in said.err


# the same in every form --------------------------------------------------------------------------------


def test_a_csv_has_the_people_who_came_and_went(demonstration: Path) -> None:
    said = ask(demonstration, "changes", "--kind", "personnel", "--csv")
    (row,) = csv.DictReader(io.StringIO(said.out, newline=""))
    assert row["personnel"].startswith("left ")
    assert not row["personnel"].startswith("personnel")


def test_a_csv_for_a_spreadsheet_holds_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv(
        [{"title": '=HYPERLINK("https://a.example")', "count": -3, "folded": True, "empty": None, "words": ["-"]}]
    )
    assert capsys.readouterr().out.splitlines()[1] == '"\'=HYPERLINK(""https://a.example"")",-3,true,,"[""-""]"'


def test_the_questions_are_listed_for_a_program_too(demonstration: Path) -> None:
    found = {row["name"]: row for row in ask(demonstration, "ask", "--json").objects}
    assert len(found) >= 25
    assert found["text-at"]["needs"] == ["url"]
    assert found["text-at"]["takes"] == ["day"]
    assert len(list(csv.reader(io.StringIO(ask(demonstration, "ask", "--csv").out, newline="")))) == len(found) + 1
    codes = ask(demonstration, "annotate", "--codes", "--json").objects
    assert {"code", "sv", "en"} == set(codes[0])


def test_a_rebuild_tells_a_program_what_it_read(demonstration: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstration, tmp_path / "demo")
    (found,) = ask(tmp_path / "demo", "rebuild", "granvik", "--json").objects
    assert found["source"] == "granvik"
    assert found["captures"] > 40


@pytest.mark.parametrize("name", ["diff", "evidence"])
def test_two_ends_are_named_in_the_same_words_everywhere(
    demonstration: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.printer.as_pdf", lambda _: None)  # a browser takes two seconds
    with closing(sqlite3.connect(demonstration / "archive.db")) as conn:
        ((url,),) = conn.execute("SELECT url FROM addresses WHERE url LIKE '%' || ?", (FEES,)).fetchall()
        ends = conn.execute(
            """SELECT capture_before, capture_after FROM page_changes WHERE url = ?""", (url,)
        ).fetchone()
    outs = set()
    forms = ([url], [url, "1", "2"], [url, "1..2"], [url, "2026-03-03..2026-03-04"],
             [f"c{ends[0]}..c{ends[1]}"], [f"c{ends[0]}", f"c{ends[1]}"])  # fmt: skip
    for number, words in enumerate(forms):
        to = ["--to", tmp_path / f"{number}.zip"] if name == "evidence" else []
        said = ask(demonstration, name, *words, *to)
        assert said.code == 0, (words, said.err)
        outs.add(said.out.replace(f"{number}.zip", ""))
    assert len(outs) == 1


# an export ---------------------------------------------------------------------------------------------


def test_a_name_with_an_ending_is_a_file_of_that_form_and_one_without_is_a_folder(
    demonstration: Path, here: Path
) -> None:
    for words in (
        ["coverage", "--to", "one.jsonl"],
        ["coverage", "--to", "one.db"],
        ["coverage", "--to", "single"],
        ["coverage", "gaps", "--to", "several-2026.11"],
        ["coverage", "gaps", "--format", "sqlite", "--to", "base"],
    ):
        said = ask(demonstration, "export", *words)
        assert said.code == 0, (words, said.err)

    made = {path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file()}
    assert made == {
        "one.jsonl", "one.jsonl.datapackage.json", "one.db", "one.db.datapackage.json",
        "single/coverage.csv", "single/datapackage.json",
        "several-2026.11/coverage.csv", "several-2026.11/gaps.csv", "several-2026.11/datapackage.json",
        "base/export.sqlite", "base/export.sqlite.datapackage.json",
    }  # fmt: skip
    assert json.loads((here / "one.jsonl").read_text("utf-8").splitlines()[0])["source_id"]
    assert (here / "one.db").read_bytes().startswith(b"SQLite format 3")


def test_parquet_without_its_extra_is_refused_before_anything_is_made(
    demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.transfer.export.find_spec", lambda _: None)
    for words in (
        ["export", "coverage", "--to", tmp_path / "a.parquet"],
        ["export", "--all", "--format", "parquet", "--to", tmp_path / "folder"],
        ["release", tmp_path / "out", "--title", "T", "--author", "A", "--format", "parquet"],
    ):
        said = ask(demonstration, *words)
        assert (said.code, said.out) == (2, "")
        assert "Parquet needs pyarrow" in said.err
    assert os.listdir(tmp_path) == []


def test_a_release_needs_no_extra_unless_asked(demonstration: Path, tmp_path: Path) -> None:
    said = ask(demonstration, "release", tmp_path / "out", "--title", "T", "--author", "A")
    assert said.code == 0, said.err
    assert {path.suffix for path in (tmp_path / "out" / "data").iterdir()} == {".csv"}

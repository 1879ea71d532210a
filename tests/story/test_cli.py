"""The command line as a person and a program meet it: words, forms, exit codes."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from program import ENVIRONMENT, Said, archiver, command

from archive import ARCHIVER, write_config
from archiver import cli
from archiver.cli.changes import CLASSES, KINDS
from archiver.demo import Towns, serve
from archiver.diff import CLASSES as ALL_CLASSES
from archiver.diff import FOLDED
from archiver.diff import KINDS as ALL_KINDS
from archiver.store import prepare

NO_SOCKETS = """
import socket, sys
def refused(*rest): raise AssertionError("a socket was opened")
socket.socket.connect = socket.socket.bind = socket.getaddrinfo = refused
import archiver.cli
archiver.cli.main()
"""


class Demo:
    """A finished demonstration: its folder, and the words that lead to it."""

    def __init__(self, folder: Path, said: Said) -> None:
        self.folder, self.said = folder, said
        self.archive = folder / "archive.db"

    def ask(self, *words: object, **named: Any) -> Said:
        return archiver("--config", self.folder / "config", *words, **named)

    def url(self, path: str) -> str:
        with closing(sqlite3.connect(self.archive)) as conn:
            (found,) = conn.execute("SELECT url FROM addresses WHERE url LIKE '%' || ?", (path,)).fetchone()
        return str(found)

    def copy(self, to: Path) -> Path:
        """A copy of the archive that a test may harm."""
        with closing(sqlite3.connect(self.archive)) as conn, closing(sqlite3.connect(to)) as other:
            conn.backup(other)
        return to


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("cli") / "demo"
    said = archiver("demo", "--folder", folder)
    assert said.code == 0, said.err
    return Demo(folder, said)


FEES = "/kommun-och-politik/styrdokument/arvoden-och-ersattningar"
OPEN = "/kommun-och-politik/oppna-namndsammantraden"


# help and wrong use -----------------------------------------------------------------------------------


def test_help_lists_every_command_in_80_and_in_40_columns() -> None:
    for columns in ("80", "40"):
        said = archiver("--help", COLUMNS=columns)
        assert said.code == 0
        assert all(re.search(rf"^  {name} ", said.out, re.MULTILINE) for name in cli.COMMANDS)
        assert max(map(len, said.out.splitlines())) <= int(columns) + 10


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_helps(name: str) -> None:
    said = archiver(name, "--help")

    assert said.code == 0
    assert said.out.startswith(f"Usage: archiver {name} ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["crawk"], "There is no command 'crawk'. Did you mean 'crawl'?"),
        (["crawl", "--fast"], "No such option"),
        (["--config", "finns-inte", "check"], "finns-inte: there is no such folder"),
        (["changes", "--kind", "words"], "'words' is not one of 'text', 'personnel', 'links'"),
        (["changes", "--class", "silent"], "'silent' is not one of 'edit', 'silent-edit'"),
        (["changes", "--since", "igår"], "'igår' is not a time; write 2026-03-02"),
        (["diff", "c1"], "give a URL, a URL and two of its states, or two captures"),
        (["diff"], "Missing argument"),
        (["redact", "c1"], "Missing option '--reason'"),
        (["redact", "c1", "--reason", "x", "--actor", "y", "--span", "9:3"], "'9:3' is not a span; write 120:140"),
    ],
)
def test_wrong_use_is_exit_code_2_and_says_what_was_expected(words: list[str], told: str) -> None:
    said = archiver(*words)

    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_the_words_of_the_closed_lists_are_those_of_the_comparison() -> None:
    assert set(KINDS) == set(ALL_KINDS)
    assert set(CLASSES) == {*ALL_CLASSES, *FOLDED} - {"technical"}


# check ------------------------------------------------------------------------------------------------


def test_check_lists_every_mistake_with_file_key_and_what_was_expected(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    source = config / "sources" / "exempelkoping.toml"
    source.write_text(source.read_text("utf-8").replace('"sitevision"', '"sitevison"') + "colour = 3\n", "utf-8")
    (config / "archiver.toml").write_text(ARCHIVER + 'workers = "two"\n', "utf-8")
    (config / "sources" / "trasig.toml").write_text("municipality = ", "utf-8")

    said = archiver("--config", config, "check")

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("The configuration has ")
    for part in (
        "sources/exempelkoping.toml: profile: there is no profile 'sitevison'; did you mean 'sitevision'?",
        "sources/exempelkoping.toml: scope.colour: ",
        "archiver.toml: agent.workers: there is no key 'workers'",
        "sources/trasig.toml: ",
    ):
        assert f"  {part}" in said.err


def test_check_opens_no_socket(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    script = [ENVIRONMENT_PYTHON, "-c", NO_SOCKETS, "--config", str(config), "check", "--json"]
    done = subprocess.run(script, env=ENVIRONMENT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sources"] == ["exempelkoping"]


ENVIRONMENT_PYTHON = command()[0]


def test_a_folder_called_config_that_is_none_of_ours_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()

    said = archiver("check", here=tmp_path)

    assert said.code == 0
    assert "No mistakes" in said.out
    assert not said.out.startswith("config:")


# add --------------------------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = write_config(tmp_path)
    table = "kommunkod,name,county,url,checked\n0000,Sandvik,Exempellän,http://127.0.0.1:1/,aldrig\n"
    table += "0001,Storsand,Exempellän,https://www.storsand.example/,2026-03\n"
    (folder / "municipalities.csv").write_text(table, "utf-8")
    return folder


@pytest.mark.parametrize("name", ["Storsand", "storsands kommun", "0001", "STORSAND"])
def test_add_finds_a_municipality_by_name_or_code_and_prints_its_file(config: Path, name: str) -> None:
    said = archiver("--config", config, "add", name, "--offline", "--print")

    assert (said.code, said.err) == (0, "")
    assert 'municipality = "Storsand"' in said.out
    assert 'profile      = "generic"' in said.out
    assert not (config / "sources" / "storsand.toml").exists()


def test_what_add_writes_is_a_source_at_once(config: Path) -> None:
    said = archiver("--config", config, "add", "Storsand", "--profile", "municipio")

    assert said.code == 0
    assert "(profile municipio). Look at it, then: archiver" in said.out
    assert "storsand" in archiver("--config", config, "check", "--json").object["sources"]


def test_add_says_which_names_come_near(config: Path) -> None:
    said = archiver("--config", config, "add", "Storsund", "--offline")

    assert (said.code, said.out) == (2, "")
    assert "no municipality is called 'Storsund'; did you mean Storsand?" in said.err


def test_add_does_not_write_over_a_source(config: Path) -> None:
    archiver("--config", config, "add", "Storsand", "--offline")
    before = (config / "sources" / "storsand.toml").read_bytes()

    said = archiver("--config", config, "add", "0001", "--profile", "drupal")

    assert said.code == 2
    assert "Storsand is a source already" in said.err
    assert (config / "sources" / "storsand.toml").read_bytes() == before


def test_add_leaves_the_profile_generic_where_the_start_page_cannot_be_had(config: Path) -> None:
    said = archiver("--config", config, "add", "Sandvik")

    assert said.code == 0
    assert "connection refused; the profile is left generic" in said.err
    assert 'profile      = "generic"' in (config / "sources" / "sandvik.toml").read_text("utf-8")


def test_add_takes_no_profile_that_is_not_there(config: Path) -> None:
    said = archiver("--config", config, "add", "Storsand", "--profile", "drupl", "--offline")

    assert said.code == 2
    assert "did you mean 'drupal'?" in said.err


def test_add_without_a_configuration_makes_one_here(tmp_path: Path) -> None:
    said = archiver("add", "Åre", "--offline", here=tmp_path)

    assert said.code == 0
    assert (tmp_path / "config" / "sources" / "are.toml").is_file()
    assert archiver("check", here=tmp_path).out.startswith("config: ")


# crawl ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def towns() -> Iterator[Towns]:
    with serve() as found:
        yield found


def town_config(folder: Path, towns: Towns, name: str = "granvik") -> Path:
    config = write_config(folder, towns.sources()[name], ARCHIVER)
    (config / "sources" / "exempelkoping.toml").rename(config / "sources" / f"{name}.toml")
    return config


COUNTS = {"asked", "new", "changed", "unchanged", "gone", "failed", "refused"}


def test_crawl_ends_with_a_table_and_then_with_what_is_due_when(tmp_path: Path, towns: Towns) -> None:
    config = town_config(tmp_path, towns)

    first = archiver("--config", config, "crawl", "--limit", "6")
    second = archiver("--config", config, "crawl", "--json")
    third = archiver("--config", config, "crawl", "granvik")

    assert first.code == 0
    header, row = (line.split() for line in first.out.splitlines()[:2])
    assert header[:8] == ["source", "asked", "new", "changed", "unchanged", "gone", "failed", "refused"]
    assert row[0] == "granvik"
    assert 1 <= int(row[1]) <= 6  # its sitemap and its feed are of the six, and no pages
    (found,) = second.object["sources"]
    assert set(found) > COUNTS
    assert (found["source"], found["ending"], found["changed"], found["failed"]) == ("granvik", "done", 0, 0)
    assert found["new"] > 5
    assert third.code == 0
    assert "granvik: nothing is due before" in third.out


def test_crawl_of_a_host_that_does_not_answer_is_exit_code_1_with_the_reason(tmp_path: Path) -> None:
    source = (
        'municipality = "Tyst"\ncode = "9999"\ncounty = "Exempellän"\nprofile = "generic"\nlanguage = "sv"\n'
        'seeds = ["http://127.0.0.1:1/"]\npolite = false\nprivate = true\n'
    )
    config = write_config(tmp_path, source)

    said = archiver("--config", config, "crawl")
    again = archiver("--config", config, "--archive", tmp_path / "b.db", "crawl", "--json")

    assert said.code == 1
    assert "exempelkoping: 127.0.0.1:1 did not answer: connect: 127.0.0.1: connection refused" in said.out
    assert again.code == 1
    assert again.object["sources"][0]["unreachable"] == {"127.0.0.1:1": "connect: 127.0.0.1: connection refused"}


def test_crawl_with_a_fault_in_the_configuration_starts_nothing(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    (config / "archiver.toml").write_text('[agent]\nname = "archiver"\n', "utf-8")

    anonymous = archiver("--config", config, "crawl")
    unknown = archiver("--config", config, "crawl", "exempelkoping", "exempelkopping", "annan")

    assert (anonymous.code, unknown.code) == (2, 2)
    assert "archiver.toml: agent.mail: say how to reach you" in anonymous.err
    assert "there is no source 'exempelkopping'; did you mean 'exempelkoping'?" in unknown.err
    assert "there is no source 'annan'" in unknown.err
    assert not (tmp_path / "archive.db").exists()


# changes, history, diff -------------------------------------------------------------------------------


def test_changes_tells_page_window_class_words_and_the_next_command(demo: Demo) -> None:
    said = demo.ask("changes", "--source", "sjoberga", "--class", "silent-edit", "--kind", "text", "--limit", "9")

    assert said.code == 0
    assert "\x1b" not in said.out
    assert "Arvoden och ersättningar  Sjöberga\n" in said.out
    assert "between 2026-03-03 05:00 and 2026-03-04 05:00 UTC  silent-edit" in said.out
    assert "  − 450 kronor\n  + 650 kronor\n" in said.out
    proposed = re.search(r"^  archiver (--config .* diff c\d+ c\d+)$", said.out, re.MULTILINE)
    assert proposed is not None
    assert archiver(*proposed[1].split()).code == 0


def test_changes_as_json_is_one_object_a_line_with_all_of_it(demo: Demo) -> None:
    found = demo.ask("changes", "--json").objects

    assert len(found) == 14
    fees = next(c for c in found if c["url"].endswith(FEES))
    assert fees["window"] == {
        "last_seen_before": "2026-03-03T05:00:00Z", "seen_after": "2026-03-04T05:00:00Z", "not_seen": [],
    }  # fmt: skip
    assert (fees["kinds"], fees["classes"]) == (["text"], ["silent-edit"])
    assert [h["op"] for h in fees["hunks"]] == ["removed", "added", "removed"]
    assert fees["dates"]["updated"]["before"] == fees["dates"]["updated"]["after"]
    assert fees["dates"]["updated"]["after"] is not None
    listing = next(c for c in found if "attachments" in c["kinds"])
    assert [(k["op"], k["rel"]) for k in listing["link_edits"]] == [("removed", "attachment")]
    times = [c["window"]["seen_after"] for c in found]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--since", "2026-03-05"], 7),
        (["--until", "2026-03-04"], 7),
        (["--until", "2026-03-04T00:00"], 0),
        (["--since", "2026-03-05T06:00+01:00", "--until", "2026-03-05T13:59:59Z"], 6),
        (["--source", "alvhamn"], 3),
        (["--kommun", "älvhamn"], 3),
        (["--kommun", "Älvhamns kommun"], 3),
        (["--kommun", "9901"], 7),
        (["--class", "touch"], 1),
        (["--kind", "state"], 2),
        (["--kind", "published", "--source", "granvik"], 1),
        (["--limit", "3"], 3),
        (["--class", "flap"], 0),
    ],
)
def test_changes_are_narrowed_down(demo: Demo, words: list[str], count: int) -> None:
    said = demo.ask("changes", "--json", *words)

    assert (said.code, len(said.objects)) == (0, count)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--source", "alvham"], "there is no source 'alvham'; did you mean 'alvhamn'?"),
        (["--kommun", "Storsand"], "no municipality is called 'Storsand'; it holds: Granvik, Sjöberga, Älvhamn"),
    ],
)
def test_a_name_that_is_not_in_the_archive_is_said_to_be_none(demo: Demo, words: list[str], told: str) -> None:
    said = demo.ask("changes", *words)

    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_no_change_is_told_as_none(demo: Demo) -> None:
    said = demo.ask("changes", "--class", "flap")

    assert said.code == 0
    assert said.out.startswith("No change that fits is in ")


def test_history_tells_every_state_of_a_page(demo: Demo) -> None:
    url = demo.url(OPEN)

    said = demo.ask("history", url)
    rows = demo.ask("history", url, "--json").objects

    assert (said.code, said.out.splitlines()[0]) == (0, url)
    assert [row["state"] for row in rows] == ["present", "gone", "present"]
    assert [row["classes"] for row in rows] == [[], ["disappearance"], ["return"]]
    assert "  2  2026-03-04 05:00 – 2026-03-04 14:00 UTC  gone" in said.out
    assert "seen 2 times" in said.out


@pytest.mark.parametrize("words", [["history"], ["diff"]])
def test_a_page_that_was_never_seen_is_said_to_be_none(demo: Demo, words: list[str]) -> None:
    said = demo.ask(*words, "https://www.storsand.example/sida")

    assert (said.code, said.out) == (1, "")
    assert said.err == "archiver: https://www.storsand.example/sida is not in the archive\n"


def test_diff_takes_a_page_revisions_days_and_captures(demo: Demo) -> None:
    url = demo.url(FEES)
    (change,) = [c for c in demo.ask("changes", "--json").objects if c["url"] == url]

    said = [
        demo.ask("diff", *words).out
        for words in (
            [url], [url, "1", "2"], [url, "r1", "r2"], [url, "2026-03-03", "2026-03-04"],
            [f"c{change['capture_before']}", f"c{change['capture_after']}"],
        )
    ]  # fmt: skip

    assert "[-450 kronor-]{+650 kronor+}" in said[0]
    assert said[0].startswith(f"--- {url} 2026-03-03T05:00:00Z c")
    assert "\x1b" not in said[0]
    assert len(set(said)) == 1


def test_diff_to_a_day_on_which_the_page_was_gone_says_so(demo: Demo) -> None:
    said = demo.ask("diff", demo.url(OPEN), "2026-03-03", "2026-03-04")

    assert "@@ state @@\n-present\n+gone\n" in said.out


def test_diff_of_what_is_the_same_prints_nothing_and_says_so(demo: Demo) -> None:
    said = demo.ask("diff", demo.url(OPEN), "1", "3")

    assert (said.code, said.out) == (0, "")
    assert said.err == "Nothing that we compare differs between the two.\n"


def test_two_pages_compared_are_each_told_by_their_own_address(demo: Demo) -> None:
    fees, opened = (demo.url(path) for path in (FEES, OPEN))
    first, second = (demo.ask("history", url, "--json").objects[0]["capture"] for url in (fees, opened))
    lines = demo.ask("diff", f"c{first}", f"c{second}").out.splitlines()
    assert (lines[0].split()[1], lines[1].split()[1]) == (fees, opened)
    found = demo.ask("diff", f"c{first}", f"c{second}", "--json").object
    assert (found["two_pages"], found["classes"], found["reasons"]) == (True, [], [])
    assert (found["before"]["url"], found["after"]["url"]) == (fees, opened)
    refused = demo.ask("evidence", f"c{first}..c{second}")
    assert refused.code == 2
    assert f"evidence is of one page, and these are two: {fees} and {opened}" in refused.err


def test_diff_as_json_is_one_object(demo: Demo) -> None:
    found = demo.ask("diff", demo.url(FEES), "--json").object

    assert (found["before"]["revision"], found["after"]["revision"]) == (1, 2)
    assert [c["name"] for c in found["classes"]] == ["silent-edit"]
    assert {h["op"] for h in found["hunks"]} == {"added", "removed"}
    assert "blocks" not in found
    assert "blocks" in demo.ask("diff", demo.url(FEES), "--json", "--whole").object


def test_diff_as_html_is_one_file_that_asks_for_nothing(demo: Demo, tmp_path: Path) -> None:
    said = demo.ask("diff", demo.url(FEES), "--html", tmp_path / "edit.html", "--language", "en")

    page = (tmp_path / "edit.html").read_text("utf-8")
    assert (said.code, said.out) == (0, "")
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<(?:script|link|img|iframe)\b|@import|url\(", page)
    assert "650 kronor" in re.sub(r"<[^>]+>", "", page)
    assert demo.ask("diff", demo.url(FEES), "--html", "-", "--language", "en").out == page
    assert demo.ask("diff", demo.url(FEES), "--html", tmp_path / "none" / "x.html").code == 2


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        ("1", "9", "the page has no revision 9; its last is 2"),
        ("2026-03-01", "2026-03-04", "the page was first seen 2026-03-03T05:00:00Z, and not by 2026-03-01T23:59:59Z"),
        ("x", "2", "'x' is no capture (c123), no revision (3) and no time (2026-03-02)"),
        ("c1", "c99999", "there is no capture 99999"),
        ("2026-02-31", "2", "'2026-02-31' is no time"),
    ],
)
def test_a_state_that_is_not_there_is_said_to_be_none_and_what_there_is(demo: Demo, a: str, b: str, told: str) -> None:
    said = demo.ask("diff", demo.url(FEES), a, b)

    assert (said.code, said.out) == (1, "")
    assert told in said.err


def test_a_page_that_never_changed_has_nothing_to_compare(demo: Demo) -> None:
    said = demo.ask("diff", demo.url("/kommun-politik/budget/"))

    assert said.code == 1
    assert "has one state only" in said.err


def test_a_capture_that_showed_no_page_is_not_compared_as_gone(demo: Demo) -> None:
    with closing(sqlite3.connect(demo.archive)) as conn:
        (barred,) = conn.execute("SELECT id FROM captures WHERE outcome = 'barred'").fetchone()

    said = demo.ask("diff", "c1", f"c{barred}")

    assert (said.code, said.out) == (1, "")
    assert f"capture {barred} shows no state of the page (barred: robots)" in said.err


def test_a_reader_that_stops_reading_is_no_fault(demo: Demo) -> None:
    for words in (["changes"], ["changes", "--json"]):
        child = subprocess.Popen(
            command("--config", demo.folder / "config", *words), env=ENVIRONMENT, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        assert child.stdout is not None
        child.stdout.close()
        assert child.wait(20) == 0
        assert child.stderr is not None
        assert child.stderr.read() == b""
        child.stderr.close()


def test_whatever_the_locale_a_pipe_gets_utf_8(demo: Demo) -> None:
    said = demo.ask("changes", "--limit", "1", PYTHONIOENCODING="latin-1", LC_ALL="C")

    assert "Sjöberga" in said.out


# the archive file -------------------------------------------------------------------------------------


def _of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE places (id INTEGER)")


def _no_database(path: Path) -> None:
    path.write_text("det här är ingen databas " * 100, "utf-8")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('archiver', '099_later', '2031')"
        )
        conn.commit()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200_000])


READING = [["changes"], ["history", "https://a.example/"], ["diff", "c1", "c2"], ["verify"], ["serve", "--port", "0"]]
FAULTS = [
    (_of_another_program, "is a database, but not an archive of ours: it has a table 'places'", 2),
    (_no_database, "is not an SQLite database", 2),
    (_newer, "was made by a newer archiver ('099_later'); install that one, or later", 2),
    (_empty, "is empty; `archiver crawl` makes an archive of it", 2),
    (_cut, "is damaged; restore a backup", 1),
]


@pytest.mark.parametrize(("harm", "told", "code"), FAULTS, ids=lambda v: getattr(v, "__name__", None))
def test_a_file_that_is_no_archive_of_ours_is_told_in_words(
    demo: Demo, tmp_path: Path, harm: Any, told: str, code: int
) -> None:
    path = tmp_path / "a.db"
    if harm in (_newer, _cut):
        demo.copy(path)
    harm(path)
    writing = [] if harm is _empty else [["crawl"], ["rebuild"]]

    for words in (*READING[:2], READING[3], READING[4], *writing):
        said = demo.ask("--archive", path, *words)
        assert (said.code, said.out) == (code, ""), words
        assert told in said.err


NEEDING = [
    *READING, ["search", "taxa"], ["ask", "coverage"], ["similar", "--shared"], ["status"], ["issues"], ["annotate"],
    ["annotate", "c1", "c2", "--code", "softened", "--actor", "y"], ["rebuild"], ["compact"], ["seal"],
    ["redact", "c1", "--reason", "x", "--actor", "y"], ["redact", "--words", "x", "--dry-run"],
    ["lift", "1", "--actor", "y"], ["takedown", "list"],
    ["takedown", "add", "x", "--asker", "a", "--ground", "b", "--actor", "c"],
    ["takedown", "step", "1", "note", "--actor", "c"], ["evidence", "c1..c2"], ["export", "current_pages"],
    ["export", "--all", "--to", "none"], ["release", "none", "--title", "T", "--author", "A"], ["warc", "none.warc.gz"],
    ["backup", "none.db"],
]  # fmt: skip


@pytest.mark.parametrize("words", NEEDING, ids=" ".join)
def test_an_archive_that_is_not_there_is_not_made_by_a_command_that_reads(
    demo: Demo, tmp_path: Path, words: list[str]
) -> None:
    said = demo.ask("--archive", tmp_path / "none.db", *(tmp_path / w if w.startswith("none") else w for w in words))

    assert (said.code, said.out) == (2, "")
    assert "none.db yet: `archiver crawl` makes one" in said.err
    assert list(tmp_path.iterdir()) == []


# keeping ----------------------------------------------------------------------------------------------


def test_verify_finds_nothing_in_an_archive_that_was_left_alone(demo: Demo) -> None:
    said = demo.ask("verify")

    first, counted, seal = said.out.splitlines()
    assert (said.code, first) == (0, f"{demo.archive}: all evidence is as it was recorded.")
    assert " captures, " in counted
    assert seal.startswith("Last seal: ")
    assert demo.ask("verify", "--json").object["problems"] == []


def test_verify_names_a_body_that_was_tampered_with(demo: Demo, tmp_path: Path) -> None:
    path = demo.copy(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("DROP TRIGGER IF EXISTS bodies_keep")
        for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'bodies'"):
            conn.execute(f"DROP TRIGGER {name}")
        (body,) = conn.execute("SELECT id FROM bodies WHERE kind = 'pdf' AND base_id IS NULL LIMIT 1").fetchone()
        conn.execute("UPDATE bodies SET data = zeroblob(length(data)) WHERE id = ?", (body,))
        conn.commit()

    said = demo.ask("--archive", path, "verify")
    found = demo.ask("--archive", path, "verify", "--json")

    assert (said.code, found.code) == (1, 1)
    assert f"body {body} " in said.out
    assert any(problem.startswith(f"body {body} ") for problem in found.object["problems"])


def test_rebuild_reads_everything_anew_and_changes_nothing(demo: Demo, tmp_path: Path) -> None:
    path = demo.copy(tmp_path / "a.db")

    said = demo.ask("--archive", path, "rebuild", "sjoberga")

    assert said.code == 0
    assert re.fullmatch(r"sjoberga: \d+ captures read\n", said.out)
    before, after = demo.ask("changes", "--json").objects, demo.ask("--archive", path, "changes", "--json").objects
    assert len(before) == len(after)
    told = ("url", "window", "kinds", "classes", "hunks", "link_edits", "dates")
    key = lambda change: (change["url"], change["revision"])  # noqa: E731
    assert [[c[n] for n in told] for c in sorted(before, key=key)] == [
        [c[n] for n in told] for c in sorted(after, key=key)
    ]


def test_redact_hides_the_words_everywhere_and_logs_who_and_why(demo: Demo, tmp_path: Path) -> None:
    path = demo.copy(tmp_path / "a.db")
    change = next(c for c in demo.ask("changes", "--json").objects if c["url"].endswith(FEES))

    said = demo.ask(
        "--archive", path, "redact", f"c{change['capture_before']}", "--address", "--reason", "test", "--actor", "Ture"
    )

    assert said.code == 0
    assert re.fullmatch(r"Done\. \d+ captures were read again\.\n", said.out)
    assert "650 kronor" not in demo.ask("--archive", path, "changes").out
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("SELECT level, reason FROM redaction_log").fetchall() == [("hidden", "test")]
    assert demo.ask("--archive", path, "verify").code == 0


def test_an_erasure_asks_first_and_a_span_cannot_be_erased(demo: Demo, tmp_path: Path) -> None:
    path = demo.copy(tmp_path / "a.db")
    words = ["--archive", path, "redact", "c1", "--reason", "test", "--actor", "Ture", "--level", "erased"]

    assert demo.ask(*words, stdin="n\n").code == 130
    spanned = demo.ask(*words, "--span", "1:5", stdin="y\n")
    assert spanned.code == 2
    assert "an erasure is of the whole body" in spanned.err


# demo -------------------------------------------------------------------------------------------------


def test_demo_tells_what_changed_each_day_and_what_to_try_next(demo: Demo) -> None:
    said = demo.said

    assert "Day 2, 4 March at 06:00" in said.out
    assert "What changed on day 2 (7 changes)" in said.out
    assert "What changed on day 3 (7 changes)" in said.out
    proposed = re.findall(
        r"^  archiver (.* (?:changes|history|diff|verify).*)$", said.out.split("Try next")[1], re.MULTILINE
    )
    assert len(proposed) == 5
    for words in proposed:
        assert archiver(*words.split(), here=demo.folder).code == 0, words


def test_demo_leaves_alone_a_folder_that_it_did_not_make(tmp_path: Path) -> None:
    write_config(tmp_path)
    (tmp_path / "archive.db").write_bytes(b"years of work")

    said = archiver("demo", "--folder", tmp_path)

    assert said.code == 2
    assert "that no demonstration made; name another" in said.err
    assert (tmp_path / "archive.db").read_bytes() == b"years of work"
    assert (tmp_path / "config" / "sources" / "exempelkoping.toml").exists()


def test_demo_leaves_alone_a_demonstration_that_became_somebodys_archive(tmp_path: Path) -> None:
    assert archiver("demo", "--folder", tmp_path).code == 0
    (tmp_path / "config" / "sources" / "egen.toml").write_text("", "utf-8")
    before = (tmp_path / "archive.db").read_bytes()

    said = archiver("demo", "--folder", tmp_path)

    assert said.code == 2
    assert "has sources of your own by now (egen)" in said.err
    assert (tmp_path / "archive.db").read_bytes() == before


# serve ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def room(demo: Demo) -> Iterator[str]:
    child = subprocess.Popen(
        command("--config", demo.folder / "config", "serve", "--port", "0"), env=ENVIRONMENT, stderr=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert child.stderr is not None
        told = child.stderr.readline()
        found = re.search(r"is open at (http://127\.0\.0\.1:\d+)/", told)
        assert found is not None, told + child.stderr.read()
        yield found[1]
    finally:
        child.send_signal(2)
        child.communicate(timeout=20)
        assert child.returncode == 0


def ask(url: str, method: str = "GET") -> tuple[int, str]:
    request = urllib.request.Request(url, method=method, data=b"x=1" if method == "POST" else None)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8", "replace")


@pytest.mark.parametrize("view", ["current_pages", "page_changes", "silent_edits", "coverage", "change_text"])
def test_public_views_are_open(room: str, view: str) -> None:
    status, text = ask(f"{room}/archive/{view}.json?_shape=array")

    assert status == 200
    assert isinstance(json.loads(text), list)


@pytest.mark.parametrize(
    "path",
    [
        "/archive/documents", "/archive/claims.json", "/archive/bodies.json",
        "/archive/passages", "/archive/captures.csv",
        "/archive/inner_text.json", "/archive/bodies/1", "/archive/documents/1.json", "/archive/bodies.blob",
        "/archive/redactions.json", "/archive/passages_fts.json", "/archive/_sqlite_migrations.json",
        "/archive.json?sql=select+*+from+documents", "/archive?sql=select+text+from+passages", "/archive.db",
        "/archive/current_pages.json?_where=1=(select+count(*)+from+documents)",
        "/archive/bodies/1.blob?_blob_column=data", "/-/metadata.json?x", "/archive/hunks_fts_data.json",
    ],
)  # fmt: skip
def test_tables_and_the_file_itself_are_closed(room: str, path: str) -> None:
    status, text = ask(room + path)

    assert status in (400, 403, 404) or (path.startswith("/-/") and "responsible" not in text), text[:300]


def test_the_page_about_the_archive_names_whom_the_configuration_names(room: str) -> None:
    status, text = ask(f"{room}/about")

    assert status == 200
    assert "archive@archiver.example" in text
    assert "https://archiver.example/about" in text


def test_the_room_takes_no_writes(room: str, demo: Demo) -> None:
    before = demo.archive.read_bytes()

    assert ask(f"{room}/archive/current_pages", "POST")[0] >= 400
    assert ask(f"{room}/archive/-/insert", "POST")[0] >= 400
    assert demo.archive.read_bytes() == before


def test_serve_says_when_the_port_is_taken(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = demo.ask("serve", "--port", taken.getsockname()[1])

    assert said.code == 2
    assert "Address already in use; try another --port" in said.err


def test_the_folder_of_the_configuration_can_come_from_the_environment(demo: Demo) -> None:
    said = archiver("check", ARCHIVER_CONFIG=os.fspath(demo.folder / "config"))

    assert said.out.startswith(f"{demo.folder / 'config'}: 3 sources")


def test_words_that_are_no_text_are_refused_in_words(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    prepare(archive)
    said = archiver("--archive", archive, "history", "https://www.exempelk\udcf6ping.se/")
    assert (said.code, said.err) == (2, "archiver: 'https://www.exempelk\\udcf6ping.se/' is not UTF-8\n")

"""Words hidden wherever they stand: in whatever is read, exported or handed over, now and later; and shown again."""

import asyncio
import gzip
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from program import archiver

from archive import Town
from archiver.errors import NotFound, Unconfigured
from archiver.extract import redaction
from archiver.redact import Order, Words, lift, redact, redact_words, search
from archiver.store import reader
from archiver.transfer import warc_out
from archiver.verify import verify
from pretend import page

NAME = "Sixten Kvarnbergh"


@pytest.fixture
def lived(exempel: Town) -> Town:
    """Three pages, of which one names somebody, in a paragraph that then changes; and one that never did."""
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/om", "Om"), ("/bygga", "Bygga")])
    exempel.site["/om"] = page("Om oss", f"Ansvarig är {NAME} sedan i fjol.", "Öppet varje dag.")
    exempel.site["/bygga"] = page("Bygga", "Här finns blanketter.")
    exempel.crawl()
    exempel.site["/om"] = page("Om oss", f"Ansvarig är {NAME}, nås på plan två.", "Öppet varje dag.")
    exempel.day()
    return exempel


def hide(town: Town, words: Words, level: str = "hidden") -> int:
    order = Order(level, "person", "keeper")  # type: ignore[arg-type]
    _, count = asyncio.run(redact_words(town.archive, town.config, town.pool, words, order, town.clock.now()))  # type: ignore[arg-type]
    return count


def said(town: Town) -> str:
    """All that is told of the archive, as one text."""
    tables = ("passages", "hunks", "documents", "claims", "changes", "links", "notices", "issues", "change_classes",
              "reasons")  # fmt: skip
    return "\n".join(str(row) for table in tables for row in town.rows(f"SELECT * FROM {table}"))


WORDS = [Words("words", NAME), Words("words", "sixten  KVARNBERGH"), Words("regex", r"Sixten\s+\w+"),
         Words("words", NAME, "exempelkoping"), Words("words", NAME, "exempelkoping", "")]  # fmt: skip


@pytest.mark.parametrize("words", WORDS, ids=repr)
def test_words_are_hidden_in_all_that_was_made_of_them(lived: Town, words: Words) -> None:
    assert "Kvarnbergh" in said(lived)

    assert hide(lived, words) == 2

    assert "Kvarnbergh" not in said(lived)
    assert "nås på plan två" in said(lived)
    assert lived.rows("SELECT title FROM current_pages ORDER BY 1") == [("Bygga",), ("Om oss",), ("Start",)]
    assert list(verify(lived.archive.reader)) == []


def test_what_comes_later_is_hidden_too_and_a_lifted_order_shows_it_all(lived: Town) -> None:
    hide(lived, Words("words", NAME))
    lived.site["/bygga"] = page("Bygga", f"Fråga {NAME}s medarbetare.")
    lived.day()
    assert "Kvarnbergh" not in said(lived)
    assert lived.rows("SELECT count(*) FROM redaction_hits WHERE places > 0") == [(3,)]

    asyncio.run(lift(lived.archive, lived.config, lived.pool, 1, "keeper", lived.clock.now()))  # type: ignore[arg-type]

    assert said(lived).count("Kvarnbergh") >= 3
    lived.site["/om"] = page("Om oss", f"{NAME} har slutat.")
    lived.day()
    assert f"{NAME} har slutat" in said(lived)
    assert lived.rows("SELECT level, reason, by_words, words_in FROM redaction_log") == [
        ("hidden", "person", 1, None), ("hidden", "lifted", 1, None),
    ]  # fmt: skip


def test_an_order_for_another_source_or_section_hides_nothing_here(lived: Town) -> None:
    lived.archive.write(lambda c: c.execute(
        "INSERT INTO sources (id, code, municipality, language, added_at) VALUES ('annan', '', 'A', 'sv', '2026-01-01')"
    ))  # fmt: skip
    assert hide(lived, Words("words", NAME, "annan")) == 0
    assert hide(lived, Words("words", NAME, "exempelkoping", "anslagstavla")) == 0
    assert "Kvarnbergh" in said(lived)


def test_a_rebuild_hides_them_still(lived: Town) -> None:
    hide(lived, Words("words", NAME))
    lived.rebuild()
    assert "Kvarnbergh" not in said(lived)


def test_the_archive_never_says_the_words_that_it_hides(lived: Town) -> None:
    hide(lived, Words("words", NAME))
    assert not [row for row in lived.rows("SELECT * FROM patterns") if "varnbergh" in str(row)]


@pytest.mark.parametrize("words", [Words("words", NAME)], ids=repr)
def test_erased_words_are_nowhere_in_the_file(lived: Town, words: Words) -> None:
    hide(lived, words, "erased")
    lived.archive.close()
    raw = b"".join(file.read_bytes() for file in Path(lived.archive.path).parent.glob("archive.db*"))
    for form in ("Kvarnbergh", "kvarnbergh"):
        assert form.encode() not in raw
    with closing(reader(lived.archive.path)) as conn:
        assert list(verify(conn)) == []
        assert conn.execute("SELECT count(*) FROM bodies WHERE fate = 'erased'").fetchone()[0] == 2


def without_its_file(town: Town) -> Any:
    """The configuration when somebody has taken the source's file away."""
    return replace(town.config, sources={})


@pytest.mark.parametrize("level", ["hidden", "erased"])
def test_a_body_is_hidden_to_the_last_though_no_file_configures_its_source(lived: Town, level: Any) -> None:
    bodies = [row[0] for row in lived.rows("SELECT DISTINCT body_id FROM captures c JOIN addresses a"
                                           " ON a.id = c.address_id WHERE a.url LIKE '%/om'")]  # fmt: skip
    for body in bodies:
        order = Order(level, "person", "keeper", body_id=body)
        with pytest.raises(Unconfigured, match="done; but pages are of exempelkoping, which no file configures"):
            asyncio.run(redact(lived.archive, without_its_file(lived), lived.pool, order, lived.clock.now()))  # type: ignore[arg-type]
    assert "Kvarnbergh" not in said(lived)
    assert list(verify(lived.archive.reader)) == []
    if level == "erased":
        lived.archive.close()
        raw = b"".join(file.read_bytes() for file in Path(lived.archive.path).parent.glob("archive.db*"))
        assert b"varnbergh" not in raw


def test_a_body_that_no_page_ever_showed_can_be_hidden_too(exempel: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Välkommen.")
    exempel.site["/robots.txt"] = f"User-agent: *\nDisallow:\n# Frågor: {NAME}\n"
    exempel.crawl()
    ((body,),) = exempel.rows(
        "SELECT body_id FROM captures c JOIN addresses a ON a.id = c.address_id WHERE a.role = 'robots'"
    )
    order = Order("hidden", "person", "keeper", body_id=body)
    asyncio.run(redact(exempel.archive, exempel.config, exempel.pool, order, exempel.clock.now()))  # type: ignore[arg-type]

    warc_out.pack(exempel.archive.reader, tmp_path / "a.warc.gz", warc_out.Choice(), exempel.clock.now())
    assert b"Kvarnbergh" not in gzip.decompress((tmp_path / "a.warc.gz").read_bytes())
    none = replace(order, body_id=9999)
    with pytest.raises(NotFound, match="nothing of that"):
        asyncio.run(redact(exempel.archive, exempel.config, exempel.pool, none, exempel.clock.now()))  # type: ignore[arg-type]


def test_looking_for_words_needs_no_turn_to_write(lived: Town, tmp_path: Path) -> None:
    options = ("--config", tmp_path / "config", "--archive", lived.archive.path)
    found = archiver(*options, "redact", "--words", NAME, "--dry-run", "--json")  # while another archiver is open
    assert (found.code, len(found.object["hits"])) == (0, 2)


def test_what_comes_later_with_erased_words_is_erased(lived: Town) -> None:
    hide(lived, Words("words", NAME), "erased")
    lived.site["/bygga"] = page("Bygga", f"Fråga {NAME}.")
    lived.day()
    assert "Kvarnbergh" not in said(lived)
    assert lived.rows("SELECT count(*) FROM bodies WHERE fate = 'erased'") == [(3,)]
    assert list(verify(lived.archive.reader)) == []
    lived.day()
    assert list(verify(lived.archive.reader)) == []


def test_what_happened_to_many_pages_at_once_does_not_say_them(exempel: Town) -> None:
    paths = [f"/sida-{n}" for n in range(24)]
    exempel.site["/"] = page("Start", "Välkommen.", links=[(path, path) for path in paths])
    for path in paths:
        exempel.site[path] = page(path, f"Text om {path}, och mer om {path}.")
    exempel.crawl()
    for path in paths:
        exempel.site[path] = page(path, f"Text om {path}, och mer om {path}.", f"Ring {NAME} på måndag.")
    exempel.day()
    assert exempel.rows("SELECT pages FROM events") == [(24,)]
    hide(exempel, Words("words", NAME))
    assert "Kvarnbergh" not in said(exempel) + str(exempel.rows("SELECT * FROM events"))
    assert not exempel.rows("SELECT 1 FROM rules WHERE content LIKE '%Kvarnbergh%'")
    assert not exempel.rows("SELECT 1 FROM furniture WHERE content LIKE '%Kvarnbergh%'")


def test_a_preview_says_where_they_stand_and_alters_nothing(lived: Town) -> None:
    before = [lived.rows(f"SELECT * FROM {table}") for table in ("redactions", "patterns", "readings", "revisions")]
    found = asyncio.run(search(lived.archive.reader, lived.config, lived.pool, Words("words", NAME)))  # type: ignore[arg-type]
    assert [(hit.capture.address.url, hit.places) for hit in found.hits] == [(lived.site.url("/om"), 1)] * 2
    assert found.looked_at >= 4
    assert [lived.rows(f"SELECT * FROM {t}") for t in ("redactions", "patterns", "readings", "revisions")] == before


def test_words_in_a_script_close_the_answer_though_no_reader_shows_them(exempel: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Välkommen.").replace(
        "</body>", r'<script>{"n": "Sixten Kvarnb\u0065rgh"}</script></body>'
    )
    exempel.crawl()
    assert hide(exempel, Words("words", NAME)) == 1
    assert exempel.rows("SELECT count(*) FROM redaction_hits WHERE places > 0") == [(1,)]


def test_nothing_that_is_handed_over_holds_them(lived: Town, tmp_path: Path) -> None:
    hide(lived, Words("words", NAME))
    lived.site["/nytt"] = page("Nytt", f"{NAME} har kommit.")
    path = lived.archive.path
    lived.archive.close()
    options = ("--config", tmp_path / "config", "--archive", path)
    (tmp_path / "out").mkdir()
    assert archiver(*options, "export", "--all", "--format", "jsonl", "--to", tmp_path / "out").code == 0
    assert archiver(*options, "warc", tmp_path / "a.warc").code == 0
    pack = archiver(*options, "evidence", lived.site.url("/om"), "1..2", "--to", tmp_path / "pack.zip")
    assert pack.code == 0, pack.err
    whole = [file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file()]
    warc = (tmp_path / "a.warc").read_bytes()
    whole.append(gzip.decompress(warc) if warc[:2] == b"\x1f\x8b" else warc)
    with zipfile.ZipFile(tmp_path / "pack.zip") as box:
        for name in box.namelist():
            data = box.read(name)
            whole.append(gzip.decompress(data) if name.endswith(".gz") else data)
    assert not any(b"Kvarnbergh" in data for data in whole)
    assert b"withheld: hidden" in gzip.decompress(warc)


def test_the_commands_preview_hide_and_refuse(lived: Town, tmp_path: Path) -> None:
    path = lived.archive.path
    lived.archive.close()
    options = ("--config", tmp_path / "config", "--archive", path)
    seen = archiver(*options, "redact", "--words", NAME, "--dry-run")
    assert (seen.code, "2 places in 2 of" in seen.out, "Nothing was altered" in seen.out) == (0, True, True)
    done = archiver(*options, "redact", "--pattern", r"Sixten \w+", "--reason", "person", "--actor", "k", "--json")
    assert (done.object["read_again"], len(done.object["hits"])) == (2, 2)
    for wrong in (("--words", NAME, "c1"), ("--words", NAME, "--in", "ingen"), ("--pattern", "(a+)+", "--dry-run"), ()):
        assert archiver(*options, "redact", *wrong, "--reason", "r", "--actor", "k").code == 2


def test_a_register_says_who_asked_and_what_became_of_it(exempel: Town) -> None:
    exempel.crawl()
    path = exempel.archive.path
    exempel.archive.close()
    options = ("--archive", path, "takedown")
    assert archiver(*options, "list").out == "No request was written down.\n"
    asked = (
        "https://www.exempelkoping.se/om",
        "--asker",
        "S. K., brev",
        "--ground",
        "personal-data",
        "--actor",
        "keeper",
    )
    assert archiver(*options, "add", *asked).out == "Request 1 is in the register.\n"
    assert archiver(*options, "add", *asked, "--received", "2026-01-05").code == 0
    assert archiver(*options, "step", "1", "refused", "--note", "allmän handling", "--actor", "keeper").code == 0
    assert archiver(*options, "step", "9", "refused", "--actor", "keeper").code == 1
    assert archiver(*options, "step", "2", "granted", "--redaction", "7", "--actor", "keeper").code == 1
    (waiting,) = archiver(*options, "list", "--waiting", "--json").objects
    assert (waiting["id"], waiting["received_at"][:10], waiting["state"]) == (2, "2026-01-05", "waiting")
    assert "refused, by keeper: allmän handling" in archiver(*options, "list").out
    with closing(sqlite3.connect(path)) as conn, pytest.raises(sqlite3.IntegrityError, match="only added to"):
        conn.execute("UPDATE takedowns SET about = ''")
    with closing(reader(path)) as conn:
        assert list(verify(conn)) == []


@pytest.mark.parametrize(
    "expression",
    ["(a+)+", "(a|aa)+b*+(a*)*", r"(\w+\s?)*x", "a*", "", "(", r"(a)\1", "a*b*c*d*e", "(?:a{1,3}){2,}", "x" * 501],
)
def test_an_expression_that_could_run_away_is_not_taken(expression: str) -> None:
    assert redaction.doubt(expression)


@pytest.mark.parametrize(
    "expression", [r"Sixten\s+\w+", r"\d{6}-?\d{4}", "a|b", "(?i:x)y+", r"\bAnna\b.{0,40}\bBerg\b"]
)
def test_a_tame_expression_is_taken(expression: str) -> None:
    assert redaction.doubt(expression) is None


def test_a_page_is_hidden_at_all_its_addresses(exempel: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/om", "Om"), ("/om?sv.target=1", "Om igen")])
    exempel.site["/om"] = page("Om oss", f"Ansvarig är {NAME}.")
    exempel.site["/om?sv.target=1"] = page("Om oss", f"Ansvarig är {NAME} ännu.")
    exempel.crawl()
    addresses = exempel.rows(
        "SELECT address_id FROM page_addresses j JOIN pages p ON p.id = j.page_id WHERE p.key LIKE '%/om%'"
    )
    capture = exempel.rows("SELECT capture_id FROM visits WHERE url LIKE '%/om'")[0][0]
    path = exempel.archive.path
    exempel.archive.close()
    words = ("--config", tmp_path / "config", "--archive", path, "redact", f"c{capture}", "--page")
    assert archiver(*words, "--reason", "person", "--actor", "keeper").code == 0
    with closing(reader(path)) as conn:
        assert conn.execute("SELECT count(*) FROM redactions").fetchone()[0] == len(addresses)
        assert conn.execute("SELECT count(*) FROM passages WHERE text LIKE '%Kvarnbergh%'").fetchone()[0] == 0
    assert archiver(*words, "--span", "1:2", "--reason", "person", "--actor", "keeper").code == 2


def test_an_answer_that_nobody_read_is_closed_while_words_are_hidden(lived: Town, tmp_path: Path) -> None:
    """The body of a 404 is kept and never read: nobody can tell what it says."""
    lived.site.says("/bygga", 404, body=page("Borta", f"Fråga {NAME}."))
    lived.day()
    hide(lived, Words("words", NAME))
    lived.site.says("/bygga", 404, body=page("Borta igen", f"Fråga {NAME} en gång till."))
    lived.day()
    packed = warc_out.pack(lived.archive.reader, tmp_path / "a.warc.gz", warc_out.Choice(), lived.clock.now())
    data = gzip.decompress((tmp_path / "a.warc.gz").read_bytes())
    assert b"Kvarnbergh" not in data
    assert packed.closed == data.count(b"withheld: hidden") == 6  # two states, two that say they are the same, two 404

"""What others received becomes history of theirs: its own times, marked, and read as anything else."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import archiver

from archive import HOME, SOURCE, Town, town, write_config
from archiver.derive import catch_up
from archiver.store import health
from archiver.transfer.answers import Imported
from archiver.transfer.warc_in import import_file
from archiver.transfer.warc_out import Choice, pack
from archiver.verify import verify
from archiver.warc import writing
from archiver.warc.reading import read_records
from archiver.warc.records import Record
from pretend import page

AT = datetime(2026, 5, 9, 12, 0, tzinfo=UTC)


def take_in(town: Town, path: Path) -> Imported:
    done = import_file(town.archive, [town.source], path, AT)
    asyncio.run(catch_up(town.archive, town.config, town.source, town.pool))  # type: ignore[arg-type]
    return done


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    with town(tmp_path / "empty") as found:
        yield found


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()


HISTORY = """SELECT p.key, r.number, r.state, r.core, r.first_seen, r.last_seen, d.sha256 FROM revisions r
             JOIN pages p ON p.id = r.page_id LEFT JOIN documents d ON d.id = r.document_id ORDER BY 1, 2"""
CHANGES = """SELECT p.key, r.number, k.kind, k.added, k.removed, k.before, k.after FROM changes k
             JOIN revisions r ON r.id = k.revision_id JOIN pages p ON p.id = r.page_id ORDER BY 1, 2, 3"""
CLASSES = """SELECT p.key, r.number, x.class, x.reason FROM change_classes x
             JOIN revisions r ON r.id = x.revision_id JOIN pages p ON p.id = r.page_id ORDER BY 1, 2, 3"""
READ = """SELECT a.url, c.captured_at, g.verdict, d.sha256 FROM readings g JOIN captures c ON c.id = g.capture_id
          JOIN addresses a ON a.id = c.address_id LEFT JOIN documents d ON d.id = g.document_id ORDER BY 1, 2"""


def same_history(one: Town, other: Town) -> bool:
    return all(one.rows(sql) == other.rows(sql) for sql in (HISTORY, CHANGES, CLASSES, READ))


@pytest.mark.parametrize("readings", [True, False])
def test_out_and_in_again_gives_the_same_documents_revisions_and_changes(
    exempel: Town, empty: Town, tmp_path: Path, readings: bool
) -> None:
    site = exempel.site
    site["/"] = page("Start", links=[("/taxor", "Taxor"), ("/bo", "Bo"), ("/gamla", "Gamla"), ("/borta", "Borta"),
                                     ("/rapport.pdf", "Rapport, Pdf, 1 kB")])  # fmt: skip
    site["/taxor"] = page("Taxor", "Avgiften är 500 kr.", updated="2026-01-02")
    site["/bo"] = page("Bo", "Tomter finns.")
    site["/borta"] = page("Borta", "Snart borta.")
    site.moves("/gamla", "/bo")
    site.file("/rapport.pdf", b"%PDF-1.4 trasig")
    site.robots("User-agent: *\nDisallow: /sok\nSitemap: https://www.exempelkoping.se/sitemap.xml\n")
    site.sitemap()
    exempel.crawl()
    site["/taxor"] = page("Taxor", "Avgiften är 900 kr.", updated="2026-01-02")
    site.gone("/borta")
    site.fails("/bo")
    for _ in range(4):
        exempel.day()
    site["/borta"] = page("Borta", "Tillbaka igen.")
    exempel.day()
    assert len(exempel.rows(CHANGES)) >= 3

    pack(exempel.archive.reader, tmp_path / "out.warc.gz", Choice(readings=readings), AT)
    done = take_in(empty, tmp_path / "out.warc.gz")

    assert (done.faults, done.lost, done.outside, done.known) == (0, 0, 0, 0)
    assert done.captures == len(exempel.rows("SELECT id FROM captures WHERE status IS NOT NULL"))
    assert same_history(exempel, empty)
    sent = "SELECT a.url, c.captured_at, c.status, c.outcome, c.content_type, b.sha256 FROM captures c JOIN addresses a ON a.id = c.address_id LEFT JOIN bodies b ON b.id = c.body_id WHERE c.status IS NOT NULL ORDER BY 1, 2"  # noqa: E501
    assert exempel.rows(sent) == empty.rows(sent)
    assert list(verify(empty.archive.reader)) == []


EDITS = st.lists(st.sampled_from(["edit", "gone", "back", "date", "fail", "wait"]), min_size=1, max_size=5)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITS)
def test_out_and_in_again_is_the_same_for_any_history(
    tmp_path_factory: pytest.TempPathFactory, edits: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("law")
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    with town(folder / "a") as one, town(folder / "b") as other:
        one.site["/"] = page("Start", links=[("/a", "A")])
        text, day = 0, 1
        one.site["/a"] = page("A", "Text 0.", updated="2026-01-01")
        one.crawl()
        for edit in edits:
            text += edit == "edit"
            day += edit == "date"
            acts: dict[str, Callable[[], None]] = {
                "gone": lambda: one.site.gone("/a"), "fail": lambda: one.site.fails("/a"), "wait": lambda: None,
            }  # fmt: skip
            if edit in acts:
                acts[edit]()
            else:
                one.site["/a"] = page("A", f"Text {text}.", updated=f"2026-01-{day:02}")
            one.day(days=2)
        pack(one.archive.reader, folder / "x.warc.gz", Choice(), AT)
        take_in(other, folder / "x.warc.gz")
        assert same_history(one, other)


def test_what_was_imported_is_marked_and_is_no_observation_of_ours(exempel: Town, empty: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Ett.")
    exempel.crawl()
    pack(exempel.archive.reader, tmp_path / "out.warc.gz", Choice(), AT)
    take_in(empty, tmp_path / "out.warc.gz")
    assert empty.rows("SELECT kind, agent, ending, started_at FROM runs") == [
        ("import", "out.warc.gz", "done", "2026-05-09T12:00:00Z")
    ]
    assert empty.rows("SELECT DISTINCT robots FROM captures") == [("imported",)]
    assert empty.rows("SELECT captured_at, imported FROM snapshots WHERE kind = 'html'") == [
        ("2026-03-02T06:00:05Z", 1)
    ]
    assert empty.rows("SELECT revision, imported FROM page_history") == [(1, 1)]
    assert exempel.rows("SELECT revision, imported FROM page_history") == [(1, 0)]
    assert empty.rows("SELECT * FROM coverage") == []
    assert empty.rows("SELECT file, captures, first_seen FROM imports") == [("out.warc.gz", 2, "2026-03-02T06:00:00Z")]
    due = "SELECT a.role FROM frontier f JOIN addresses a ON a.id = f.address_id WHERE f.due_at IS NOT NULL"
    assert empty.rows(due) == [("page",)]


def test_history_begins_before_the_first_crawl(exempel: Town, empty: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Förr.")
    exempel.crawl()
    pack(exempel.archive.reader, tmp_path / "old.warc.gz", Choice(), AT)
    empty.clock.advance(days=30)
    empty.site["/"] = page("Start", "Nu.")
    empty.crawl()
    assert len(empty.history("/")) == 1
    take_in(empty, tmp_path / "old.warc.gz")
    assert [(row["seen_after"][:10], row["revision"]) for row in empty.history("/")] == [
        ("2026-03-02", 1), ("2026-04-01", 2),
    ]  # fmt: skip
    (change,) = empty.changes()
    assert [hunk["text"] for hunk in change["hunks"]] == ["Förr.", "Nu."]
    assert change["imported"] == 1
    empty.day()
    assert list(verify(empty.archive.reader)) == []


def test_the_crawl_goes_by_what_we_saw_ourselves(empty: Town, tmp_path: Path) -> None:
    """Others' robots.txt is not in force, and their visits are none of ours: for rhythm and for `archiver status`."""
    empty.site["/"] = page("Start", "Nu.")
    empty.crawl()
    asked, soon = empty.site.asked("/robots.txt"), empty.clock.now() + timedelta(days=1.1)
    barring = writing.record(
        "response", [("WARC-Target-URI", HOME + "/robots.txt"), ("WARC-Date", f"{soon:%Y-%m-%dT%H:%M:%SZ}")],
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /\n",
    )  # fmt: skip
    assert imported(empty, tmp_path, barring, response("/", HTML)).captures == 2
    empty.site["/"] = page("Start", "Sedan.")
    assert empty.day().barred == 0
    assert empty.site.asked("/robots.txt") == asked + 1
    assert imported(empty, tmp_path, response("/2", HTML), name="y.warc").captures == 1
    assert health.of_source(empty.archive.reader, "exempelkoping", empty.clock.now())["last_good"] > "2026-03-03"


def test_what_was_imported_is_asked_for_by_the_next_crawl(empty: Town, tmp_path: Path) -> None:
    """The seed, though it is known already; and a page that no page leads to any more, which is gone."""
    assert imported(empty, tmp_path, response("/", HTML), response("/gammal", HTML)).captures == 2
    empty.site["/"] = page("Start", "Nu.")
    assert empty.day(days=70).asked == 2
    empty.day(days=2)
    assert empty.rows("SELECT url, last_seen_before FROM disappearances") == [
        (HOME + "/gammal", "2009-05-05T10:00:00Z")
    ]


def test_years_before_the_first_visit_are_not_watched(empty: Town, tmp_path: Path) -> None:
    assert imported(empty, tmp_path, response("/", HTML)).captures == 1
    empty.site["/"] = page("Start", "Nu.")
    assert empty.day(days=70).asked == 1
    watched = "SELECT watched FROM frontier f JOIN addresses a ON a.id = f.address_id WHERE a.role = 'page'"
    assert empty.rows(watched) == [(0.0,)]


def test_the_same_file_twice_adds_nothing(exempel: Town, empty: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Ett.")
    exempel.crawl()
    pack(exempel.archive.reader, tmp_path / "out.warc.gz", Choice(), AT)
    first, again = take_in(empty, tmp_path / "out.warc.gz"), take_in(empty, tmp_path / "out.warc.gz")
    assert (first.captures, again.captures, again.known) == (2, 0, 2)
    assert empty.rows("SELECT count(*) FROM runs") == [(1,)]


# files that others made -------------------------------------------------------------------------------


def response(
    path: str, body: bytes, *headers: tuple[str, str], at: str = "2009-05-05T10:00:00Z", **fields: str
) -> bytes:
    head = headers or (("Content-Type", "text/html; charset=utf-8"),)
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    block = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body
    named = [
        ("WARC-Target-URI", HOME + path),
        ("WARC-Date", at),
        *((k.replace("_", "-"), v) for k, v in fields.items()),
    ]
    return writing.record("response", named, block)


HTML = page("Taxor", "Avgiften är 500 kr.").encode()


def imported(town: Town, folder: Path, *records: bytes, name: str = "x.warc") -> Imported:
    (folder / name).write_bytes(b"".join(records))
    return take_in(town, folder / name)


def bodies(town: Town) -> list[tuple[str, int]]:
    return town.rows(
        "SELECT a.url, b.size FROM captures c JOIN addresses a ON a.id = c.address_id JOIN bodies b ON b.id = c.body_id"
    )


def test_chunks_and_codings_are_undone_and_headers_stay_as_sent(empty: Town, tmp_path: Path) -> None:
    import gzip

    packed = gzip.compress(HTML)
    chunked = b"%x\r\n%b\r\n%x;x=y\r\n%b\r\n0\r\n\r\n" % (20, packed[:20], len(packed) - 20, packed[20:])
    head = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    done = imported(empty, tmp_path, response("/a", chunked, *head), response("/b", HTML, *head),
                    response("/c", packed, *head[:2]))  # fmt: skip
    assert (done.captures, done.faults) == (3, 0)
    assert [size for _, size in bodies(empty)] == [len(HTML)] * 3
    (content,) = empty.rows("SELECT content FROM headers WHERE content LIKE '%chunked%'")[0]
    assert json.loads(content) == [list(pair) for pair in head]
    assert empty.rows("SELECT DISTINCT title FROM current_pages") == [("Taxor",)]


def test_an_answer_to_what_was_posted_is_no_page(empty: Town, tmp_path: Path) -> None:
    answer = response("/sok", HTML, WARC_Record_ID="<urn:uuid:1>")
    asked = [("WARC-Target-URI", HOME + "/sok"), ("WARC-Date", "2009-05-05T10:00:00Z")]
    post = writing.record("request", [*asked, ("WARC-Concurrent-To", "<urn:uuid:1>")], b"POST /sok HTTP/1.1\r\n\r\n")
    get = writing.record("request", [*asked, ("WARC-Concurrent-To", "<urn:uuid:2>")], b"GET /a HTTP/1.1\r\n\r\n")
    plain = response("/a", HTML, WARC_Record_ID="<urn:uuid:2>")
    assert imported(empty, tmp_path, answer, post, plain, get).parts == 1
    assert imported(empty, tmp_path, post, answer, name="y.warc").captures == 0
    assert bodies(empty) == [(HOME + "/a", len(HTML))]


def test_images_and_other_hosts_are_passed_over(empty: Town, tmp_path: Path) -> None:
    other = response("/a", HTML).replace(HOME.encode(), b"https://annan.example")
    done = imported(empty, tmp_path, response("/x.png", b"\x89PNG\r\n\x1a\n", ("Content-Type", "image/png")),
                    response("/stil.css", b"a{}", ("Content-Type", "text/css")), other)  # fmt: skip
    assert (done.captures, done.parts, done.outside, done.faults) == (0, 2, 1, 0)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (response("/a", HTML, at="2009-05"), "'2009-05' is no time to the second"),
        (response("/a", HTML, at="2009-13-05T10:00:00Z"), "is no time"),
        (response("/a", HTML, at="1066-10-14T10:00:00Z"), "no time at which this could be seen"),
        (response("/a", HTML, at="2066-10-14T10:00:00Z"), "no time at which this could be seen"),
        (response("/a", HTML, WARC_Payload_Digest="sha1:" + "A" * 32), "its payload is not what its digest says"),
        (response("/a", HTML).replace(b"500 kr", b"900 kr"), "its block is not what its digest says"),
        (writing.record("response", [("WARC-Target-URI", HOME + "/a"), ("WARC-Date", "2009-05-05T10:00:00Z")], b"hej"),
         "its block is no HTTP response"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_what_it_says_is_told_and_passed_over(
    empty: Town, tmp_path: Path, record: bytes, told: str
) -> None:
    done = imported(empty, tmp_path, record, response("/b", HTML))
    assert done.faults == 1
    assert told in done.told[0]
    assert (HOME + "/b", len(HTML)) in bodies(empty)


def test_a_revisit_of_what_is_nowhere_is_told_as_lost(empty: Town, tmp_path: Path) -> None:
    fields = [("WARC-Target-URI", HOME + "/a"), ("WARC-Date", "2009-05-05T10:00:00Z"),
              ("WARC-Profile", writing.IDENTICAL), ("WARC-Payload-Digest", "sha1:" + "A" * 32)]  # fmt: skip
    assert imported(empty, tmp_path, writing.record("revisit", fields, b"")).lost == 1


def test_a_revisit_with_a_foreign_digest_and_no_headers_is_the_answer_it_names(empty: Town, tmp_path: Path) -> None:
    import base64
    import hashlib

    digest = "sha1:" + base64.b32encode(hashlib.sha1(HTML, usedforsecurity=False).digest()).decode()
    fields = [("WARC-Target-URI", HOME + "/b"), ("WARC-Date", "2010-05-05T10:00:00Z"), ("WARC-Payload-Digest", digest),
              ("WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest")]  # fmt: skip
    done = imported(
        empty, tmp_path, response("/a", HTML, WARC_Payload_Digest=digest), writing.record("revisit", fields, b"")
    )
    assert (done.captures, done.lost) == (2, 0)
    assert empty.rows("SELECT status, content_type, outcome FROM captures WHERE id = 2") == [
        (200, "text/html; charset=utf-8", "ok")
    ]


def test_a_wacz_is_read_without_writing_its_names_anywhere(empty: Town, tmp_path: Path) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as file:
        file.writestr("archive/data.warc.gz", writing.member(response("/a", HTML)))
        file.writestr("../../../tmp/evil.warc", response("/b", HTML))
        file.writestr("pages/pages.jsonl", "{}")
    (tmp_path / "x.wacz").write_bytes(box.getvalue())
    before = set(tmp_path.rglob("*"))
    done = take_in(empty, tmp_path / "x.wacz")
    assert (done.captures, done.faults) == (2, 0)
    assert set(tmp_path.rglob("*")) == before
    (tmp_path / "y.wacz").write_bytes(box.getvalue()[:-30])
    assert "the WACZ is damaged" in take_in(empty, tmp_path / "y.wacz").told[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_of_a_wacz_that_does_not_unpack_is_told_as_damaged(empty: Town, tmp_path: Path, method: int) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", method) as file:
        file.writestr("archive/data.warc", response("/a", HTML) * 3)
    whole = box.getvalue()
    for at in range(60, len(whole) - 120, 19):
        harmed = bytearray(whole)
        harmed[at] ^= 0xFF
        (tmp_path / "x.wacz").write_bytes(bytes(harmed))
        done = import_file(empty.archive, [empty.source], tmp_path / "x.wacz", AT)
        assert done.faults, at


def test_a_bomb_in_a_body_is_kept_to_the_bound_and_told_as_over_budget(empty: Town, tmp_path: Path) -> None:
    import gzip

    bomb = gzip.compress(b"<p>" + bytes(80_000_000))
    head = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    assert imported(empty, tmp_path, response("/a", bomb, *head)).captures == 1
    ((size, flaw),) = empty.rows("SELECT b.size, c.flaw FROM captures c JOIN bodies b ON b.id = c.body_id")
    assert flaw == "over-budget"
    assert size < 70_000_000


@pytest.mark.corpus
def test_real_files_come_in_with_their_own_times(corpus: Path, tmp_path: Path) -> None:
    config = SOURCE.replace("https://www.exempelkoping.se/", "http://www.iana.org/")
    (tmp_path / "iana").mkdir()
    with town(tmp_path / "iana", source=config) as found:
        done = take_in(found, corpus / "warc" / "pywb" / "warcs" / "iana.warc.gz")
        assert done.captures > 15
        assert done.faults == 0
        assert found.rows("SELECT DISTINCT substr(captured_at, 1, 7) FROM captures") == [("2014-01",)]
        assert found.rows("SELECT count(*) FROM snapshots WHERE title LIKE '%IANA%'")[0][0] >= 3
        assert list(verify(found.archive.reader)) == []


# the command ------------------------------------------------------------------------------------------


def test_the_command_says_what_came_in_and_exits_1_where_something_was_damaged(exempel: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Ett.")
    exempel.crawl()
    pack(exempel.archive.reader, tmp_path / "out.warc.gz", Choice(), AT)
    (tmp_path / "program").mkdir()
    config = write_config(tmp_path / "program")
    said = archiver("--config", config, "import", "warc", tmp_path / "out.warc.gz")
    assert (said.code, said.out) == (0, "out.warc.gz: 2 captures\n"), said.err
    data = bytearray((tmp_path / "out.warc.gz").read_bytes())
    with (tmp_path / "out.warc.gz").open("rb") as file:
        answer = next(r for r in read_records(file) if isinstance(r, Record) and r.kind == "response")
    data[answer.offset + 60] ^= 0xFF
    (tmp_path / "harmed.warc.gz").write_bytes(bytes(data))
    said = archiver("--config", config, "import", "warc", tmp_path / "harmed.warc.gz")
    assert said.code == 1
    assert "damaged" in said.err + said.out
    said = archiver("--config", config, "import", "warc", tmp_path / "none.warc.gz")
    assert said.code == 2
    assert "does not exist" in said.err

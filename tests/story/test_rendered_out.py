"""What a browser made of a page goes out beside what was sent, under the same proof."""

import asyncio
import gzip
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_rendered import RENDERED, SHELL, Stage

from archive import Town, town
from archiver.cli.compare import comparison_of
from archiver.derive import catch_up
from archiver.model import Rendering, Response
from archiver.redact import Order, redact
from archiver.transfer import standalone
from archiver.transfer.evidence import Made, write_pack
from archiver.transfer.warc_in import import_file
from archiver.transfer.warc_out import Choice, pack
from archiver.verify import verify
from archiver.warc.reading import read_records
from archiver.warc.records import Record
from pretend import page

AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Town]:
    """A page that scripts fill, edited once."""
    with town(tmp_path, RENDERED) as found:
        found.site["/"] = page("Start", "Välkommen hit.", links=[("/moten", "Möten")])
        found.site["/moten"] = SHELL
        stage = Stage(found)
        found.render = stage
        stage.words["/moten"] = "Nästa möte hålls den 4 maj i sal B."
        found.crawl()
        stage.words["/moten"] = "Nästa möte hålls den 9 maj i sal C."
        found.day()
        yield found


def test_a_pack_holds_what_was_sent_and_what_was_shown(lived: Town, tmp_path: Path) -> None:
    comparison = comparison_of(lived.archive.reader, lived.config, lived.site.url("/moten"), "1", "2")
    write_pack(lived.archive.reader, tmp_path / "x.zip", comparison, Made("x", AT, UTC, lambda _: None))
    with zipfile.ZipFile(tmp_path / "x.zip") as box:
        assert "den 9 maj i sal C" in box.read("after/rendered.html").decode()
        assert "maj" not in box.read("after/body.html").decode()
        box.extractall(tmp_path / "x")
    assert standalone.main([str(tmp_path / "x")]) == 0


def test_a_warc_holds_both_and_neither_where_the_page_is_redacted(lived: Town, tmp_path: Path) -> None:
    pack(lived.archive.reader, tmp_path / "x.warc.gz", Choice(readings=False), AT)
    with (tmp_path / "x.warc.gz").open("rb") as file:
        kinds = [r.get("Content-Type") for r in read_records(file) if isinstance(r, Record) and r.kind == "conversion"]
    assert kinds.count("text/html; charset=utf-8") >= 2
    assert "den 4 maj i sal B" in gzip.decompress((tmp_path / "x.warc.gz").read_bytes()).decode()
    ((address,),) = lived.rows("SELECT id FROM addresses WHERE url LIKE '%/moten'")
    order = Order("hidden", "person", "keeper", address_id=address)
    asyncio.run(redact(lived.archive, lived.config, lived.pool, order, AT))  # type: ignore[arg-type]
    pack(lived.archive.reader, tmp_path / "y.warc.gz", Choice(), AT)
    assert " maj i sal " not in gzip.decompress((tmp_path / "y.warc.gz").read_bytes()).decode()


SAID = (
    """SELECT a.url, c.captured_at, c.outcome, b.sha256, m.outcome, m.detail, m.rendered_at, m.browser, m.took_ms,
         m.requests, d.sha256
       FROM captures c JOIN addresses a ON a.id = c.address_id LEFT JOIN bodies b ON b.id = c.body_id
       LEFT JOIN renderings m ON m.capture_id = c.id LEFT JOIN bodies d ON d.id = m.body_id
       WHERE c.status IS NOT NULL ORDER BY 1, 2""",
    """SELECT p.key, r.number, r.state, r.core, r.first_seen, r.last_seen, d.sha256 FROM revisions r
       JOIN pages p ON p.id = r.page_id LEFT JOIN documents d ON d.id = r.document_id ORDER BY 1, 2""",
    """SELECT p.key, r.number, k.kind, k.summary FROM changes k JOIN revisions r ON r.id = k.revision_id
       JOIN pages p ON p.id = r.page_id ORDER BY 1, 2, 3""",
)


def round_trip(one: Town, folder: Path) -> Town:
    """An empty archive that took in what the first handed out."""
    pack(one.archive.reader, folder / "x.warc.gz", Choice(), AT)
    (folder / "other").mkdir()
    other = town(folder / "other", RENDERED)
    found: Town = other.__enter__()
    done = import_file(found.archive, [found.source], folder / "x.warc.gz", datetime(2027, 1, 1, tzinfo=UTC))
    assert (done.faults, done.lost, done.told) == (0, 0, [])
    asyncio.run(catch_up(found.archive, found.config, found.source, found.pool))  # type: ignore[arg-type]
    assert [found.rows(sql) for sql in SAID] == [one.rows(sql) for sql in SAID]
    assert list(verify(found.archive.reader)) == []
    other.__exit__(None, None, None)
    return found


def test_what_a_browser_rendered_comes_in_again(lived: Town, tmp_path: Path) -> None:
    lived.day()
    lived.day(days=20)
    assert len(lived.rows("SELECT * FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.key LIKE '%moten'")) == 2
    round_trip(lived, tmp_path)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(["words", "shell", "both", "left", "failed", "wait", "gone"]), min_size=1, max_size=5))
def test_any_history_of_rendered_pages_comes_in_again(
    tmp_path_factory: pytest.TempPathFactory, edits: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("law")
    (folder / "one").mkdir()
    with town(folder / "one", RENDERED) as one:
        one.site["/"] = page("Start", "Välkommen hit.", links=[("/moten", "Möten")])
        one.site["/moten"] = SHELL
        stage = Stage(one)
        broken: list[str] = []

        async def render(sent: Response, *rest: object, **named: object) -> Rendering:
            if broken and sent.url.endswith("/moten"):
                return Rendering(broken[0], one.clock.now(), "Chromium 1", 0.1, None, "it would not")  # type: ignore[arg-type]
            return await stage(sent, *rest, **named)  # type: ignore[arg-type, no-any-return]

        one.render = render
        stage.words["/moten"] = "Nästa möte hålls i sal 0."
        one.crawl()
        for number, edit in enumerate(edits, start=1):
            broken[:] = [edit] if edit in ("left", "failed") else []
            if edit in ("words", "both"):
                stage.words["/moten"] = f"Nästa möte hålls i sal {number}."
            if edit in ("shell", "both"):
                one.site["/moten"] = SHELL.replace("</body>", f"<!-- {number} --></body>")
            if edit == "gone":
                one.site.gone("/moten")
            one.day(days=3)
        round_trip(one, folder)


@pytest.mark.parametrize(
    ("line", "other"),
    [(b"Archiver-Rendering: done", b"Archiver-Rendering: gone"), (b"Archiver-Took-Ms: ", b"Archiver-Took-Ms: -"),
     (b"Archiver-Requests: 2", b"Archiver-Requests: " + b"9" * 300),
     (b"\xc3\xb6te h\xc3\xa5lls den 4", b"\xc3\xb6te h\xc3\xa5lls den 5")],
)  # fmt: skip
def test_a_rendering_that_is_not_what_it_says_is_told_and_its_answer_comes_in(
    lived: Town, tmp_path: Path, line: bytes, other: bytes
) -> None:
    pack(lived.archive.reader, tmp_path / "x.warc.gz", Choice(readings=False), AT)
    plain = gzip.decompress((tmp_path / "x.warc.gz").read_bytes())
    assert line in plain
    (tmp_path / "y.warc").write_bytes(plain.replace(line, other, 1))
    (tmp_path / "other").mkdir()
    with town(tmp_path / "other", RENDERED) as found:
        done = import_file(found.archive, [found.source], tmp_path / "y.warc", datetime(2027, 1, 1, tzinfo=UTC))
        assert done.faults >= 1
        assert done.captures == len(lived.rows("SELECT id FROM captures WHERE status IS NOT NULL"))
        assert list(verify(found.archive.reader)) == []

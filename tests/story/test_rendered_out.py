"""What a browser made of a page goes out beside what was sent, under the same proof."""

import asyncio
import gzip
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_rendered import RENDERED, SHELL, Stage

from archive import Town, town
from archiver.cli.compare import comparison_of
from archiver.redact import Order, redact
from archiver.transfer import standalone
from archiver.transfer.evidence import Made, write_pack
from archiver.transfer.warc_out import Choice, pack
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

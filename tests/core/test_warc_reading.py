"""Records out of whatever bytes: every one that is whole, every fault told, nothing beyond its bounds."""

import gzip
import io
import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archiver.warc import cdxj, writing
from archiver.warc.reading import LINE, read_records
from archiver.warc.records import Damage, Record

NAMES = [f"https://www.exempelkoping.se/{n}" for n in range(20)]


def plain(url: str, block: bytes = b"HTTP/1.1 200 OK\r\n\r\nKommunen", kind: str = "response") -> bytes:
    return writing.record(kind, [("WARC-Target-URI", url), ("WARC-Date", "2026-03-02T06:00:00Z")], block)


def read(data: bytes, **bounds: int) -> tuple[list[Record], list[Damage]]:
    found = list(read_records(io.BytesIO(data), **bounds))
    return [r for r in found if isinstance(r, Record)], [d for d in found if isinstance(d, Damage)]


def urls(records: list[Record]) -> list[str | None]:
    return [record.url for record in records]


PLAIN = b"".join(map(plain, NAMES))
PACKED = b"".join(writing.member(plain(name)) for name in NAMES)
WHOLE = gzip.compress(PLAIN, mtime=0)  # all records in one member, as gzip of a finished file makes it


@pytest.mark.parametrize("data", [PLAIN, PACKED, WHOLE], ids=["plain", "members", "one member"])
def test_every_record_is_read(data: bytes) -> None:
    records, damage = read(data)
    assert urls(records) == NAMES
    assert damage == []
    assert records[0].block == b"HTTP/1.1 200 OK\r\n\r\nKommunen"
    assert records[0].get("warc-date") == "2026-03-02T06:00:00Z"


def test_a_record_lies_where_its_offset_says() -> None:
    for data in (PLAIN, PACKED):
        for record in read(data)[0]:
            assert urls(read(data[record.offset :])[0])[0] == record.url


@pytest.mark.parametrize("number", [0, 7, 19])
def test_a_damaged_member_is_told_and_passed_over(number: int) -> None:
    members = [writing.member(plain(name)) for name in NAMES]
    broken = bytearray(members[number])
    broken[len(broken) // 2] ^= 0xFF
    records, damage = read(b"".join([*members[:number], bytes(broken), *members[number + 1 :]]))
    assert urls(records) == NAMES[:number] + NAMES[number + 1 :]
    assert [fault.offset for fault in damage] == [sum(map(len, members[:number]))]


def test_a_member_whose_checksum_is_wrong_gives_no_record() -> None:
    members = [writing.member(plain(name)) for name in NAMES[:3]]
    broken = bytearray(members[1])
    broken[-6] ^= 1
    records, damage = read(members[0] + bytes(broken) + members[2])
    assert urls(records) == [NAMES[0], NAMES[2]]
    assert "damaged" in damage[0].why


def test_a_member_cut_off_in_the_middle_costs_nothing_else() -> None:
    members = [writing.member(plain(name)) for name in NAMES]
    records, damage = read(b"".join([*members[:4], members[4][:60], *members[5:]]))
    assert urls(records) == NAMES[:4] + NAMES[5:]
    assert len(damage) == 1


def test_a_file_that_ends_in_a_record_gives_those_before_it() -> None:
    records, damage = read(PACKED[:-40])
    assert urls(records) == NAMES[:-1]
    assert len(damage) == 1
    records, damage = read(PLAIN[:-10])
    assert urls(records) == NAMES[:-1]
    assert "has" in damage[0].why


def test_rubbish_between_members_is_told_and_passed_over() -> None:
    members = [writing.member(plain(name)) for name in NAMES[:2]]
    rubbish = random.Random(3).randbytes(200_000).replace(b"\x1f", b"\x1e")
    records, damage = read(members[0] + rubbish + members[1])
    assert urls(records) == NAMES[:2]
    assert damage == [Damage(len(members[0]), "200000 bytes that are no record")]


@pytest.mark.parametrize("claimed", ["9999999", "3", "-5", "1e3", "", "9" * 400, "²"])
def test_a_length_that_lies_costs_its_own_record_at_most(claimed: str) -> None:
    lying = plain(NAMES[1]).replace(b"Content-Length: 27", f"Content-Length: {claimed}".encode())
    for data in (
        b"".join([writing.member(plain(NAMES[0])), writing.member(lying), writing.member(plain(NAMES[2]))]),
        plain(NAMES[0]) + lying + plain(NAMES[2]) if claimed != "9999999" else PACKED,
    ):
        records, damage = read(data)
        assert NAMES[0] in urls(records)
        assert NAMES[2] in urls(records)
        assert damage or data == PACKED


@pytest.mark.parametrize(
    "head",
    [b"WARC/1.1\r\n" + b"X" * 9_000_000, b"WARC/1.1\r\n" + b"A: b\r\n" * 900_000, b"WARC/1.1\r\nX: " + b"y" * LINE * 3,
     b"WARC/1.1\r\nA: b\r\n" + b" folded\r\n" * 100_000],
    ids=["line", "fields", "field", "folded"],
)  # fmt: skip
def test_a_header_without_end_is_refused_in_bounded_memory(head: bytes) -> None:
    data = writing.member(head + b"\r\n\r\n") + writing.member(plain(NAMES[0]))
    tracemalloc.start()
    records, damage = read(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert urls(records) == NAMES[:1]
    assert len(damage) == 1
    assert most < 2_000_000


def test_a_bomb_is_kept_no_further_than_the_bound() -> None:
    bomb = writing.member(plain(NAMES[0], bytes(200_000_000)))
    assert len(bomb) < 300_000
    tracemalloc.start()
    records, damage = read(bomb + writing.member(plain(NAMES[1])), kept=100_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert urls(records) == NAMES[:2]
    assert damage == []
    assert (len(records[0].block), records[0].cut, records[1].cut) == (100_000, True, False)
    assert most < 2_000_000


def test_an_arc_file_is_read_as_responses() -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\nKommunen"
    lines = [b"https://www.exempelkoping.se/en sida 192.0.2.1 20090302060000 text/html %d\n" % len(block),
             b"https://www.exempelkoping.se/2 192.0.2.1 20090302060001 text/html %d\n" % len(block)]  # fmt: skip
    head = b"filedesc://x.arc 0.0.0.0 20090302060000 text/plain 6\n1 0 X\n\n"
    for pack in (bytes, writing.member):
        records, damage = read(pack(head) + b"".join(pack(line + block + b"\n") for line in lines))
        assert damage == []
        assert [r.kind for r in records] == ["warcinfo", "response", "response"]
        assert records[1].url == "https://www.exempelkoping.se/en%20sida"
        assert records[1].get("WARC-Date") == "2009-03-02T06:00:00Z"
        assert records[2].block == block


@settings(max_examples=200)
@given(st.binary(max_size=3000))
def test_no_bytes_make_it_fail_or_hang(data: bytes) -> None:
    for head in (b"", b"WARC/1.1\r\n", b"\x1f\x8b\x08", PACKED[:300], PLAIN[:300]):
        list(read_records(io.BytesIO(head + data)))


def test_a_flip_anywhere_costs_one_record_at_most() -> None:
    """A thousand flips, each by itself; what is given out is as it was, or its own digest tells."""
    chance = random.Random(11)
    whole = {record.url: record.block for record in read(PACKED)[0]}
    for _ in range(1000):
        at = chance.randrange(len(PACKED))
        broken = PACKED[:at] + bytes([PACKED[at] ^ (1 << chance.randrange(8))]) + PACKED[at + 1 :]
        records, _ = read(broken)
        assert len(records) >= len(NAMES) - 1
        assert all(whole[record.url] == record.block for record in records)


@pytest.mark.corpus
def test_real_files_are_read_as_warcio_reads_them_and_beyond_its_first_fault(corpus: Path) -> None:
    count = 0
    for path in sorted((corpus / "warc").rglob("*arc*")):
        if not path.is_file() or path.suffix not in {".gz", ".arc", ".warc", ".bad"}:
            continue
        with path.open("rb") as file:
            ours = [r.url for r in read_records(file) if isinstance(r, Record) and r.kind in ("response", "revisit")]
        count += len(ours)
        theirs = []
        try:
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    if record.rec_type in ("response", "revisit"):
                        theirs.append(record.rec_headers.get_header("WARC-Target-URI"))
        except Exception:  # noqa: BLE001, S110
            pass
        if path.name in {"example-space-in-url.arc", "example-wrong-chunks.warc.gz"}:
            continue  # a length that lies, a record in two members: told as damage
        assert [url for url in theirs if url and url not in ours] == [], path.name
    assert count > 190


# the index --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.exempelkoping.se/", "se,exempelkoping)/"),
        ("https://www.exempelkoping.se", "se,exempelkoping)/"),
        ("http://WWW2.Exempelkoping.se:80/A/B/", "se,exempelkoping)/a/b"),
        ("https://exempelkoping.se:8443/a?b=2&a=1", "se,exempelkoping:8443)/a?a=1&b=2"),
        ("https://exempelkoping.se/a?b=2#c", "se,exempelkoping)/a?b=2"),
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080)/x"),
        ("https://exempelkoping.se/a;jsessionid=0123456789abcdef0123456789abcdef", "se,exempelkoping)/a"),
    ],
)
def test_an_index_key_is_what_other_tools_make_of_the_url(url: str, key: str) -> None:
    assert cdxj.surt_key(url) == key


# writing ----------------------------------------------------------------------------------------------


def test_headers_that_no_longer_fit_the_body_come_back_as_they_were() -> None:
    sent = (("Content-Encoding", "gzip"), ("Content-Type", "text/html"), ("Content-Length", "17"), ("X-A", "å"))
    block = writing.http_block(200, sent, b"Kommunen")
    assert b"\r\nX-Archive-Orig-Content-Encoding: gzip\r\n" in block
    assert block.endswith(b"\r\nContent-Length: 8\r\n\r\nKommunen")
    written = tuple(tuple(line.split(": ", 1)) for line in block.decode("latin-1").split("\r\n")[1:-2])
    assert writing.restored(written) == sent  # type: ignore[arg-type]
    fits = (("Content-Length", "8"), ("Content-Type", "text/html"))
    assert b"X-Archive" not in writing.http_block(200, fits, b"Kommunen")


def test_no_value_can_end_its_line() -> None:
    record = writing.record("response", [("WARC-Target-URI", "https://x.example/\r\nWARC-Type: warcinfo")], b"")
    (found,), _ = read(record)
    assert found.kind == "response"
    assert b"\r\nX: y" not in writing.http_block(200, [("A", "b\r\nX: y")], b"")

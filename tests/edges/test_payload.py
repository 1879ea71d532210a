"""Bodies decoded under a budget: every coding, cut, mislabelled, stacked, and made to explode."""

import gzip
import hashlib
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import zstd
from archiver.fetch.codings import STEP
from archiver.fetch.limits import Limits
from archiver.fetch.payload import Decoder, Payload, codings

TEXT = "Kommunfullmäktige beslutar att anta budgeten. ".encode() * 2000


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


def decode(data: bytes, *names: str, step: int = 1000, cut: bool = False, limits: Limits | None = None) -> Payload:
    decoder = Decoder(names, limits or Limits())
    for at in range(0, len(data), step):
        if not decoder.feed(data[at : at + step]):
            break
    return decoder.finish(cut=cut)


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("name", "packed"),
    [*((name, pack(TEXT)) for name, pack in PACK.items()),
     ("deflate", bare_deflate(TEXT)), ("x-gzip", gzip.compress(TEXT))],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_coding_is_undone(name: str, packed: bytes, step: int) -> None:
    digest = hashlib.sha256(packed).hexdigest()
    assert decode(packed, name, step=step) == Payload(TEXT, None, digest, len(packed))


def test_body_without_a_coding_is_as_it_came() -> None:
    assert decode(TEXT) == Payload(TEXT, None, None, None)


@pytest.mark.parametrize("name", ["gzip", "br", "utf-8"])
def test_empty_body_is_no_body_whatever_its_coding(name: str) -> None:
    assert decode(b"", name) == Payload(b"", None, None, None)


@pytest.mark.parametrize("step", [1, 100_000])
def test_all_members_and_frames_count(step: int) -> None:
    assert decode(gzip.compress(TEXT) + gzip.compress(b"slut"), "gzip", step=step).body == TEXT + b"slut"
    skippable = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    assert decode(zstd.compress(TEXT) + skippable + zstd.compress(b"slut"), "zstd", step=step).body == TEXT + b"slut"


@pytest.mark.parametrize("step", [1, 100_000])
@pytest.mark.parametrize("tail", [b"\n", b"\x00" * 512, b"\x1f", b"<!-- served in 3 ms -->"])
@pytest.mark.parametrize("name", ["gzip", "zstd", "deflate"])
def test_garbage_after_the_end_is_no_flaw(name: str, tail: bytes, step: int) -> None:
    got = decode(PACK[name](TEXT) + tail, name, step=step)
    assert (got.body, got.flaw) == (TEXT, None)


@pytest.mark.parametrize("name", list(PACK))
def test_cut_stream_gives_what_there_is(name: str) -> None:
    noise = hashlib.shake_256(b"brus").digest(50_000)
    packed = PACK[name](noise)
    got = decode(packed[:-2000], name)
    assert got.flaw == "truncated"
    assert noise.startswith(got.body)
    assert len(got.body) > (40_000 if name == "gzip" else 0) or name in {"br", "zstd"}


def test_cut_message_is_truncated_also_where_the_coding_ended() -> None:
    assert decode(gzip.compress(TEXT), "gzip", cut=True).flaw == "truncated"
    assert decode(b"halv", cut=True) == Payload(b"halv", "truncated", None, None)
    assert decode(b"", cut=True).flaw == "truncated"


@pytest.mark.parametrize("step", [1, 100_000])
@pytest.mark.parametrize("name", [*PACK, "utf-8", "compress", "aes128gcm"])
def test_body_that_is_not_what_its_label_says_is_kept_as_it_came(name: str, step: int) -> None:
    page = b"<!doctype html><title>Hej</title>" * 50
    assert decode(page, name, step=step) == Payload(page, "bad-encoding", hashlib.sha256(page).hexdigest(), len(page))


def test_damage_after_the_beginning_gives_the_body_so_far() -> None:
    noise = hashlib.shake_256(b"brus").digest(500_000)
    packed = bytearray(gzip.compress(noise, 6))
    packed[300_000:300_100] = bytes(100)
    got = decode(bytes(packed), "gzip", step=10_000)
    assert got.flaw == "bad-encoding"
    assert noise[:200_000] == got.body[:200_000]
    assert got.wire_size == len(packed)


def test_two_codings_are_undone_in_turn_and_three_are_not() -> None:
    twice = brotli.compress(gzip.compress(TEXT))
    assert decode(twice, "gzip", "br").body == TEXT
    assert decode(gzip.compress(twice), "gzip", "br", "gzip").flaw == "bad-encoding"


@pytest.mark.parametrize("step", [100, 1_000_000])
@pytest.mark.parametrize("names", [("gzip",), ("zstd",), ("br",), ("gzip", "gzip"), ("zstd", "gzip"), ("deflate",)])
def test_bomb_is_stopped_soon(names: tuple[str, ...], step: int) -> None:
    bomb = bytes(40_000_000)
    for name in names:
        bomb = zlib.compress(bomb, 9) if name == "deflate" else PACK[name](bomb)
    got = decode(bomb, *names, step=step, limits=Limits(body=20_000_000, ratio=200))
    assert got.flaw == "over-budget"
    assert len(got.body) <= max(1_000_000, 200 * (got.wire_size or 0)) + 2 * STEP


def test_inner_bomb_whose_bytes_come_to_nothing_is_stopped() -> None:
    nothing = b"\x50\x2a\x4d\x18" + (60_000_000).to_bytes(4, "little") + bytes(60_000_000)
    got = decode(gzip.compress(nothing, 1), "zstd", "gzip")
    assert got.flaw == "over-budget"


def test_budgets_are_exact() -> None:
    assert decode(b"x" * 100, limits=Limits(body=100)).flaw is None
    assert decode(b"x" * 101, limits=Limits(body=100)) == Payload(b"x" * 100, "over-budget", None, None)
    assert decode(b"x" * 101, limits=Limits(wire=100)) == Payload(b"x" * 100, "over-budget", None, None)
    packed = gzip.compress(TEXT)
    assert decode(packed, "gzip", limits=Limits(body=len(TEXT))).flaw is None
    assert decode(packed, "gzip", limits=Limits(body=len(TEXT) - 1)).body == TEXT[:-1]


def test_window_larger_than_the_standard_allows_is_not_made() -> None:
    greedy = zstd.compress(bytes(100), options={zstd.CompressionParameter.window_log: 27})
    frame = bytes((*greedy[:4], 0x00, (27 - 10) << 3, *greedy[6:]))  # a window of 128 MB asked for in the header
    assert decode(frame, "zstd").flaw == "bad-encoding"


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([], ()),
        (["identity"], ()),
        (["GZIP"], ("gzip",)),
        (["gzip, br"], ("gzip", "br")),
        (["gzip", " br ,"], ("gzip", "br")),
    ],
)
def test_codings_are_named_by_the_headers_in_order(values: list[str], names: tuple[str, ...]) -> None:
    assert codings(values) == names


@given(st.binary(max_size=300), st.lists(st.sampled_from([*PACK, "identity"]), max_size=3), st.integers(1, 100))
def test_no_bytes_make_it_raise(data: bytes, names: list[str], step: int) -> None:
    got = decode(data, *codings(names), step=step)
    assert got.flaw in {None, "truncated", "bad-encoding", "over-budget"}


@given(st.binary(max_size=3000), st.lists(st.sampled_from(list(PACK)), max_size=2), st.integers(1, 2000))
def test_what_was_packed_comes_back_however_it_is_cut_up(data: bytes, names: list[str], step: int) -> None:
    packed = data
    for name in names:
        packed = PACK[name](packed)
    got = decode(packed, *names, step=step)
    assert (got.body, got.flaw) == (data, None)

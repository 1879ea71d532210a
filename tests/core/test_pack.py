import os
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.pack import PackError, Shared, pack, unpack

PAGE = b"".join(b"<p>Beslut %d i kommunstyrelsen</p>" % (n * n) for n in range(200))
EDITED = PAGE.replace(b"Beslut 100 ", b"Beslut 101 ")
bases = st.none() | st.binary(min_size=8, max_size=2000)


@given(st.binary(max_size=3000), bases)
def test_what_was_packed_is_unpacked(body: bytes, base: bytes | None) -> None:
    assert unpack(pack(body, base), base, len(body)) == body


@given(st.lists(st.binary(max_size=3000), max_size=3), st.binary(min_size=8, max_size=2000))
def test_what_was_packed_from_a_shared_base_is_unpacked_from_that_base(bodies: list[bytes], base: bytes) -> None:
    shared = Shared(base)
    assert [unpack(pack(body, shared), base, len(body)) for body in bodies] == bodies


def test_a_shared_base_serves_as_well_as_one_that_is_indexed_anew() -> None:
    assert len(pack(EDITED, Shared(PAGE))) < 2 * len(pack(EDITED, PAGE)) < len(pack(EDITED)) / 2


@given(st.binary(max_size=500), st.lists(st.binary(max_size=500), max_size=4))
def test_a_chain_of_patches_gives_each_body_back(first: bytes, edits: list[bytes]) -> None:
    history = [first]
    for edit in edits:
        history.append(history[-1][: len(edit)] + edit + history[-1])
    frames = [
        (pack(body, base if base and len(base) >= 8 else None), base if base and len(base) >= 8 else None)
        for body, base in zip(history, [None, *history], strict=False)
    ]
    assert [unpack(frame, base) for frame, base in frames] == history


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([(PAGE, None), (EDITED, PAGE), (b"", None), (os.urandom(300), None)]))
def test_a_flipped_bit_never_gives_another_body(data: st.DataObject, pair: tuple[bytes, bytes | None]) -> None:
    body, base = pair
    frame = bytearray(pack(body, base))
    bit = data.draw(st.integers(0, len(frame) * 8 - 1))
    frame[bit // 8] ^= 1 << (bit % 8)
    with suppress(PackError):
        assert unpack(bytes(frame), base, len(body)) == body


def test_a_patch_costs_little_of_what_a_plain_frame_costs() -> None:
    assert len(pack(EDITED, PAGE)) * 10 < len(pack(EDITED))


def test_another_base_is_an_error_and_not_another_body() -> None:
    with pytest.raises(PackError):
        unpack(pack(EDITED, PAGE), PAGE[::-1], len(EDITED))


def test_a_missing_base_is_an_error() -> None:
    with pytest.raises(PackError):
        unpack(pack(EDITED, PAGE), None, len(EDITED))


@pytest.mark.parametrize(
    "frame", [b"", b"\x28", pack(PAGE)[:-1], pack(PAGE) + b"x", pack(PAGE) * 2, b"not zstd at all"]
)
def test_what_is_no_single_whole_frame_is_an_error(frame: bytes) -> None:
    with pytest.raises(PackError):
        unpack(frame, None, len(PAGE))


@pytest.mark.parametrize("bit", [0x08, 0x10])
def test_a_bit_that_means_nothing_may_not_be_set(bit: int) -> None:
    frame = bytearray(pack(PAGE))
    frame[4] |= bit
    with pytest.raises(PackError, match="not a frame of ours"):
        unpack(bytes(frame), None, len(PAGE))


def test_a_base_too_short_to_be_one_is_an_error_of_packing() -> None:
    with pytest.raises(PackError):
        unpack(pack(PAGE), b"kort", len(PAGE))


def test_no_more_is_decoded_than_was_said_to_be_packed() -> None:
    with pytest.raises(PackError, match="ends early"):  # and not: 50,000,000 bytes, which is known when they are there
        unpack(pack(b"x" * 50_000_000), None, 100)


def test_a_frame_shorter_than_recorded_is_an_error() -> None:
    with pytest.raises(PackError):
        unpack(pack(b"x" * 99), None, 100)


def test_the_window_reaches_the_far_end_of_a_large_base() -> None:
    base = os.urandom(3_000_000)
    assert len(pack(base[:1000] + base[-1000:] + base, base)) < 100_000
    assert len(pack(base + b"x", Shared(base))) < 100_000

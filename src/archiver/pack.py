"""Bodies packed small: one zstd frame each, whole or as a patch from another body.

A patch is a frame whose window begins with the base (zstd's `--patch-from`): what the two have in common costs a few
bytes. A frame carries a checksum and the body's size; whether the body is the right one only its SHA-256 can tell,
and that is the caller's to compare. Pure.
"""

from archiver.zstd import CompressionParameter as Set
from archiver.zstd import ZstdDecompressor, ZstdDict, ZstdError, compress

LEVEL = 8
"""About 1 ms for a page of 150 kB, patched or plain. Measured on 342 pages of a municipal WordPress site, patch from
the capture before: level 3 49x in 0.2 ms, 5 63x in 0.6, 8 75x in 0.7, 12 81x in 2.0 (plain 6.8x, 7.2x, 7.5x, 7.6x)."""
SHARED = 5
"""From a base that is indexed beforehand (`Shared`). Measured on 400 pages of one municipal site, each from its start
page: level 3 23x in 0.2 ms, 5 27.7x in 0.45, 8 28.5x in 0.7; the same base indexed anew for each page, 8: 1.1 ms."""
FAST = 3
"""For bodies over `BULKY`, which are seldom text: what compresses at all does so at the lowest levels."""
BULKY = 1 << 20
"""Bytes. Over this, matches are also sought the long-distance way: without it most of a large base is never found
(8 MB with 5 kB inserted: 6.9 MB packed; with it 17 kB, in the same 26 ms)."""
SHORTEST_BASE = 64
"""Bytes. zstd refuses a base under 8; one under this saves nothing."""
_NARROWEST, _WIDEST = 10, 27  # window, as a power of two; above 27 a decoder must be asked to allow it
_RESERVED = 0x18  # bits of the frame header descriptor that mean nothing and must be 0 (RFC 8878 section 3.1.1.1.1)


class PackError(ValueError):
    """The frame does not decode: it is damaged, or its base is not the one it was patched from."""


class Shared:
    """A base of many bodies: what zstd looks up in it is made once, and not again for each of them."""

    def __init__(self, body: bytes) -> None:
        """Raises ValueError for a base under 8 bytes."""
        self.body = body
        self.index = ZstdDict(body, is_raw=True)


def pack(body: bytes, base: bytes | Shared | None = None, level: int | None = None) -> bytes:
    """The body as one zstd frame, patched from the base where there is one.

    The window covers base and body both, up to 128 MB together; a base further back than that is not reached.
    Raises ValueError for a base under 8 bytes.
    """
    before = base.body if isinstance(base, Shared) else base or b""
    bulky, usual, prefix = len(body) > BULKY, LEVEL, _prefix(before)
    if isinstance(base, Shared) and not bulky:  # an index made beforehand knows nothing of long distances
        usual, prefix = SHARED, base.index.as_digested_dict
    options: dict[int, int] = {
        Set.compression_level: level if level is not None else FAST if bulky else usual,
        Set.window_log: max(_NARROWEST, min(_WIDEST, (len(body) + len(before)).bit_length())),
        Set.enable_long_distance_matching: bulky,
        Set.checksum_flag: 1,
    }
    return compress(body, options=options, zstd_dict=prefix)


def unpack(frame: bytes, base: bytes | None = None, size: int | None = None) -> bytes:
    """The body that was packed.

    With `size` no more than that is ever decoded. Raises PackError where the frame is damaged, is not alone, needs
    another base, or holds another number of bytes.
    """
    if len(frame) < 5 or frame[4] & _RESERVED:
        raise PackError("not a frame of ours")
    try:
        decoder = ZstdDecompressor(zstd_dict=_prefix(base))
        body = decoder.decompress(frame, max_length=-1 if size is None else size + 1)
    except (ZstdError, ValueError, MemoryError) as error:
        raise PackError(str(error)) from error
    if not decoder.eof or decoder.unused_data:
        raise PackError("the frame ends early, or something follows it")
    if size is not None and len(body) != size:
        raise PackError(f"{len(body)} bytes where {size} were packed")
    return body


def _prefix(base: bytes | None) -> tuple[ZstdDict, int] | None:
    return ZstdDict(base, is_raw=True).as_prefix if base else None

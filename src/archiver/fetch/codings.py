"""The content codings undone in small steps: gzip (all members), deflate (both kinds), brotli, zstd (all frames).

Each step of a decompressor makes `STEP` bytes at most (brotli: about a third more), so that a caller who counts can
stop a bomb before it has taken the memory.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from archiver import zstd

STEP = 1 << 18
"""Bytes that one step may make."""
ZSTD_WINDOW = 23
"""log2 of the largest window a sender may ask us to hold: 8 MB (RFC 9659)."""
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
SKIPPABLE = b"\x2a\x4d\x18"
"""Bytes 2 to 4 of a zstd frame without content (RFC 8878 section 3.1.2)."""
DAMAGED = (zlib.error, brotli.error, zstd.ZstdError)
"""What a stage raises at bytes that are not what they should be."""


class Stage:
    """One coding undone, stream after stream; what follows the last stream and begins no other is ignored."""

    def __init__(self, begin: Callable[[], "_Stream"], another: Callable[[bytes], bool | None]) -> None:
        self.made = 0  # bytes, kept by the caller
        self.whole = False  # the last stream that began has ended
        self._begin, self._another = begin, another
        self._stream = begin()
        self._between = b""  # after a stream: too few bytes to tell whether they begin another

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the data gives, in bounded pieces. Raises one of `DAMAGED`."""
        while data:
            if self.whole:
                data, self._between = self._between + data, b""
                begins = self._another(data)
                if begins is None:
                    self._between = data
                if not begins:
                    return
                self._stream, self.whole = self._begin(), False
            yield from self._stream.feed(data)
            self.whole = self._stream.ended
            data = self._stream.unused


class _Stream(Protocol):
    """One stream of a coding: feed until it has `ended`, then `unused` is what followed it."""

    ended: bool
    unused: bytes

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Inflate:
    """A gzip member, or a deflate stream with or without its zlib wrapping, as `wbits` of zlib says."""

    def __init__(self, wbits: int) -> None:
        self.ended, self.unused = False, b""
        self._inflate = zlib.decompressobj(wbits)

    def feed(self, data: bytes) -> Iterator[bytes]:
        full = True
        while (data or full) and not self._inflate.eof:
            piece = self._inflate.decompress(data, STEP)
            data, full = self._inflate.unconsumed_tail, len(piece) == STEP
            if piece:
                yield piece
        self.ended, self.unused = self._inflate.eof, self._inflate.unused_data


class _Deflate:
    """A deflate stream of either kind: the standard means the wrapped one, some servers send the bare one."""

    def __init__(self) -> None:
        self.ended, self.unused = False, b""
        self._held = b""
        self._inflate: _Inflate | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            data = self._held = self._held + data
            if len(data) < 2:
                return
            self._inflate = _Inflate(15 if _is_zlib(data) else -15)
        yield from self._inflate.feed(data)
        self.ended, self.unused = self._inflate.ended, self._inflate.unused


class _Brotli:
    """A brotli stream. Bytes after its end, in the same chunk, are an error to the library."""

    def __init__(self) -> None:
        self.ended, self.unused = False, b""
        self._brotli = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._brotli.process(data, output_buffer_limit=STEP)
            data = b""
            if piece:
                yield piece
            if self._brotli.can_accept_more_data() or self._brotli.is_finished():
                break
        self.ended = self._brotli.is_finished()


class _Zstd:
    """A zstd frame."""

    def __init__(self) -> None:
        self.ended, self.unused = False, b""
        self._zstd = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW})

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._zstd.eof:
            piece = self._zstd.decompress(data, STEP)
            data = b""
            if piece:
                yield piece
            if self._zstd.needs_input:
                break
        self.ended, self.unused = self._zstd.eof, self._zstd.unused_data


def _is_zlib(data: bytes) -> bool:
    """Whether the first two bytes are a zlib header (RFC 1950 section 2.2)."""
    return data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0


def _never(_data: bytes) -> bool | None:
    return False


def _gzip_member(data: bytes) -> bool | None:
    return data.startswith(GZIP) if len(data) >= len(GZIP) else None


def _zstd_frame(data: bytes) -> bool | None:
    return data.startswith(ZSTD) or data[1:4] == SKIPPABLE if len(data) >= len(ZSTD) else None


STAGES: Mapping[str, Callable[[], Stage]] = {
    "gzip": lambda: Stage(lambda: _Inflate(31), _gzip_member),
    "x-gzip": lambda: Stage(lambda: _Inflate(31), _gzip_member),
    "deflate": lambda: Stage(_Deflate, _never),
    "br": lambda: Stage(_Brotli, _never),
    "zstd": lambda: Stage(_Zstd, _zstd_frame),
}
"""The names of the content coding registry (RFC 9110 section 8.4.1) that we undo."""

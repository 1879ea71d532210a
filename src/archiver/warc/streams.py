"""A file's bytes, unpacked where they are packed, in segments: gzip members, or all of a plain file. Pure."""

import re
import zlib
from typing import BinaryIO, Protocol

MAGIC = b"\x1f\x8b\x08"
STEP = 1 << 16
"""Bytes that are unpacked, or read, at a time."""
_WINDOW = 1 << 20
"""Packed bytes that are looked through again when a member turns out to be damaged: most are shorter."""
_LOOK = 4096  # packed bytes from which is told whether a member begins a record
_BEGINS = re.compile(rb"WARC/\d\.\d|[a-z][a-z0-9+.-]{0,20}:\S")


class Segments(Protocol):
    """Where bytes come from."""

    torn: bool  # the segment ended otherwise than it should
    ended: int  # where in the file the segment before this one ended
    passed: int  # bytes of the file before this segment, or after the last, that are in none

    @property
    def at(self) -> int | None:
        """Where the segment begins in the file; None: it is the file, and its bytes are counted."""

    def more(self) -> bytes:
        """Some more bytes of this segment; none at its end."""

    def begin(self) -> bool:
        """Go to the next segment; False where there is no other. `passed` says what lay between the two."""


def segments_of(file: BinaryIO) -> Segments:
    """The segments of a file, which is told by its first bytes."""
    first = file.read(STEP)
    return _Members(file, first) if first.startswith(MAGIC[:2]) else _Plain(file, first)


class _Plain:
    """A file that is not packed."""

    torn = False
    ended = 0
    passed = 0
    at = None

    def __init__(self, file: BinaryIO, first: bytes) -> None:
        self._file, self._first = file, first
        self._begun = False

    def more(self) -> bytes:
        if not self._begun:
            return b""
        piece, self._first = self._first or self._file.read(STEP), b""
        return piece

    def begin(self) -> bool:
        begun, self._begun = self._begun, True
        return not begun


class _Members:
    """The gzip members of a file, and where the next one begins when one is damaged (RFC 1952 section 2.2)."""

    def __init__(self, file: BinaryIO, first: bytes) -> None:
        self._file = file
        self._window, self._window_at = bytearray(first), 0  # raw bytes, those of the member under way among them
        self._fed = 0  # how far into the window has been unpacked
        self._inflate: zlib._Decompress | None = None
        self._member_at = 0
        self._first = True
        self.torn = False
        self.passed, self.ended = 0, 0

    @property
    def at(self) -> int:
        return self._member_at

    def more(self) -> bytes:
        while self._inflate is not None and not self._inflate.eof:
            piece = self._unfed()
            try:
                unpacked = self._inflate.decompress(piece, STEP)
            except zlib.error:
                self._inflate, self.torn = None, True
                return b""
            left = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            self._fed += len(piece) - len(left)
            if unpacked:
                return unpacked
            if not piece:
                self._inflate, self.torn = None, True
        self._inflate = None
        return b""

    def begin(self) -> bool:
        expected = self.ended = self._window_at + self._fed
        if self.torn:
            self._fed = max(0, self._member_at + 1 - self._window_at)
        sure, self.torn, self._first = self._first or not self.torn, False, False
        while (start := self._find()) is not None:
            at = self._window_at + start
            if (sure and at == expected) or self._begins_record(start):
                self._fed, self._member_at = start, at
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS + 16)
                self.passed = max(0, at - expected)
                return True
            self._fed = start + 1
        self.passed = max(0, self._window_at + len(self._window) - expected)
        return False

    def _find(self) -> int | None:
        """Where in the window the next member may begin, with what is needed to look at it."""
        while True:
            start = self._window.find(MAGIC, self._fed)
            if start >= 0 and len(self._window) - start >= _LOOK:
                return start
            self._fed = start if start >= 0 else max(self._fed, len(self._window) - len(MAGIC) + 1)
            if not self._read():
                return start if start >= 0 else None

    def _begins_record(self, start: int) -> bool:
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(bytes(self._window[start : start + _LOOK]), 64)
        except zlib.error:
            return False
        return _BEGINS.match(head.lstrip(b"\r\n")) is not None

    def _unfed(self) -> bytes:
        if self._fed == len(self._window):
            self._read()
        return bytes(self._window[self._fed : self._fed + STEP])

    def _read(self) -> bool:
        """Read some more of the file; what was unpacked long ago leaves the window."""
        piece = self._file.read(STEP)
        spare = min(self._fed, len(self._window) - _WINDOW)
        if spare > 0:
            del self._window[:spare]
            self._window_at += spare
            self._fed -= spare
        self._window += piece
        return bool(piece)

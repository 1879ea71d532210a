"""Bytes to records: WARC 0.17 to 1.1 and ARC 1, in gzip members or plain, whoever wrote them and whatever befell them.

Files of twenty years, written by crawlers with bugs, cut by full disks, or made to do harm. So every size is bounded by
what we keep and not by what a field claims, and a stretch that does not parse is reported and passed over: to the next
gzip member that begins a record, or to the next line that does. Where a length lies, the next record is found by the
same means; a record is given out only when its member was unpacked to the end, checksum and all. Pure.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from archiver.warc.records import Damage, Fields, Record
from archiver.warc.streams import segments_of

KEPT = 64 << 20
"""Bytes of a block that are kept."""
HEAD = 64 << 10
"""Bytes of a record's own header, at most."""
LINE = 16 << 10
FIELDS = 500
WANTED = frozenset({"response", "revisit", "resource", "request", "metadata", "warcinfo", "conversion"})
"""Kinds whose block is read; others are passed over."""
_ARC = re.compile(rb"(?P<url>[a-z][a-z0-9+.-]{0,20}:\S.{0,8000}?) (?P<ip>[0-9a-fA-F.:]{3,45}) (?P<time>\d{12,14})"
                  rb" (?P<type>\S{1,200}) (?P<size>\d{1,15})\r?\n")  # fmt: skip
"""An ARC 1 record's one line (https://archive.org/web/researcher/ArcFileFormat.php); crawlers left spaces in URLs."""
_RECORD = re.compile(rb"(?<=\n)(?:WARC/\d\.\d\d?\r?\n|(?:https?|dns):\S[^\r\n]{0,8000}? [0-9a-fA-F.:]{3,45} \d{14} )")
"""A line that begins a record, after a fault."""
_LONGEST = 8_200  # bytes of such a line that are needed to know it
_LONGEST_NUMBER = 15
_TORN = "a gzip member that is damaged or cut off"


class _Broken(Exception):
    """The bytes here are no record."""


def read_records(file: BinaryIO, *, kept: int = KEPT) -> Iterator[Record | Damage]:
    """Every record of the file in order, and what of it could not be read. Raises OSError only."""
    source = _Source(file)
    while source.find():
        yield from source.passed_over()
        offset = source.offset
        try:
            yield _record(source, kept)
        except _Broken as broken:
            yield Damage(offset, str(broken))
            source.resume()
    yield from source.passed_over()


def _record(source: "_Source", kept: int) -> Record:
    """The record that begins here. Raises _Broken."""
    offset, first = source.offset, source.line()
    if first.startswith(b"WARC/"):
        fields = _fields(source)
        kind = (_field(fields, "warc-type") or "unknown").lower()
        length = _number(_field(fields, "content-length"))
    else:
        kind, fields, length = _arc(first)
    if length is None:
        raise _Broken("a record without a length")
    block = source.block(length, kept if kind in WANTED else 0)
    source.end()
    return Record(kind, fields, block, offset, cut=len(block) < length and kind in WANTED)


def _fields(source: "_Source") -> Fields:
    """The named fields up to the empty line; a folded one is joined (RFC 822 section 3.1.1)."""
    fields: list[tuple[str, str]] = []
    room = HEAD
    while line := source.line().rstrip(b"\r\n"):
        room -= len(line)
        if room < 0 or len(fields) > FIELDS:
            raise _Broken("a record's header that does not end")
        text = line.decode("utf-8", "replace")
        name, colon, value = text.partition(":")
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}")
        elif colon and name.strip():
            fields.append((name.strip(), value.strip()))
        else:
            raise _Broken("a line in a record's header that names no field")
    return tuple(fields)


def _arc(line: bytes) -> tuple[str, Fields, int]:
    """An ARC record's line as fields of a WARC record. Raises _Broken."""
    found = _ARC.fullmatch(line)
    if found is None:
        raise _Broken("neither a WARC nor an ARC record")
    url = found["url"].decode("utf-8", "replace").replace(" ", "%20")
    stamp = found["time"].decode().ljust(14, "0")
    at = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}Z"
    fields = (("WARC-Target-URI", url), ("WARC-Date", at), ("WARC-IP-Address", found["ip"].decode()),
              ("Content-Type", found["type"].decode("ascii", "replace")))  # fmt: skip
    return "warcinfo" if url.startswith("filedesc:") else "response", fields, int(found["size"])


def _field(fields: Fields, name: str) -> str | None:
    return next((value for key, value in fields if key.lower() == name), None)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


class _Source:
    """Unpacked bytes, taken in lines and blocks, and the places where a record may begin."""

    def __init__(self, file: BinaryIO) -> None:
        self._segments = segments_of(file)
        self._held, self._at = b"", 0  # what is unpacked and not yet taken, and how much was taken before it
        self._begun_at = 0  # how much was taken before this segment
        self._passed: list[Damage] = []

    @property
    def offset(self) -> int:
        """Where what begins here lies in the file."""
        return self._at if self._segments.at is None else self._segments.at

    def passed_over(self) -> Iterator[Damage]:
        """What of the file lay between two segments."""
        while self._passed:
            yield self._passed.pop(0)

    def find(self) -> bool:
        """Stand at the next byte that could begin a record; False at the end of the file."""
        while True:
            self._take(len(self._held) - len(self._held.lstrip(b"\r\n")))
            if self._held:
                return True
            if not self._fill() and not self._begin():
                return False

    def line(self) -> bytes:
        """The next line with its end. Raises _Broken where it is longer than may be, or cut off."""
        while (end := self._held.find(b"\n", 0, LINE)) < 0:
            if len(self._held) >= LINE or not self._fill():
                raise _Broken(self._why("a line that does not end"))
        return self._take(end + 1)

    def block(self, length: int, kept: int) -> bytes:
        """That many bytes, or as many of them as are kept. Raises _Broken where there are fewer."""
        parts: list[bytes] = []
        have = 0
        while have < length:
            if not self._held and not self._fill():
                raise _Broken(self._why(f"a record that says {length} bytes and has {have}"))
            piece = self._take(min(len(self._held), length - have))
            if have < kept:
                parts.append(piece[: kept - have])
            have += len(piece)
        return b"".join(parts)

    def end(self) -> None:
        """What follows a record: two empty lines; and the member's end, with its checksum. Raises _Broken."""
        while len(self._held) <= len(b"\r\n\r\n") and self._fill():
            pass
        if self._segments.torn:
            raise _Broken(self._why(""))

    def resume(self) -> None:
        """After a fault: go on where the next record seems to begin, in this segment or in another."""
        while True:
            found = _RECORD.search(self._held, 1)
            if found is not None:
                self._take(found.start())
                return
            self._take(max(0, len(self._held) - _LONGEST))
            if not self._fill():
                self._take(len(self._held))
                return

    def _begin(self) -> bool:
        torn, at, untouched = self._segments.torn, self.offset, self._at == self._begun_at
        begun = self._segments.begin()
        if torn and untouched:
            self._passed.append(Damage(at, _TORN))
        elif self._segments.passed and not torn:
            passed = self._segments.passed
            self._passed.append(Damage(self._segments.ended, f"{passed} bytes that are no record"))
        self._begun_at = self._at
        return begun

    def _fill(self) -> bool:
        piece = self._segments.more()
        self._held += piece
        return bool(piece)

    def _take(self, count: int) -> bytes:
        taken, self._held = self._held[:count], self._held[count:]
        self._at += count
        return taken

    def _why(self, otherwise: str) -> str:
        return _TORN if self._segments.torn else otherwise

"""The zip of an office file, opened under a budget: what its members say of their own size is not believed.

Office Open XML (ECMA-376 part 2) and OpenDocument (ODF 1.3 part 2) are both a zip of XML parts, stored or deflated. A
reader asks for the few parts it knows by name; nothing else is unpacked, no zip in the zip is opened, and no name ever
leads to a file. Over the budget a part ends, and the package is no longer `whole`. Pure.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

MAX_MEMBERS = 10_000
"""A report with a thousand pictures has some 1,100."""
MAX_PART = 48_000_000
MAX_BYTES = 96_000_000
"""Unpacked: of one part, and of all that are read."""
MAX_RATIO = 250
"""Unpacked over packed bytes, beyond the first million. Sheets of one repeated row reach 100; deflate ends at 1,032."""
MAX_WORK = 3_000_000
"""About microseconds: a tag is one, an element that a reader looks at three more. A page of Word is some 4,000."""
_FREE = 1_000_000
_PIECE = 1 << 16
_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the only ones of both standards; LZMA takes any memory it likes
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, RuntimeError,
    NotImplementedError,
)  # fmt: skip


class Package:
    """The parts of an office file by name, and whether all that was asked for was read."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = members
        self._bytes = MAX_BYTES
        self._work = MAX_WORK
        self.whole = True

    @property
    def is_locked(self) -> bool:
        """Whether a member asks for a password."""
        return any(member.flag_bits & 1 for member in self._members.values())

    def has(self, name: str) -> bool:
        """Whether there is a part of that name; letter case means nothing (ECMA-376 part 2, 6.2.2.3)."""
        return _plain(name) in self._members

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece, as long as the budget lasts; none where there is no such part."""
        member = self._members.get(_plain(name))
        if member is None:
            return
        left = min(MAX_PART, self._bytes, _FREE + MAX_RATIO * member.compress_size)
        try:
            with self._archive.open(member) as stream:
                while piece := stream.read(min(_PIECE, left + 1)):
                    left -= len(piece)
                    self._bytes -= len(piece)
                    if left < 0:
                        self.whole = False
                        return
                    yield piece
        except _BROKEN:
            self.whole = False

    def starts(self, name: str, most: int = _PIECE) -> bytes:
        """The beginning of a part; b'' where there is none."""
        return next(self.pieces(name), b"")[:most]

    def spend(self, work: int) -> bool:
        """Whether there is budget for so much work more."""
        self._work -= work
        if self._work < 0:
            self.whole = False
        return self._work >= 0


def open_package(body: bytes) -> Package | None:
    """The body's zip; None where it is none, is broken, or has more members than an office file has.

    Counting the signatures bounds the members from above before the directory, itself hostile, is read.
    """
    if body.count(_ENTRY) > MAX_MEMBERS:
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except _BROKEN:
        return None
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        if member.compress_type in _METHODS:
            members.setdefault(_plain(member.filename), member)  # of two with one name, the first
    return Package(archive, members) if members else None


def _plain(name: str) -> str:
    """A member's name as names are compared: some writers begin it with a slash, or part it with backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()

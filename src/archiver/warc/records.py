"""What a record is, whoever wrote it. Pure."""

from dataclasses import dataclass, field

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its kind, named fields in order, and its block."""

    kind: str  # response, revisit, metadata, …; of an ARC file: response
    fields: Fields
    block: bytes = field(repr=False)
    offset: int = 0  # of the record, or of its gzip member, in the file
    cut: bool = False  # the block is longer than what is kept of it

    def get(self, name: str) -> str | None:
        """The first field of that name, letter case aside."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)

    @property
    def url(self) -> str | None:
        """What it is about; without the angle brackets that wget 1.19 puts around it."""
        url = self.get("WARC-Target-URI")
        return url[1:-1] if url and url.startswith("<") and url.endswith(">") else url


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that could not be read, and was passed over."""

    offset: int
    why: str

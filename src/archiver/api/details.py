"""What comes back, beside pages: words and links of a change, claims, absences, and whether we looked."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Municipality:
    """A source that the archive holds something of."""

    source_id: str
    municipality: str
    code: str
    county: str | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """Words that a change added, removed or moved. View: `change_text`."""

    op: str
    text: str
    block_before: str | None
    block_after: str | None


@dataclass(frozen=True, slots=True)
class LinkEdit:
    """A link added, removed, renamed or pointed elsewhere. View: `link_edits`."""

    op: str
    rel: str
    target: str
    target_before: str | None
    text: str
    text_before: str | None
    note: str | None
    target_fate: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row of a capture. View: `snapshot_blocks`."""

    position: int
    part: str
    kind: str
    level: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a page says of itself, with its witness. View: `provenance`."""

    meaning: str
    value: str | None
    precision: str | None
    believed: bool
    doubt: str | None
    witness: str
    rule: str
    label: str | None
    raw: str
    place: str


@dataclass(frozen=True, slots=True)
class Absence:
    """A confirmed episode of not being there. View: `disappearances`."""

    absence_id: int
    page_id: int
    municipality: str
    code: str
    section: str
    url: str
    sign: str
    state: str  # gone still, or back
    last_seen_before: datetime | None
    first_missed: datetime
    confirmed: datetime
    last_missed: datetime
    back: datetime | None
    misses: int
    still_linked: bool | None
    title: str | None
    updated: str | None
    last_text: str | None
    capture_before: int | None
    capture_after: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to many pages of a site at once. View: `events_by_site`."""

    event_id: int
    municipality: str
    code: str
    kind: str
    first_seen: datetime
    last_seen: datetime
    pages: int
    seen: int | None
    summary: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often a source was asked on one day, and what came of it. View: `coverage`."""

    source_id: str
    municipality: str
    code: str
    day: date
    asked: int
    answered: int
    moved: int
    gone: int
    refused: int
    failed: int
    barred: int
    bad: int

    @property
    def looked(self) -> bool:
        """Whether anything was asked. Where nothing was, nothing can be said of that day."""
        return self.asked > 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which an address was not well seen. View: `gaps`."""

    page_id: int
    municipality: str
    code: str
    url: str
    from_time: datetime
    to_time: datetime
    days: float
    obstacles: tuple[str, ...]  # what came instead; empty: nobody asked


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that shows the words looked for, or a change that brought or took them."""

    url: str
    municipality: str
    code: str
    section: str
    title: str | None
    revision: int
    first_seen: datetime
    last_seen: datetime
    capture_id: int
    text: str  # around the first word found
    marks: tuple[tuple[int, int], ...]  # where the words stand in it

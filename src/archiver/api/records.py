"""What comes back, pages and what became of them: frozen dataclasses over the public views, name for name.

`docs/python.md` explains each; the data dictionary (`archiver export --list`) has the same words. Times are aware and
UTC. What a page says of its own dates is text, to the precision it was printed with: '2019-11' stays so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archiver.api.details import Block, Claim, Gap, Hunk, LinkEdit

if TYPE_CHECKING:
    from archiver.api.comparing import Diff, State
    from archiver.api.desk import Desk
    from archiver.api.moments import When
    from archiver.api.streams import Records


@dataclass(frozen=True, slots=True)
class Page:
    """A page in its latest state. View: `current_pages`."""

    page_id: int
    municipality: str
    code: str
    county: str | None
    section: str
    kind: str
    url: str
    state: str  # present, suspect, gone, moved
    revisions: int
    since: datetime
    checked: datetime
    visits: int
    title: str | None
    published: str | None
    updated: str | None
    reviewed: str | None
    legible: str | None
    words: int | None
    capture_id: int
    _desk: "Desk" = field(repr=False, compare=False)

    @property
    def text(self) -> str | None:
        """The main text as it was last seen, one block a line; None while it is under embargo, or where it has none."""
        return self._desk.text_of(self.page_id)

    def history(self) -> "Records[Revision]":
        """Every state of the page that we saw, the first first."""
        return self._desk.of_page(Revision, self.page_id)

    def captures(self) -> "Records[Capture]":
        """Every visit to the page, whatever came of it, the first first."""
        return self._desk.of_page(Capture, self.page_id)

    def changes(self, *, since: "When | None" = None, until: "When | None" = None) -> "Records[Change]":
        """The page's changes, the newest first; also what happened to many pages at once."""
        return self._desk.changes_of(self.page_id, since, until)

    def gaps(self, longer_than: float = 0.0) -> "Records[Gap]":
        """Stretches of more than so many days in which the page was not well seen, and what stood in the way."""
        return self._desk.gaps(longer_than, page=self.page_id)

    def as_of(self, day: "When") -> "Snapshot | None":
        """What the page said as of the end of that day, or of that second: the latest good capture by then.

        `captured_at` tells when that was: what happened since, nobody saw. None: by then the page was found gone, or
        moved. Raises NotFound where it had not been seen well yet.
        """
        return self._desk.as_of(self.url, day)

    def diff(self, before: "State | None" = None, after: "State | None" = None) -> "Diff":
        """Two states of the page compared: numbers of revisions, days, captures ('c120'); by default the last two.

        Raises NotFound.
        """
        return self._desk.diff_of(self.url, before, after)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A good capture with what the page said then. View: `snapshots`."""

    capture_id: int
    page_id: int
    municipality: str
    code: str
    section: str
    url: str
    captured_at: datetime
    revision: int | None
    kind: str
    language: str | None
    title: str | None
    published: str | None
    updated: str | None
    reviewed: str | None
    http_last_modified: str | None
    words: int
    text: str | None  # the main text, one block a line; None under embargo, or where there is none
    full_text: str | None
    body_sha256: str
    imported: bool
    _desk: "Desk" = field(repr=False, compare=False)

    def blocks(self) -> "Records[Block]":
        """Its headings, paragraphs, list items and table rows, in order; none under embargo."""
        return self._desk.blocks(self.capture_id)

    def claims(self) -> "Records[Claim]":
        """What the page said of its dates in this state, each with its witness, believed or not."""
        return self._desk.claims(self.page_id, self.revision)


@dataclass(frozen=True, slots=True)
class Capture:
    """One visit, whatever came of it. View: `visits`."""

    capture_id: int
    page_id: int
    municipality: str
    code: str
    section: str
    url: str
    captured_at: datetime
    outcome: str
    status: int | None
    failure: str | None
    location: str | None
    verdict: str | None
    robots: str | None
    elapsed_ms: int | None
    http_last_modified: str | None

    @property
    def is_good(self) -> bool:
        """Whether it showed the page."""
        return self.verdict == "good"


@dataclass(frozen=True, slots=True)
class Revision:
    """An unbroken run of visits that showed the same. View: `page_history`.

    It began between `last_seen_before` (None: we first looked then, and it may be older) and `first_seen`.
    """

    page_id: int
    municipality: str
    code: str
    section: str
    url: str
    revision: int
    state: str
    moved_to: str | None
    last_seen_before: datetime | None
    first_seen: datetime
    last_seen: datetime
    visits: int
    title: str | None
    published: str | None
    updated: str | None
    reviewed: str | None
    words: int | None
    http_last_modified: str | None
    body_sha256: str | None
    first_capture: int
    last_capture: int

    @property
    def is_censored(self) -> bool:
        """Whether it stood there when we first looked: it may have begun at any time before."""
        return self.last_seen_before is None


@dataclass(frozen=True, slots=True)
class Change:
    """From one state of a page to the next. View: `page_changes`.

    It happened at some time after `last_seen_before` and before `seen_after`. When, by whom and why, nobody here knows.
    """

    revision_id: int
    page_id: int
    municipality: str
    code: str
    section: str
    page_kind: str
    url: str
    revision: int
    state_before: str
    state_after: str
    last_seen_before: datetime
    seen_after: datetime
    classes: tuple[str, ...]
    kinds: tuple[str, ...]
    reasons: tuple[str, ...]
    points: int
    words_added: int | None
    words_removed: int | None
    links_added: int | None
    links_removed: int | None
    title_before: str | None
    title_after: str | None
    published_before: str | None
    published_after: str | None
    updated_before: str | None
    updated_after: str | None
    reviewed_before: str | None
    reviewed_after: str | None
    summary: str | None
    returns_to: int | None
    event_id: int | None
    folded: bool
    capture_before: int
    capture_after: int
    imported: bool
    _desk: "Desk" = field(repr=False, compare=False)

    @property
    def window(self) -> timedelta:
        """How long the time is in which it happened."""
        return self.seen_after - self.last_seen_before

    def hunks(self) -> "Records[Hunk]":
        """The very words that were added, removed or moved. Rows of people who came or went are not among them."""
        return self._desk.of_change(Hunk, self.revision_id)

    def links(self) -> "Records[LinkEdit]":
        """The links that were added, removed, renamed or pointed elsewhere."""
        return self._desk.of_change(LinkEdit, self.revision_id)

    def obstacles(self) -> Sequence[dict[str, object]]:
        """The visits within the window that did not show the page, by what came instead: why, how many, from, to."""
        return self._desk.obstacles(self)

    def diff(self) -> "Diff":
        """The comparison of the last capture before with the first one after."""
        return self._desk.diff(self.capture_before, self.capture_after)

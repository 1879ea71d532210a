"""How it looks: a comparison as lines for a terminal, as text, as a JSON object, as one file of HTML.

Whatever came from a site is text here, never markup or a terminal's command: each form escapes it (`visible`). Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from archiver.model import Change


@dataclass(frozen=True, slots=True)
class End:
    """One end of a comparison: what we saw, when, and what the page said of itself."""

    captured_at: datetime
    capture_id: int
    revision: int | None  # its number among the page's revisions; None: the capture lies in none
    title: str | None
    published: str | None  # as printed, to its precision
    updated: str | None
    reviewed: str | None
    body_sha256: str | None
    last_modified: str | None = None  # what the server said of its age, as sent
    url: str | None = None  # where it was asked for; None: where the comparison says
    municipality: str | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two captures, as a rule of one page, and the change between them."""

    url: str
    municipality: str
    before: End
    after: End
    change: Change
    between: Mapping[str, object] | None = None  # how often the page was seen between, and what stood in the way
    two_pages: bool = False  # they are of two pages: nothing changed from the one to the other

    def url_of(self, end: End) -> str:
        """Where this end was asked for: a page that moved, or another page, has another address."""
        return end.url or self.url

    @property
    def title(self) -> str:
        """What the page is called, by its later title; its address where it has none."""
        return self.after.title or self.before.title or self.url


__all__ = ["Comparison", "End"]

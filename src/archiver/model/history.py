"""What became of a page. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archiver.model.evidence import Capture
from archiver.model.grounds import Ground
from archiver.model.lists import LinkOp, Op, Rel, Sign, State
from archiver.model.reading import Block, Document


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A good capture with its document: the page as of then."""

    capture: Capture
    document: Document


@dataclass(frozen=True, slots=True)
class Revision:
    """An unbroken run of snapshots with one core; or a confirmed absence."""

    id: int
    page_id: int
    number: int  # from 1
    state: State
    core: str | None
    document_id: int | None
    first_capture: int
    last_capture: int
    first_seen: datetime
    last_seen: datetime
    visits: int = 1
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """An episode of not being there: suspect, then gone and perhaps back, or a blip."""

    sign: Sign
    state: Literal["suspect", "gone", "back", "blip"]
    last_good: int | None  # captures
    first_missed: int
    last_missed: int
    first_missed_at: datetime
    last_missed_at: datetime
    misses: int
    confirmed_by: int | None = None
    back_by: int | None = None
    id: int | None = None  # None: not stored yet


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words inside a changed block; joined in order, 'same' and 'added' give the new text exactly."""

    op: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class BlockEdit:
    """One block of a comparison. `at_before` and `at_after` are positions in the two documents' `main`."""

    op: Literal["same", "changed", "added", "removed", "moved"]
    before: Block | None
    after: Block | None
    at_before: int | None
    at_after: int | None
    spans: tuple[Span, ...] = ()  # for 'changed' only
    renumbered: bool = False  # for 'changed' only: all that changed is the row's number
    elsewhere: bool = False  # for 'changed' only: it has moved, too
    joint: bool = False  # for 'changed' only: a block was cut up, or several were made one; the spans tell this part

    @property
    def has_moved(self) -> bool:
        """Whether the block stands elsewhere among the others, changed or not."""
        return self.op == "moved" or self.elsewhere


@dataclass(frozen=True, slots=True)
class Hunk:
    """The very words a change added, removed or moved, with the blocks they stood in."""

    op: Op
    text: str
    before: str | None  # the text of the block before, for context
    after: str | None
    person: bool = False  # it stands where somebody left, joined or changed places: in no public search


@dataclass(frozen=True, slots=True)
class PersonEdit:
    """Somebody in a list or table of people: left, joined, has another role, or another party."""

    op: Literal["left", "joined", "role", "party"]
    name: str  # never public, as who is responsible is not
    role: str | None = None  # as printed; for 'left' the last one
    party: str | None = None
    former: str | None = None  # role: the role before; party: the party before


@dataclass(frozen=True, slots=True)
class LinkEdit:
    """A link that was added, removed, renamed (same target, other words) or retargeted (same words)."""

    op: LinkOp
    rel: Rel
    target: str
    text: str  # after; for 'removed' what it said
    before: str | None = None  # retargeted: the former target; renamed: the former text
    at_before: int | None = None  # position among the main links of the two documents
    at_after: int | None = None
    note: str | None = None

    @property
    def told(self) -> str:
        """The link's words as `before` keeps them: an attachment's note in brackets behind."""
        return told_link(self.rel, self.text, self.note)

    @property
    def has_moved(self) -> bool:
        """Whether the link is as it was and only stands elsewhere among the links."""
        return self.op == "renamed" and self.before == self.told

    @property
    def is_swapped(self) -> bool:
        """Whether the words stayed and only an attachment's note (kind, size) changed: the file was exchanged."""
        if self.op != "renamed" or self.rel != "attachment" or self.has_moved:
            return False
        return self.before == self.text or (self.before or "").startswith(f"{self.text} [")


def told_link(rel: Rel, text: str, note: str | None) -> str:
    """The words of a link as an edit keeps them."""
    return f"{text} [{note}]" if rel == "attachment" and note is not None else text


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed of one kind, a name of `archiver.diff.KINDS`."""

    kind: str
    added: int  # words, links, attachments; 1 for a field
    removed: int
    before: str | None  # single fields only
    after: str | None
    summary: str  # one line for a feed; never a person's name


@dataclass(frozen=True, slots=True)
class ClassOfChange:
    """What sort of change it is, and the facts that make it so."""

    name: str
    reason: str  # in English
    grounds: tuple[Ground, ...] = ()  # the same as data; () where an old archive kept words alone


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change may matter."""

    name: str
    points: int
    detail: str  # in English, or the page's own words
    grounds: tuple[Ground, ...] = ()  # as above


@dataclass(frozen=True, slots=True)
class Change:
    """Revision n-1 to n: measured per kind, sorted into classes, weighed by named reasons."""

    differences: tuple[Difference, ...] = ()
    edits: tuple[BlockEdit, ...] = ()  # the whole text, unchanged blocks too: applying them gives the new one
    hunks: tuple[Hunk, ...] = ()
    links: tuple[LinkEdit, ...] = ()
    classes: tuple[ClassOfChange, ...] = ()
    reasons: tuple[Reason, ...] = ()
    people: tuple[PersonEdit, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that changed, in their fixed order."""
        return tuple(d.kind for d in self.differences)


@dataclass(frozen=True, slots=True)
class Extend:
    """The page is as it was: its last revision grows."""


@dataclass(frozen=True, slots=True)
class Begin:
    """The page is in a new state: a new revision."""

    state: State
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """This capture says nothing about the page's state."""

    why: str


Step = Extend | Begin | Leave


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should look at."""

    kind: str
    detail: str

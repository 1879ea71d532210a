"""What changed of one kind, measured: words of text, links, attachments, single fields, the page's state.

Each function looks at a pair of documents and says how their one kind differs, or None. A summary is one line for a
feed: it counts, and quotes titles, dates and amounts, but never running text, since a name might stand in it. Pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archiver.diff.text import words_changed
from archiver.diff.tokens import DATE, NUMBER
from archiver.model import BlockEdit, Difference, Document, LinkEdit, PersonEdit


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents (None: the page was not there) with their text and links already compared."""

    before: Document | None
    after: Document | None
    edits: tuple[BlockEdit, ...] = ()
    links: tuple[LinkEdit, ...] = ()
    people: tuple[PersonEdit, ...] = ()


Measure = Callable[[Pair], Difference | None]


def text_difference(pair: Pair) -> Difference | None:
    """Words added and removed; both 0 where blocks only moved or took another form."""
    if all(e.op == "same" for e in pair.edits):
        return None
    added, removed = words_changed(pair.edits)
    return Difference("text", added, removed, None, None, _text_summary(pair.edits, added, removed))


def links_difference(pair: Pair) -> Difference | None:
    """Links that are no attachments."""
    return _link_difference("links", "link", [e for e in pair.links if e.rel != "attachment"])


def attachments_difference(pair: Pair) -> Difference | None:
    """Attached documents."""
    return _link_difference("attachments", "document", [e for e in pair.links if e.rel == "attachment"])


def title_difference(pair: Pair) -> Difference | None:
    """The title."""
    return _field_difference(pair, "title", lambda d: d.title, "“{}”")


def payload_difference(pair: Pair) -> Difference | None:
    """The bytes of a document that is one with its body: a file."""
    found = _field_difference(pair, "payload", lambda d: d.payload, "{:.12}")
    return found and Difference("payload", 1, 1, found.before, found.after, f"the file's bytes: {found.summary[9:]}")


def responsible_difference(pair: Pair) -> Difference | None:
    """Who is named as responsible: that it changed, never who it was."""
    found = _field_difference(pair, "responsible", lambda d: d.responsible, "{}")
    if found is None:
        return None
    verb = "is now named" if not found.before else "is no longer named" if not found.after else "is another"
    return Difference("responsible", found.added, found.removed, None, None, f"who is responsible {verb}")


def personnel_difference(pair: Pair) -> Difference | None:
    """Who came and went in lists of people: how many and in which roles, never who it was."""
    if not pair.people:
        return None
    told: Counter[str] = Counter(e.op for e in pair.people)
    order = {"joined": "joined", "left": "left", "role": "in another role", "party": "for another party"}
    summary = ", ".join(f"{told[op]} {words}" for op, words in order.items() if told[op])
    return Difference("personnel", told["joined"], told["left"], None, None, summary)


def date_difference(kind: str) -> Measure:
    """The measure of one believed date: 'published', 'updated' or 'reviewed'."""

    def measure(pair: Pair) -> Difference | None:
        return _field_difference(pair, kind, lambda d: getattr(d, kind), "{}")

    return measure


def state_difference(pair: Pair) -> Difference | None:
    """Whether the page is there at all."""
    if (pair.before is None) == (pair.after is None):
        return None
    if pair.after is None:
        return Difference("state", 1, 1, "present", "gone", "the page is gone")
    return Difference("state", 1, 1, "gone", "present", "the page is there")


def _field_difference(pair: Pair, kind: str, field: Callable[[Document], str | None], form: str) -> Difference | None:
    """A single field; an empty one and a missing one are the same, as in the core."""
    if pair.before is None or pair.after is None:
        return None
    old, new = field(pair.before) or None, field(pair.after) or None
    if old == new:
        return None
    told = f"{kind}: {_told(old, form)} → {_told(new, form)}"
    return Difference(kind, int(new is not None), int(old is not None), old, new, told)


def _told(value: str | None, form: str) -> str:
    return form.format(value) if value else "none"


def _link_difference(kind: str, noun: str, edits: list[LinkEdit]) -> Difference | None:
    if not edits:
        return None
    told = Counter("moved" if e.has_moved else "exchanged" if e.is_swapped else e.op for e in edits)
    order = ("added", "removed", "renamed", "retargeted", "exchanged", "moved")
    summary = ", ".join(f"{_count(told[word], noun)} {word}" for word in order if told[word])
    return Difference(kind, told["added"], told["removed"], None, None, summary)


def _text_summary(edits: Iterable[BlockEdit], added: int, removed: int) -> str:
    """Counts, and the first amount or date that was exchanged for another."""
    edits = [e for e in edits if e.op != "same"]
    told = [f"{_count(n, 'word')} {op}" for n, op in ((added, "added"), (removed, "removed")) if n]
    if blocks := sum(e.has_moved for e in edits):
        told.append(f"{_count(blocks, 'block')} moved")
    if rows := sum(e.renumbered for e in edits):
        told.append(f"{_count(rows, 'row')} renumbered")
    if not told:
        told.append("only the form of the text changed")
    exchanged = next(filter(None, (_exchanged(e) for e in edits if not e.renumbered)), None)
    return ", ".join(told) + (f": {exchanged}" if exchanged else "")


def _exchanged(edit: BlockEdit) -> str | None:
    """The first amount or date of a changed block that was replaced by another: '2 359 kr → 2 575 kr'."""
    for old, new in zip(edit.spans, edit.spans[1:], strict=False):
        if (old.op, new.op) == ("removed", "added"):
            for form in (DATE, NUMBER):
                if form.fullmatch(old.text.strip()) and form.fullmatch(new.text.strip()):
                    return f"{old.text.strip()} → {new.text.strip()}"
    return None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

"""Writing down what a walk over a page meets: text into lines, anchors into links, banners into notices.

A line is gathered from pieces until a block ends it. What is cut out of it (an icon, words for screen readers) leaves a
mark that parts two words and is otherwise nothing. A link's text is gathered beside the line's. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from archiver.extract.page import links, lists, notes
from archiver.extract.page.blocks import even, is_wall_clock
from archiver.extract.page.lines import Line, Stamp, Zone
from archiver.extract.page.links import Anchor
from archiver.model import BlockKind, Language

BULLETS = "•·▪●◦‣∙"
_GLUE = "\ue000"
"""Where something was cut out: before a letter it parts two words."""
_MOST_STAMPS = 50
"""Stamps of one line that are kept."""
_FIRST_PIECES, _FIRST_CHARACTERS = 2_000, 20_000
"""Of a line, within which such a stamp begins: its place costs a look at all that stands before it."""
_GLUED = re.compile(rf"(?<=[\w/.,:;!?%)\]\"”»]){_GLUE}+(?=\w)")


class Context(NamedTuple):
    """What the text inside an element is."""

    zone: Zone
    inside: bool  # in the content area
    kind: BlockKind = "paragraph"
    level: int | None = None
    depth: int = 0  # of lists
    whole: bool = False  # one line, whatever blocks stand in it
    rows: bool = False  # in a table of values


@dataclass(slots=True)
class _Open:
    """A link that is being read."""

    href: str
    download: bool
    label: str  # said where there is neither text nor image
    pieces: list[str]  # the line it began in, and where
    at: int
    line: int | None = None
    texts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)  # said where there is no text


class Scribe:
    """The line being gathered, the link being read, and what is written already."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.lines: list[Line] = []
        self.banners: list[tuple[int, int]] = []  # from line to line
        self.pieces: list[str] = []
        self.node: LexborNode | None = None  # the first text of the line
        self.broke = False  # the last thing was a line break
        self._stamps: list[tuple[int, int, str, str]] = []  # begin and end among the pieces, value, names
        self._link: _Open | None = None
        self._inside: list[bool] = []
        self._closed: tuple[int, str] | None = None  # where the last link ended among the pieces, and on what
        self._last = ""  # where it leads
        self.anchors: list[tuple[Anchor, bool]] = []  # and whether they stand in the content area
        self._anchored = 0  # how many there were when the line began

    # Lines ----------------------------------------------------------------------------------------------------

    def text(self, text: str, context: Context, node: LexborNode) -> None:
        """Take in a text."""
        if text.isspace():
            self.gap()
            return
        if self.broke:
            self.broke = False
            if text.lstrip()[:1] in BULLETS and not context.whole:
                self.flush(context)
        if self.node is None:
            self.node = node
            self._anchored = len(self.anchors)
        elif _is_glued(self.pieces[-1], text, node):
            self.gap(_GLUE)
        self.pieces.append(text)
        if self._link is not None:
            if self._link.line is None:
                self._link.line = len(self.lines)
            self._link.texts.append(text)

    def gap(self, sign: str = " ") -> None:
        """Part two words."""
        self.pieces.append(sign)
        if self._link is not None:
            self._link.texts.append(sign)

    def cut(self, note: str | None = None) -> None:
        """Leave something out; what it says may be a note of the link it stands in."""
        if note and self._link is not None:
            self._link.notes.append(note)
        self.gap(_GLUE)

    def line_break(self, context: Context) -> None:
        """One break parts words, two part lines."""
        if self.broke and not context.whole:
            self.flush(context)
        elif self.pieces:
            self.gap()
            self.broke = True

    def flush(self, context: Context) -> None:
        """End the line."""
        self.broke = False
        if not self.pieces:
            return
        pieces, stamps, node = self.pieces, self._stamps, self.node
        self.pieces, self._stamps, self.node = [], [], None
        if self._link is not None:
            self._link.texts.append(" ")
        if node is None:  # nothing but gaps: no line has begun
            return
        text = joined(pieces)
        kind, level = context.kind, context.level
        if kind == "table-row":
            text = text.rstrip(" |")
        if not text or context.zone == "furniture":
            self._unplace()
            return
        if kind == "paragraph" and text[0] in BULLETS and len(text) > 1 and not stamps:
            kind, level, text = "list-item", 1, text[1:].lstrip()
        placed = _placed(pieces, text, stamps) if stamps else ()
        self.lines.append(Line(text, context.zone, kind, level, placed, False, node.parent))
        self._inside.append(context.inside)

    def _unplace(self) -> None:
        """The line is not written: what began in it stands in none."""
        here = len(self.lines)
        if self._link is not None and self._link.line == here:
            self._link.line = None
        for n in range(self._anchored, len(self.anchors)):
            anchor, inside = self.anchors[n]
            if anchor.line == here:
                self.anchors[n] = (anchor._replace(line=None), inside)

    def stamp(self, value: str, names: str, *, ends: bool) -> None:
        """A date for machines stands here; it covers the text up to `end_stamp` unless it ends at once."""
        if self.pieces and not ends:
            self.gap(_GLUE)  # 'Publicerad<time>', '</time><time>': no date is part of a word
        at = len(self.pieces)
        if len(self._stamps) < _MOST_STAMPS and _is_near(self.pieces):
            self._stamps.append((at, at if ends else -1, value, names))

    def end_stamp(self) -> None:
        """The text that the last stamp covers ends here."""
        at = len(self.pieces)
        self._stamps = [(begin, at if end < 0 else end, value, names) for begin, end, value, names in self._stamps]

    # Links ----------------------------------------------------------------------------------------------------

    def open_link(self, href: str, label: str, *, download: bool) -> None:
        """Begin a link. Two links side by side are two buttons, though nothing but a style sheet parts them."""
        if self.pieces and self._closed == (len(self.pieces), self.pieces[-1]) and (download or href != self._last):
            self.gap(_GLUE)
        self._last = href
        self._link = _Open(href, download, label, self.pieces, len(self.pieces))

    def alt(self, text: str) -> None:
        """An image says this; a link with nothing but images says it too."""
        if self._link is not None:
            self._link.alts.append(text)

    def close_link(self, context: Context) -> None:
        """End a link; what is cut from its text is cut from the line as well.

        A card, a link with a heading in it, is called what its heading says.
        """
        link, self._link = self._link, None
        if link is None:
            return
        text, note = notes.cut(joined(link.texts), self.language)
        if note and link.pieces is self.pieces:
            lead = " " if "".join(self.pieces[link.at :])[:1].isspace() else ""
            self.pieces[link.at :] = [lead + text, _GLUE]
        self._closed = (len(self.pieces), self.pieces[-1]) if self.pieces else None
        if link.line is not None and link.line < len(self.lines):
            text = next((line.text for line in self.lines[link.line :] if line.kind == "heading"), text)
        line = link.line if text else None
        if note or link.notes:
            note = notes.join_notes(*link.notes, note)
        text = text or even(" ".join(link.alts) or link.label)
        self.anchors.append((Anchor(link.href, text, note, line, context.zone, link.download), context.inside))

    def bare_link(self, href: str, text: str) -> None:
        """A link whose words stand in no line."""
        self.anchors.append((links.apart(href, text, self.language), False))

    # The whole ------------------------------------------------------------------------------------------------

    def zone_of_text(self) -> Zone | None:
        """Where the content area's text stands, headings aside: 'main', or 'list' where only lists hold any."""
        found: Zone | None = None
        for line, inside in zip(self.lines, self._inside, strict=True):
            if inside and line.zone in {"main", "list"} and line.kind not in {"title", "heading"}:
                if not is_wall_clock(line.text):
                    found = line.zone
                if found == "main":
                    break
        return found

    def forget(self, spans: Iterable[tuple[int, int]]) -> None:
        """Strike out anchors, from the one to before the other."""
        struck = {n for begin, end in spans for n in range(begin, end)}
        self.anchors = [found for n, found in enumerate(self.anchors) if n not in struck]

    def written(self) -> tuple[tuple[Line, ...], tuple[Anchor, ...], tuple[str, ...], frozenset[int]]:
        """Lines, anchors and notices; and the lines of the list that the page is about."""
        lines, anchors = self.lines, [anchor for anchor, _ in self.anchors]
        own = lists.own(lines, self._inside, anchors, self.language)
        notices = ("\n".join(line.text for line in lines[begin:end]) for begin, end in self.banners)
        return _beside_title(lines), tuple(anchors), tuple(filter(None, notices)), own


def _is_glued(before: str, text: str, node: LexborNode) -> bool:
    """Whether a value stands right behind its label ('Telefon:' and '0999'), parted by a style sheet alone."""
    sign, first = before[-1:], text[:1]
    if sign == ":":
        return first.isalnum() and not before[-2:-1].isdigit()
    return first.isdigit() and sign.isalpha() and node.parent is not None and node.parent.tag == "span"


def joined(pieces: list[str]) -> str:
    """The pieces as one evened text."""
    text = "".join(pieces)
    return even(_GLUED.sub(" ", text) if _GLUE in text else text)


def _is_near(pieces: list[str]) -> bool:
    return len(pieces) <= _FIRST_PIECES and sum(map(len, pieces)) <= _FIRST_CHARACTERS


def _placed(pieces: list[str], text: str, stamps: list[tuple[int, int, str, str]]) -> tuple[Stamp, ...]:
    """Where in the evened line its stamps stand. (Evening a beginning gives a beginning of the evened line.)"""
    asked = {at for begin, end, _, _ in stamps for at in (begin, end) if at >= 0}
    places = {at: len(joined(pieces[:at])) for at in asked} | {-1: len(text)}  # one that has no end lasts to the line's
    placed: list[Stamp] = []
    for begin, end, value, names in stamps:
        start = min(places[begin], len(text))
        start += text[start : start + 1] == " "
        placed.append(Stamp(start, max(start, min(places[end], len(text))), value, names))
    return tuple(placed)


def _beside_title(lines: list[Line]) -> tuple[Line, ...]:
    """The lines, those right above and below the title marked as such."""
    at = next((i for i, line in enumerate(lines) if line.kind == "title"), None)
    if at is not None:
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(lines) and lines[beside].zone in {"main", "rest"}:
                lines[beside] = lines[beside]._replace(beside_title=True)
    return tuple(lines)

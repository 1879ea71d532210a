"""What the styles of a Word file make of a paragraph: a heading and its level, a list item, a title, a quote.

A style's id is in the language of who made it ('Rubrik1', 'berschrift1'); its name, where it is one of Word's own, is
in English whatever the language ('heading 1', ECMA-376 part 1, 17.7.4.9 and [MS-OI29500] 2.1.232). Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archiver.extract.files.elements import events, local, space
from archiver.extract.files.package import Package
from archiver.model import BlockKind, Part

BODY = 9
"""The outline level of body text (17.3.1.20)."""
_MAX_STYLES = 20_000
_MAX_BASES = 20  # Word itself ends at eleven
_TAGS = "styles rPrDefault lang style name basedOn outlineLvl numId ilvl vanish tblStylePr"
_HEADING = re.compile(
    r"(?:heading|rubrik|[uü]?berschrift|overskrift|otsikko|titre|encabezado|kop)[\s_-]*([1-9])\Z", re.I
)
_CONTENTS = re.compile(r"(?:toc (?:\d|heading)|table of figures|index (?:\d|heading)|innehåll\s?\d)", re.I)
_KINDS: dict[str, BlockKind] = {
    "title": "title", "rubrik": "title", "titel": "title", "quote": "quote", "intense quote": "quote", "citat": "quote",
    "caption": "caption", "beskrivning": "caption",
}  # fmt: skip


@dataclass(slots=True)
class _Stated:
    """A style as it is written down."""

    name: str
    base: str = ""
    outline: int | None = None
    list_id: str | None = None
    depth: int | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of the paragraphs and runs that bear it."""

    kind: BlockKind = "paragraph"
    level: int | None = None  # of a heading
    depth: int | None = None  # of a list, from 0; None: no list
    part: Part | None = None  # 'rest' for tables of contents
    hidden: bool = False


PLAIN = Style()


class Styles:
    """The styles of a file by id, and the language of its text."""

    def __init__(self) -> None:
        self.language: str | None = None
        self._stated: dict[str, _Stated] = {}
        self._known: dict[str, Style] = {}

    def get(self, id_: str | None) -> Style:
        """The style of that id; one that the file does not define is told by its id."""
        if not id_:
            return PLAIN
        if (known := self._known.get(id_)) is None:
            known = self._known[id_] = _resolved(list(self._chain(id_)))
        return known

    def _chain(self, id_: str) -> Iterator[_Stated]:
        """A style and those it is based on, nearest first."""
        for _ in range(_MAX_BASES):
            stated = self._stated.get(id_)
            yield stated or _Stated(id_)
            if stated is None or not stated.base:
                return
            id_ = stated.base

    def read(self, package: Package, part: str) -> None:
        """Take in a part of styles."""
        stated = _Stated("")
        in_default = in_table = False
        prefix = ""
        for phase, element in events(package, part, _TAGS):
            name, is_start = local(element), phase == "start"
            prefix = prefix or space(element)
            if name == "rPrDefault":
                in_default = is_start
            elif name == "tblStylePr":
                in_table = is_start
            elif not is_start or in_table:
                continue
            elif name == "style":
                if len(self._stated) == _MAX_STYLES:
                    return
                id_ = element.get(f"{prefix}styleId") or ""
                stated = self._stated[id_] = _Stated(id_)
            elif name == "lang" and in_default:
                self.language = element.get(f"{prefix}val") or None
            else:
                _take(stated, name, element.get(f"{prefix}val"))


def _take(stated: _Stated, name: str, value: str | None) -> None:
    if name == "name":
        stated.name = value or stated.name
    elif name == "basedOn":
        stated.base = value or ""
    elif name == "outlineLvl":
        stated.outline = whole_number(value)
    elif name == "numId":
        stated.list_id = value
    elif name == "ilvl":
        stated.depth = whole_number(value)
    elif name == "vanish":
        stated.hidden = is_on(value)


def _resolved(chain: list[_Stated]) -> Style:
    """The style with what it has from those it is based on."""
    own = chain[0].name.casefold()
    outline = next((s.outline for s in chain if s.outline is not None), None)
    named = next((int(m[1]) for s in chain if (m := _HEADING.match(s.name))), None)
    list_id = next((s.list_id for s in chain if s.list_id is not None), None)
    depth = next((s.depth for s in chain if s.depth is not None), 0)
    kind: BlockKind = next((found for s in chain if (found := _KINDS.get(s.name.casefold()))), "paragraph")
    level = outline + 1 if outline is not None else named
    if outline is not None and outline >= BODY:
        level = None
    hidden = next((s.hidden for s in chain if s.hidden is not None), False)
    part: Part | None = "rest" if _CONTENTS.match(own) else None
    if level is not None and kind == "paragraph" and part is None:
        return Style("heading", min(level, 6), None, None, hidden)
    return Style(kind, None, None if list_id in (None, "0") else depth, part, hidden)


def is_on(value: str | None) -> bool:
    """Whether a property without a value, or with this one, is on (17.17.4)."""
    return value not in ("0", "false", "off")


def whole_number(value: str | None) -> int | None:
    """A small number as written; None where it is none."""
    return int(value) if value and len(value) <= 6 and value.isascii() and value.isdigit() else None

"""The elements of a part of an office file as they begin and end, with next to none of its tree in memory.

Parts are parsed piece by piece, with no entity, no DTD and no network. After each piece all that has been read is let
go: what stays is the way from the root to where the parser stands. So a reader acts on what an element says when it
ends, and never looks back. libxml2 ends a nesting too deep by itself. Pure.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, TypeAlias

from lxml import etree

from archiver.extract.files.package import Package

Element: TypeAlias = etree._Element
Phase = Literal["start", "end"]
BOTH: tuple[Phase, ...] = ("start", "end")
_CAUTIOUS: dict[str, bool] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True,
    "remove_pis": True,
}  # fmt: skip
_EVENT = 3
"""What it costs to look at an element, in the budget where parsing its tag costs 1."""
_MOST_BARE = 16
"""Pieces in a row (of 64 KiB) without a tag, or before any element that was asked for: nobody writes such a part."""


def events(
    package: Package, name: str, tags: str | None = None, phases: tuple[Phase, ...] = BOTH
) -> Iterator[tuple[Phase, Element]]:
    """Each element of the part with one of these local names (None: any), as it begins or ends.

    What is not well-formed is read as far as it is, and the package is no longer whole.
    """
    wanted = None if tags is None else tuple(f"{{*}}{tag}" for tag in tags.split())
    parser = etree.XMLPullParser(phases, tag=wanted, **_CAUTIOUS)
    root: Element | None = None
    bare = 0
    for piece in package.pieces(name):
        marks = piece.count(b"<")
        bare = 0 if marks and root is not None else bare + 1
        if not package.spend(marks) or bare > _MOST_BARE or not _fed(parser, piece):
            package.whole = False
            yield from parser.read_events()
            return
        asked = 0
        for phase, element in parser.read_events():
            asked += 1
            if root is None:
                root = element.getroottree().getroot()
                if root.getroottree().docinfo.internalDTD is not None:
                    package.whole = False
                    return
            yield phase, element
        if not package.spend(_EVENT * asked):
            return
        if root is not None:
            _let_go(root)


def local(element: Element) -> str:
    """The name of an element without its name space."""
    return _named(element.tag)


@lru_cache(maxsize=4096)
def _named(tag: str) -> str:
    return tag.rpartition("}")[2]


def space(element: Element) -> str:
    """The name space of an element in braces, ready to go before an attribute's name; '' where it has none."""
    return str(element.tag).rpartition("}")[0] + "}" if str(element.tag).startswith("{") else ""


def text_before(phase: Phase, element: Element) -> str:
    """The text between the tag before and this one: asked at each tag, all text of mixed content in order."""
    if phase == "end":
        return (element[-1].tail if len(element) else element.text) or ""
    before = element.getprevious()
    if before is not None:
        return before.tail or ""
    parent = element.getparent()
    return "" if parent is None else parent.text or ""


def _fed(parser: etree.XMLPullParser, piece: bytes) -> bool:
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError:
        return False
    return True


def _let_go(root: Element) -> None:
    """Drop all that has ended, but the last child of each element on the way down."""
    node = root
    while len(node):
        del node[:-1]
        node = node[-1]

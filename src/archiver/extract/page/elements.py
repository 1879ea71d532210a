"""What the walk does at each element of HTML, and which elements no reader sees. Pure."""

import re
from collections.abc import Mapping
from typing import Literal

from archiver.extract.page.words import Look

Act = Literal[
    "inline", "block", "skip", "break", "link", "heading", "list", "item", "table", "row", "cell", "quote", "caption",
    "image", "time", "dated", "button", "meta", "input", "script",
]  # fmt: skip

_ACTS: tuple[tuple[Act, str], ...] = (
    (
        "inline",
        "acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output picture q rb rp rt"
        " ruby s samp small span strike strong sub sup tt u var wbr",
    ),
    (
        "skip",
        "-comment audio canvas datalist embed frameset head iframe map math meter noframes noscript object optgroup"
        " option progress select style svg template textarea title video",
    ),
    ("heading", "h1 h2 h3 h4 h5 h6"),
    ("list", "ul ol menu dir"),
    ("cell", "td th"),
    ("caption", "caption figcaption"),
    ("break", "br"),
    ("link", "a"),
    ("item", "li"),
    ("table", "table"),
    ("row", "tr"),
    ("quote", "blockquote"),
    ("image", "img"),
    ("time", "time"),
    ("dated", "abbr"),
    ("button", "button"),
    ("meta", "meta"),
    ("input", "input"),
    ("script", "script"),
)
ACTS: dict[str | None, Act] = {None: "skip", **{tag: act for act, tags in _ACTS for tag in tags.split()}}
"""An element that is not here is a block: a word too many parted does less harm than two joined.
Comments, and what has no name, are no elements."""

IN_LINE = frozenset({"inline", "time", "dated", "link"})
TEXTLESS = frozenset({"skip", "break", "image", "input", "meta", "script"})
ENDS_HEADING = frozenset({"p", "ul", "ol", "dl", "table", "section", "article", "form", "blockquote"})
"""Blocks before which a heading ends (a paragraph: if it has begun): somebody forgot to close it."""

Attributes = Mapping[str, str | None]

UNUSUAL = frozenset({"hidden", "aria-hidden", "style", "aria-controls", "data-cfemail"})
"""Attributes for which an element is looked at more closely."""
TELLING = UNUSUAL | {"id", "role"}
"""And those that may tell, beside its class, what an element is: without any of them most are nothing special."""
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_UNFOLDS = re.compile(r"accordion|collaps|panel|expand|toggle|tab|fold|dragspel", re.I)
"""Class names of what a reader opens with a click: its text is the page's."""


def is_hidden(attributes: Attributes, inside: bool, controlled: set[str]) -> bool:
    """Whether no reader sees the element. In the content area, what a click unfolds is seen."""
    if attributes.get("hidden", "until-found") != "until-found":
        return not (inside and _unfolds(attributes, controlled))
    return not inside and _NOT_SHOWN.search(attributes.get("style") or "") is not None


def is_sign(attributes: Attributes, look: Look, text: str) -> bool:
    """Whether an inline element is an icon or an ornament. Words hidden from screen readers alone are still words."""
    return attributes.get("aria-hidden") == "true" and (look.icon or len(text.strip()) <= 2)


def _unfolds(attributes: Attributes, controlled: set[str]) -> bool:
    return (
        attributes.get("id") in controlled
        or attributes.get("role") in {"tabpanel", "region"}
        or _UNFOLDS.search(attributes.get("class") or "") is not None
    )

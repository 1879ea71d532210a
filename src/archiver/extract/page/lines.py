"""A page as its reader meets it: the head, and lines of visible text in order, each with the zone it stands in.

One walk over the tree makes the lines (`extract.page.walk`); blocks, dates and the gate are functions of them. Pure.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from archiver.model import BlockKind

Zone = Literal["main", "rest", "furniture", "banner", "list", "comment"]
"""main: the content area. rest: the page's other text. furniture: menus, breadcrumbs, share and feedback boxes.
banner: site-wide notices. list: news, event and related-page lists. comment: what readers wrote.
A date is believed from main and rest only."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A `<time>` (or an element with a date in an attribute) inside a line: the characters it covers, what it says."""

    start: int
    end: int
    datetime: str  # the attribute's value
    name: str  # itemprop and class words, space-separated: 'dateModified updated'


class Line(NamedTuple):  # a page has hundreds: made in a third of a frozen dataclass's time
    """One run of text between block boundaries, white space evened out."""

    text: str
    zone: Zone
    kind: BlockKind
    level: int | None = None
    stamps: tuple[Stamp, ...] = ()
    beside_title: bool = False  # the nearest text before or after the page's own h1
    node: object = None  # the element, for `html.place`; None in tests


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says to machines."""

    title: str | None = None  # of the <title> element
    language: str | None = None  # html[lang]
    base: str = ""  # against which links are joined
    canonical: str | None = None
    metas: tuple[tuple[str, str], ...] = ()  # (name, property or itemprop in lower case; content), in order
    jsonld: tuple[str, ...] = ()  # the scripts' texts, unparsed
    short: str | None = None  # the page's short link

"""One walk over a parsed page: lines of visible text in order, each with its zone; links; what else stands in the body.

Each node is touched once, without recursion. What a browser shows as one run of text becomes one line: inline elements
neither part nor join words, block elements and two line breaks part lines, one line break parts words. Headings and
table rows are one line whatever stands in them. Text for screen readers becomes the note of the link it stands in.
Pure.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from archiver.extract.dates.declared import PAGE_TYPES
from archiver.extract.page import elements, targets, words
from archiver.extract.page.elements import ACTS, ENDS_HEADING, IN_LINE, TELLING, TEXTLESS, UNUSUAL, Act, Attributes
from archiver.extract.page.head import MOST_METAS
from archiver.extract.page.lines import Line, Zone
from archiver.extract.page.links import Anchor
from archiver.extract.page.parts import DEEPEST, Parts, zone_inside, zone_outside
from archiver.extract.page.scribe import Context, Scribe, joined
from archiver.extract.page.words import Look
from archiver.model import Language

PROPERTIES = frozenset({"itemprop", "property"})
SPECIAL = TELLING | PROPERTIES
"""Attributes without which, and without a telling class or tag, an element is nothing but its text."""
_DAY = re.compile(r"(?:19|20)\d\d-[01]\d")
_LARGEST_DATA = 200_000
"""Characters of one JSON-LD script."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What one walk over a body brings home."""

    lines: tuple[Line, ...]
    anchors: tuple[Anchor, ...]
    notices: tuple[str, ...]
    own: frozenset[int]  # lines of the list that the page is about
    metas: tuple[tuple[str, str], ...]  # itemprop, name or property in lower case; content
    jsonld: tuple[str, ...]
    password: bool  # the content area asks for one
    too_deep: bool


def walk(body: LexborNode, parts: Parts, language: Language) -> Walked:
    """Walk over the body, each node once; over the content area's furniture only where it holds nothing else."""
    here = _Walk(parts, language)
    inside = body.mem_id in parts.main
    here.over(body, Context("main" if inside else "rest", inside))
    if here.passed_by and not here.scribe.zone_of_text():
        here.over_furniture()
    lines, anchors, notices, own = here.scribe.written()
    return Walked(lines, anchors, notices, own, tuple(here.metas), tuple(here.jsonld), here.password, here.too_deep)


class _Walk:
    """What to do at each element, and what was met on the way."""

    def __init__(self, parts: Parts, language: Language) -> None:
        self.parts = parts
        self.plain, self.look = parts.names.plain, parts.names.met
        self.telling = words.TELLING | parts.names.dropped_tags
        self.pointed = parts.pointed | {parts.title}
        self.scribe = Scribe(language)
        self.labels = _labels(language.labels)
        self.metas: list[tuple[str, str]] = []
        self.jsonld: list[str] = []
        self.controlled: set[str] = set()  # ids of what buttons unfold
        self.banner_from = 0
        self.before_title = parts.title is not None
        self.passed_by: list[tuple[LexborNode, int, int]] = []  # furniture of the content area, and its links
        self.furnished = False  # it is walked over now
        self.password = self.too_deep = False

    def over(self, root: LexborNode, context: Context) -> None:
        """Walk over all that stands in an element."""
        scribe = self.scribe
        above: list[tuple[LexborNode, Context, Act]] = []
        node = root.first_child
        while True:
            while node is not None:
                text = node.text_content
                if text is not None:
                    if not text.isspace():
                        scribe.text(text, context, node)
                    elif scribe.pieces:
                        scribe.gap()
                else:
                    tag = node.tag
                    act = ACTS.get(tag, "block")
                    if act in TEXTLESS:
                        self.textless(node, act, context)
                    elif (inner := self.enter(node, tag, act, context)) is not None:
                        child = node.first_child
                        if child is not None and len(above) < DEEPEST:
                            above.append((node, context, act))
                            context, node = inner, child
                            continue
                        self.too_deep = self.too_deep or child is not None
                        if act != "inline" or inner is not context:
                            self.leave(act, inner, context)
                node = node.next
            if not above:
                break
            inner = context
            node, context, act = above.pop()
            if act != "inline" or inner is not context:
                self.leave(act, inner, context)
            node = node.next
        scribe.flush(context)

    def over_furniture(self) -> None:
        """Walk over what was passed by: a page that only links to its children is those links."""
        self.furnished = True
        self.scribe.forget((begin, end) for _, begin, end in self.passed_by)
        for node, _, _ in self.passed_by:
            self.over(node, Context("main", inside=True))

    def enter(self, node: LexborNode, tag: str | None, act: Act, context: Context) -> Context | None:
        """What the text inside the element is; None: it holds none for us."""
        attributes: Attributes = node.attributes
        names, zone = attributes.get("class"), context.zone
        if (
            names not in self.plain
            or not SPECIAL.isdisjoint(attributes)
            or tag in self.telling
            or node.mem_id in self.pointed
            or zone == "furniture"
        ):
            found = self.zone(node, tag, act, attributes, self.look(names), context)
            return None if found is None else self.begin(node, act, attributes, context, found)
        if act == "inline":  # as nearly all are
            return context
        if act == "block" and not context.whole:
            if self.scribe.pieces:
                self.scribe.flush(context)
            return context
        return self.begin(node, act, attributes, context, zone)

    def zone(
        self, node: LexborNode, tag: str | None, act: Act, attributes: Attributes, look: Look, context: Context
    ) -> Zone | None:
        """The zone of an element that is not as plain as most are; None: it is passed by."""
        id_, zone = node.mem_id, context.zone
        if id_ in self.parts.around or (act == "inline" and not attributes):
            return zone
        unusual = look.aside or id_ in self.parts.assist or not UNUSUAL.isdisjoint(attributes)
        if unusual and id_ != self.parts.title and self.is_unseen(node, act, attributes, look, context):
            return None
        if not context.inside:
            zone = zone_outside(self.parts, node, tag, look, attributes, zone)
        elif not self.furnished:
            zone = zone_inside(self.parts, node, tag, look, attributes, zone, before_title=self.before_title)
        if zone == "furniture" and (context.inside or id_ not in self.parts.around_banner):
            self.pass_by(node, attributes, context)
            return None
        return zone

    def begin(self, node: LexborNode, act: Act, attributes: Attributes, context: Context, zone: Zone) -> Context | None:
        """Begin an element that is shown."""
        if act == "link":
            return self.link(node, attributes, context)
        if act == "time":
            self.scribe.stamp(attributes.get("datetime") or "", _names(attributes), ends=False)
        elif act == "dated":  # hAtom: <abbr class="published" title="2012-06-08">
            if _DAY.match(attributes.get("title") or ""):
                self.scribe.stamp(attributes["title"] or "", _names(attributes), ends=False)
        elif not PROPERTIES.isdisjoint(attributes) and _is_dated(attributes):
            self.scribe.stamp(attributes["content"] or "", _names(attributes), ends=True)
        if act == "button" and not self.is_handle(attributes, context):
            return None
        if zone == context.zone:
            if act in IN_LINE:
                return context
            if context.whole and not self.ends_heading(node, context):
                self.scribe.gap()
                return context
        if self.scribe.pieces:
            self.scribe.flush(context)
        if act == "block" and zone == context.zone and not context.whole and node.mem_id != self.parts.title:
            return context
        if zone == "banner" != context.zone:
            self.banner_from = len(self.scribe.lines)
        return self.block(node, act, context, zone)

    def block(self, node: LexborNode, act: Act, context: Context, zone: Zone) -> Context:
        """What the text inside a block is."""
        kind, level, depth, whole, rows = context.kind, context.level, context.depth, False, context.rows
        if context.whole:
            kind, level = "paragraph", None
        match act:
            case "heading":
                kind, level, whole = "heading", int((node.tag or "h2")[1]), True
            case "item":
                kind, level = "list-item", max(1, depth)
            case "row" if rows:
                kind, level, whole = "table-row", None, True
            case "quote" | "caption":
                kind, level = act, None
            case "list":
                depth += 1
            case "table":
                kind, level, depth, rows = "paragraph", None, 0, node.mem_id not in self.parts.layout()
        if node.mem_id == self.parts.title:
            kind, level, whole, zone, self.before_title = "title", level or 1, True, "main", False
        return Context(zone, context.inside or zone == "main", kind, level, depth, whole, rows)

    def leave(self, act: Act, inner: Context, outer: Context) -> None:
        """End an element."""
        if inner is outer and act == "block" and not outer.whole:  # as most are
            if self.scribe.pieces:
                self.scribe.flush(inner)
            return
        if act == "link":
            self.scribe.close_link(outer)
        elif act in {"time", "dated"}:
            self.scribe.end_stamp()
        elif act == "cell" and inner.kind == "table-row":
            self.scribe.gap(" | ")
        if inner is outer and (act in IN_LINE or outer.whole):
            if act not in IN_LINE:
                self.scribe.gap()
            return
        if self.scribe.pieces:
            self.scribe.flush(inner)
        if inner.zone == "banner" != outer.zone:
            self.scribe.banners.append((self.banner_from, len(self.scribe.lines)))

    def textless(self, node: LexborNode, act: Act, context: Context) -> None:
        """An element without text of its own."""
        if act == "skip":
            return
        if act == "break":
            self.scribe.line_break(context)
        elif act == "image":
            self.scribe.alt(node.attributes.get("alt") or "")
        elif act == "input":
            asks = (node.attributes.get("type") or "").lower() == "password"
            self.password = self.password or (asks and context.inside)
        elif act == "meta" and len(self.metas) < MOST_METAS:
            attributes = node.attributes
            name = attributes.get("itemprop") or attributes.get("property") or attributes.get("name")
            if name and attributes.get("content") and not ("itemprop" in attributes and _is_of_another(node)):
                self.metas.append((name.lower(), attributes["content"] or ""))
        elif act == "script" and node.attributes.get("type") == "application/ld+json":
            self.jsonld.append(node.text()[:_LARGEST_DATA])

    def ends_heading(self, node: LexborNode, context: Context) -> bool:
        """Whether a block cannot stand in the heading it stands in."""
        if context.kind == "table-row" or node.tag not in ENDS_HEADING:
            return False
        return node.tag != "p" or self.scribe.node is not None

    def is_handle(self, attributes: Attributes, context: Context) -> bool:
        """Whether a button's words are a heading's: it opens something on the page."""
        return context.kind in {"heading", "title"} or (
            context.inside and ("aria-expanded" in attributes or "aria-controls" in attributes)
        )

    def is_unseen(self, node: LexborNode, act: Act, attributes: Attributes, look: Look, context: Context) -> bool:
        """Whether the element is nothing to read here: hidden, an icon, for screen readers, or a disguised address."""
        if controls := attributes.get("aria-controls"):
            self.controlled.update(controls.split())
        if act == "inline" and "aria-hidden" in attributes and elements.is_sign(attributes, look, node.text()):
            self.scribe.cut()
            return True
        if elements.is_hidden(attributes, context.inside, self.controlled):
            return True
        if look.aside or node.mem_id in self.parts.assist:
            text = joined([node.text()])
            if self.labels and text.casefold().startswith(self.labels):
                return False  # the label of a date: <span class="visually-hidden">Publicerad</span> <time>
            self.scribe.cut(None if look.glyph else text)
            return True
        if "data-cfemail" in attributes and act == "inline":
            self.scribe.text(targets.mail(attributes["data-cfemail"] or ""), context, node)
            return True
        return False

    def link(self, node: LexborNode, attributes: Attributes, context: Context) -> Context | None:
        """Begin a link. A button of the template is none, nor outside the content area one to a place on the page."""
        href = attributes.get("href")
        if href is None or (attributes.get("role") == "button" and href[:1] in {"?", "#"}):
            return context  # it opens something on the page
        if (href.startswith("#") and not context.inside) or targets.passes_on(href):
            self.pass_by(node, attributes, context)
            return None
        self.scribe.open_link(href, attributes.get("aria-label") or "", download="download" in attributes)
        if "data-cfemail" not in attributes:
            return context
        self.scribe.text(targets.mail(attributes["data-cfemail"] or ""), context, node)
        self.scribe.close_link(context)
        return None

    def pass_by(self, node: LexborNode, attributes: Attributes, context: Context) -> None:
        """Take the links of furniture alone: its words are nobody's text."""
        begin = len(self.scribe.anchors)
        for anchor in [node] if "href" in attributes else node.css("a[href]"):
            self.scribe.bare_link(anchor.attrs.get("href") or "", anchor.text())
        if context.inside and "href" not in attributes:
            self.passed_by.append((node, begin, len(self.scribe.anchors)))


@lru_cache(maxsize=64)
def _labels(labels: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    """How the labels of dates and people begin, letter case aside."""
    return tuple(label.casefold() for _, of_one_meaning in labels for label in of_one_meaning)


def _is_of_another(node: LexborNode) -> bool:
    """Whether the item of microdata that an element speaks of is a thing on the page: an answer, a review, an event."""
    above = node.parent
    for _ in range(DEEPEST):
        if above is None:
            return False
        attributes = above.attributes
        if "itemscope" in attributes:
            kind = (attributes.get("itemtype") or "").rstrip("/").rpartition("/")[2]
            return bool(kind) and kind not in PAGE_TYPES
        above = above.parent
    return False


def _is_dated(attributes: Attributes) -> bool:
    """Whether an element says a date to machines."""
    return "date" in _property(attributes).lower() and bool(attributes.get("content"))


def _property(attributes: Attributes) -> str:
    """What an element is for machines: microdata's itemprop or RDFa's property."""
    return attributes.get("itemprop") or attributes.get("property") or ""


def _names(attributes: Attributes) -> str:
    return " ".join(filter(None, (_property(attributes), attributes.get("class"))))

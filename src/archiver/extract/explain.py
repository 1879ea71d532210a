"""Why a page is read as it is: each candidate and the rule that decided, for `archiver try --explain`.

Made with the very functions that read, a second time; so it costs what it costs, and only a person asks for it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from archiver.extract import decode, reading
from archiver.extract.page import blocks, html, parts
from archiver.extract.page.html import Arranged
from archiver.extract.page.lines import Line
from archiver.model import Facts, Rules, Unread

ZONES = {
    "banner": "a site-wide notice",
    "list": "a list of other pages",
    "comment": "what readers wrote",
    "furniture": "menu, breadcrumb, share or feedback box",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """A line of the page, and what became of it."""

    text: str
    kind: str
    zone: str  # where on the page it stands
    part: str  # main, rest; '': it is left out
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was tried, in the order it was tried."""

    kind: str
    encoding: str
    profiles: Mapping[str, tuple[str, ...]]  # by name, the marks that the page bears
    content: tuple[tuple[str, int], ...]  # the profile's selectors for the content area; how many elements each fits
    titles: tuple[tuple[str, str], ...]  # where a title stands, and what it says
    lines: tuple[Fate, ...]


def explain(body: bytes, facts: Facts, rules: Rules, rulebook: Mapping[tuple[str, str], Rules]) -> Explanation | None:
    """What was tried on the way to the reading of a page; None where the body is no page that can be read."""
    kind = reading.reader_of(body, facts)
    page = html.open_page(body, facts, rules) if kind == "html" else None
    tree = html.grow_body(body, facts.content_type) if page is not None else None
    if page is None or tree is None or isinstance(page, Unread):
        return None
    found = {name: read_by.profile for (name, _), read_by in rulebook.items()}
    marks = {name: tuple(s for s in p.detect if parts.select(tree, s)) for name, p in sorted(found.items())}
    metas = dict(reversed(page.head.metas))
    titles = [(s, n.text().strip()) for s in rules.profile.title for n in parts.select(tree, s)]
    titles += [("og:title", metas.get("og:title", "")), ("<title>", page.head.title or "")]
    return Explanation(
        kind=kind,
        encoding=decode.decode(body, facts.content_type).encoding,
        profiles={name: fits for name, fits in marks.items() if fits},
        content=tuple((s, len(parts.select(tree, s))) for s in rules.profile.main),
        titles=tuple((where, blocks.even(said)) for where, said in titles if said),
        lines=tuple(_fates(html.arrange(page, facts), page.rules)),
    )


def _fates(arranged: Arranged, rules: Rules) -> list[Fate]:
    fates: list[Fate] = []
    for index, line in enumerate(arranged.lines):
        place = arranged.places.get(index)
        part = "" if place is None else arranged.blocks[place].part
        fates.append(Fate(line.text, line.kind, line.zone, part, _why(index, line, part, arranged, rules)))
    return fates


def _why(index: int, line: Line, part: str, arranged: Arranged, rules: Rules) -> str:
    """The rule that decided about a line; '' where it is simply in its place."""
    aside = part != "main"
    rules_in_turn = (
        (line.zone in ZONES, ZONES.get(line.zone, "")),
        *((index in members, name) for name, members in arranged.aside.items()),
        (blocks.is_wall_clock(line.text), "tells the time of the visit"),
        (aside and line.text in rules.furniture, "stands on most pages of the site"),
        (aside and blocks.is_furniture(line.text, rules.language), "a phrase of templates"),
        (line.zone == "rest", "outside the content area"),
        (aside and line.kind == "heading", "a heading over nothing else"),
    )
    return next((why for decided, why in rules_in_turn if decided), "")

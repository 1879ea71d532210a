"""The links of a page in order: where they lead (`targets`), what they say, and what is no link of the text.

Where one stands, its text stands: a table of contents, or a row of the template's buttons, is no text. Pure.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from archiver import urls
from archiver.extract.page import notes, targets
from archiver.extract.page.blocks import even, is_furniture
from archiver.extract.page.lines import Head, Line, Zone
from archiver.model import Language, Link, Part, Rel
from archiver.model.bulk import Columns

LinkKind = Literal["internal", "external", "document", "mail", "phone", "anchor"]
_LINKS = Columns(Link)
_MOST = 5_000
"""Links read from one page."""
_REMEMBERED = 8192
"""Answers that are remembered of each kind: a site's menu is the same on every page. (Their keys are short.)"""
_SHORT = 500
"""Characters of a key that is remembered."""
_UNSTABLE = re.compile(r"\d{5,}|[0-9a-f]{8,}", re.I)


class Anchor(NamedTuple):
    """A link as the walk met it."""

    href: str
    text: str
    note: str | None
    line: int | None  # index of the line its text begins in
    zone: Zone
    download: bool = False


def read(
    anchors: Sequence[Anchor], head: Head, feeds: Sequence[str], places: Mapping[int, int], url: str,
    beside: Collection[int] = (),
) -> tuple[Link, ...]:  # fmt: skip
    """The links of a page: the head's canonical and feeds first, then the others in the order they stand.

    A link stands where its block stands: `beside` are the blocks among the rest. One to a place on its own page stands
    there too where it is in no block; one whose place is numbered anew at each visit is left out.
    """
    base, page = head.base if 0 < len(head.base) <= targets.LONGEST else url, urls.without_fragment(url)
    rows: list[tuple[str, Rel, Part, str, str | None, int | None]] = []
    heads: list[tuple[Rel, str]] = [("canonical", head.canonical)] if head.canonical else []
    heads += [("feed", feed) for feed in feeds]
    for rel, reference in heads:
        if joined := targets.target(base, reference):
            rows.append((joined, rel, "rest", "", None, None))
    for href, text, note, line, zone, download in anchors[:_MOST]:
        if (joined := targets.target(base, href)) is None:
            continue
        here = "#" in joined and urls.without_fragment(joined) == page
        if here and _UNSTABLE.search(joined, len(page)):
            continue
        rel = "attachment" if download or targets.is_file(joined) else "link"
        place = places.get(line) if line is not None else None
        aside = place in beside or (here and place is None)
        rows.append((joined, rel, "main" if zone == "main" and not aside else "rest", text, note, place))
    return _LINKS.of(rows)


def headings(anchors: Sequence[Anchor], lines: Sequence[Line]) -> set[int]:
    """The headings that are links: each is a card, complete in itself."""
    return {a.line for a in anchors if a.line is not None and lines[a.line].kind == "heading"}


def of_contents(anchors: Sequence[Anchor], lines: Sequence[Line]) -> set[int]:
    """The lines of a table of contents: list items that are links to places on their own page, and nothing else."""
    return {
        anchor.line
        for anchor in anchors
        if anchor.href.startswith("#")
        and anchor.line is not None
        and lines[anchor.line].kind == "list-item"
        and lines[anchor.line].text == anchor.text
    }


def of_template(anchors: Sequence[Anchor], lines: Sequence[Line], language: Language) -> set[int]:
    """The lines that are nothing but links of the template, side by side: 'Skriv ut Till toppen'."""
    rows: dict[int, list[str]] = {}
    for anchor in anchors:
        if anchor.line is not None and anchor.zone == "main":
            rows.setdefault(anchor.line, []).append(anchor.text)
    return {
        line
        for line, texts in rows.items()
        if len(texts) > 1
        and len(lines[line].text) <= notes.LONGEST
        and "".join(texts).replace(" ", "") == lines[line].text.replace(" ", "").replace("|", "")
        and all(is_furniture(text, language) for text in texts)
    }


def kind(link: Link, page_url: str, hosts: tuple[str, ...] = ()) -> LinkKind:
    """What sort of thing a link leads to, seen from its page and the hosts of its site."""
    if link.target.startswith("mailto:"):
        return "mail"
    if link.target.startswith("tel:"):
        return "phone"
    if link.rel == "attachment":
        return "document"
    if "#" in link.target and urls.without_fragment(link.target) == urls.without_fragment(page_url):
        return "anchor"
    own = {urls.same_site_host(name) for name in (*hosts, urls.host(page_url))}
    return "internal" if urls.same_site_host(urls.host(link.target)) in own else "external"


def apart(href: str, text: str, language: Language) -> Anchor:
    """A link whose words stand in no line."""
    return (_apart if len(href) + len(text) <= _SHORT else _apart.__wrapped__)(href, text, language.suffixes)


@lru_cache(maxsize=_REMEMBERED)
def _apart(href: str, text: str, suffixes: tuple[str, ...]) -> Anchor:
    said, note = notes.cut_of(even(text), suffixes)
    return Anchor(href, said, note, None, "furniture")

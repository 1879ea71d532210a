"""Which heading is the page's, where its template leaves that unsaid: the site's name in the masthead is not. Pure."""

import re
from collections.abc import Collection

from selectolax.lexbor import LexborNode

from archiver.extract.page import words
from archiver.extract.page.blocks import even

_PARTING = re.compile(r"\s[|–—·:-]\s|\|")
_LEAD = re.compile(r"lead|ingress|preamble|intro|manchet|summary|ingres|teaser|subtitle|underrubrik", re.I)
_LONGEST_LEAD = 800
_MOST = 20
"""Headings, and paragraphs below a title, that are looked at."""


def plain(text: str) -> str:
    """A heading's words as they are compared."""
    return " ".join(text.replace("\xad", "").split()).casefold()


def own_words(node: LexborNode, learned: Collection[str]) -> str:
    """A heading's words as they are compared; '' where most pages of the site have the same."""
    text = node.text()
    return "" if learned and even(text) in learned else plain(text)


def is_site_name(node: LexborNode, named: str) -> bool:
    """Whether a heading in the masthead is the site's: it leads to the start page, or ends a title of several parts."""
    link = node.css_first("a[href]")
    name, parts = plain(node.text()), _PARTING.split(named)
    leads_home = link is not None and link.attributes.get("href") in {"/", "./"}
    return leads_home or (len(parts) > 1 and parts[-1].strip() == name)


def repeated(roots: list[LexborNode], named: str) -> LexborNode | None:
    """The lesser heading in the content area that is the first part of the head's title."""
    first = _PARTING.split(named)[0].strip()
    headings = (n for root in roots for n in root.css("h2, h3")[:_MOST]) if first else iter(())
    return next((n for n in headings if plain(n.text()) in {first, named}), None)


def leads(title: LexborNode) -> list[LexborNode]:
    """The paragraphs right below a title that stands above the content area: the lead stands there too."""
    while title.parent is not None and _next(title) is None and title.parent.tag in {"div", "hgroup", "span"}:
        title = title.parent
    found: list[LexborNode] = []
    node = _next(title)
    while node is not None and len(found) < _MOST:
        names = (node.attributes.get("class") or "")[: words.LONGEST]
        is_lead = node.tag == "p" or (node.tag == "div" and _LEAD.search(names) is not None)
        if not is_lead or words.look(names) != words.PLAIN or len(node.text()) > _LONGEST_LEAD:
            break
        found.append(node)
        node = _next(node)
    return found


def _next(node: LexborNode) -> LexborNode | None:
    """The next element beside it."""
    after = node.next
    while after is not None and not after.is_element_node:
        after = after.next
    return after

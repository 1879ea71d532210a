"""What a page says of itself beside its text and its dates: description, address, breadcrumb, number, maker. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver import urls
from archiver.extract.page.blocks import even
from archiver.extract.page.elements import Attributes
from archiver.extract.page.lines import Head
from archiver.extract.page.parts import DEEPEST, fits
from archiver.model import About, Profile

_LONGEST = 1_000
"""Characters of one saying."""
_MOST = 30
"""Steps of a breadcrumb, Open Graph properties."""
_DESCRIPTIONS = ("description", "og:description", "dcterms.description", "dc.description")
_NUMBERS = ("pageid", "page-id", "page_id", "contentid", "content-id", "nodeid", "epi:contentid", "dc.identifier")
"""Metas in which templates give a page's number."""
_IN_CLASS = re.compile(r"(?<!\S)(?:page-id|postid|page-node|node|pageid)-(\d+)(?!\S)", re.I)
"""WordPress: 'page-id-12', 'postid-12'; Drupal: 'page-node-12'."""
_IN_SCRIPT = re.compile(r"pageId[\"']?\s*[:=]\s*[\"'](\d{1,3}\.[0-9a-f]{8,40}|\d{1,12})[\"']")
"""Sitevision's page context."""
_IN_SHORT = re.compile(r"/node/(\d+)\Z|[?&]p=(\d+)\Z")
"""Drupal's and WordPress's short links."""
TRAILED = ("breadcrumb", "brodsmul", "pathlink", "murupolku", "brotkrume", "smuldesti", "brødsmul")
_NAMING = ("class", "id", "aria-label")
_USUAL = f"[class*={TRAILED[0]} i]"
_TRAILS = ", ".join(f"[{name}*={word} i]" for name in _NAMING for word in TRAILED)
_SIGNS = " \t\n/|>»›→·•‹«:"
_YOU_ARE_HERE = re.compile(r"(?:du är här|du er her|sie sind hier|you are here|olet tässä|här är du)\W*\Z", re.I)


def trail(tree: LexborHTMLParser) -> LexborNode | None:
    """The element of the breadcrumb; None where the page has none.

    Nearly always it is a class that says so: one query for that, and for all other words in all other attributes,
    which cost ten times as much, only where it finds none.
    """
    found = tree.css_first(_USUAL)
    if found is None:
        return tree.css_first(_TRAILS)
    above = found.parent
    for _ in range(DEEPEST):
        if above is None or above.tag == "body":
            break
        if _is_trail(above.attributes):
            found = above
        above = above.parent
    return found


def _is_trail(attributes: Attributes) -> bool:
    names = " ".join(attributes.get(key) or "" for key in _NAMING).lower()
    return any(word in names for word in TRAILED)


def read(tree: LexborHTMLParser, head: Head, profile: Profile, way: LexborNode | None, text: str) -> About:
    """All that the page says of itself; `way` is its breadcrumb, `text` its source."""
    said = dict(reversed(head.metas))
    marks = _marks(tree, profile)
    canonical = urls.join(head.base, head.canonical) if head.canonical else None
    shared = [(n.removeprefix("og:"), even(v)[:_LONGEST]) for n, v in head.metas if n.startswith("og:")]
    return About(
        description=next((even(said[n])[:_LONGEST] for n in _DESCRIPTIONS if even(said.get(n, ""))), None),
        canonical=canonical,
        shared=tuple(shared[:_MOST]),
        breadcrumb=tuple(_steps(way)) or _listed(head.jsonld),
        page_id=_number(tree, head, said, text),
        generator=even(said.get("generator", ""))[:_LONGEST] or None,
        cms=profile.name if marks else None,
        marks=marks,
    )


def _marks(tree: LexborHTMLParser, profile: Profile) -> tuple[str, ...]:
    """The first of the profile's marks that the page bears: one is enough to know it by."""
    first = next((mark for mark in profile.detect if fits(tree, mark)), None)
    return (first,) if first else ()


def _steps(way: LexborNode | None) -> Iterator[str]:
    """The names in a breadcrumb, each once, the links' first and then where we are."""
    if way is None:
        return
    inner = next((n for n in (way.css_first("ol"), way.css_first("ul")) if n is not None), way)
    items = inner.css("li")[:_MOST] or inner.css("a, span:not(:has(*)), strong")[:_MOST]
    last = None
    for item in items:
        name = even(item.text(separator=" ")).strip(_SIGNS)[:_LONGEST]
        if name and name != last and not _YOU_ARE_HERE.fullmatch(name):
            yield name
            last = name


def _listed(scripts: Iterable[str]) -> tuple[str, ...]:
    """The names in a schema.org BreadcrumbList, by position."""
    for found in _objects(script for script in scripts if "BreadcrumbList" in script):
        steps = found.get("itemListElement") if found.get("@type") == "BreadcrumbList" else None
        placed = (
            [(s.get("position"), _name(s)) for s in steps if isinstance(s, Mapping)] if isinstance(steps, list) else []
        )
        ordered = sorted(((at, name) for at, name in placed if isinstance(at, int) and name), key=itemgetter(0))
        if ordered:
            return tuple(name for _, name in ordered)[:_MOST]
    return ()


def _name(step: Mapping[str, object]) -> str:
    item = step.get("item")
    name = step.get("name") or (item.get("name") if isinstance(item, Mapping) else None)
    return even(name)[:_LONGEST] if isinstance(name, str) else ""


def _number(tree: LexborHTMLParser, head: Head, said: Mapping[str, str], text: str) -> str | None:
    """The page's number in its CMS, where the template lets it show."""
    if named := next((even(said[n])[:80] for n in _NUMBERS if even(said.get(n, ""))), None):
        return named
    names = tree.body.attributes.get("class") if tree.body else None
    if names and (found := _IN_CLASS.search(names)):
        return found[1]
    if "pageId" in text and (found := _IN_SCRIPT.search(text)):
        return found[1]
    if head.short and (found := _IN_SHORT.search(head.short)):
        return found[1] or found[2]
    return None


def _objects(scripts: Iterable[str]) -> Iterator[Mapping[str, object]]:
    """The objects of JSON-LD scripts, those of an '@graph' by themselves; what is no JSON is nothing."""
    for script in scripts:
        try:
            value = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for each in (value if isinstance(value, list) else [value])[:_MOST]:
            graph = each.get("@graph") if isinstance(each, Mapping) else None
            inner = graph[:_MOST] if isinstance(graph, list) else []
            yield from (one for one in (each, *inner) if isinstance(one, Mapping))

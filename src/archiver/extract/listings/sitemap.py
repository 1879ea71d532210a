"""A sitemap as a document of links: what the site itself lists, and when it says each entry changed.

Sitemaps protocol 0.9 (sitemaps.org): XML `urlset` and `sitemapindex`, or one URL a line; gzip allowed. Its limit of
50,000 entries is exceeded in the wild, and so is not ours. An entry's other languages (`xhtml:link rel="alternate"
hreflang`, Google's extension) are entries too, after all others, where the sitemap does not list them itself. Real
ones hold raw ampersands, control characters, unclosed elements and other name spaces; whatever can be recovered is
read. Entities are not resolved, nothing is loaded. An entry of an index is a link with the text 'sitemap': there is
more to fetch behind it. Pure.
"""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from archiver.model import Document, Facts, Link, Rules
from archiver.urls import join

MAX_ENTRIES = 200_000
"""Four times what the protocol allows: sites pass its limit without knowing, and what they list is there."""
MAX_BYTES = 50_000_000
MAX_RATIO = 200
"""Unpacked over packed bytes. Honest sitemaps reach some 40; deflate cannot go past 1,032."""
_MAX_NOTE = 64  # characters; a lastmod has 25 at most
_PIECE = 1 << 16

_MAX_TAGS = 2_000_000
"""Opening and closing; 50,000 entries with every field have 600,000. Bounds the memory of a hostile tree."""
_CAUTIOUS: dict[str, bool] = {
    "recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True,
}  # fmt: skip
_OTHERS = ("image", "video", "player_loc")  # parents of a loc that is not the entry's

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(sitemapindex|urlset|rss|feed|html)\b", re.I)
_CONTROL = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))  # no characters in XML 1.0
_WEB = ("http://", "https://")  # a joined URL of these schemes has a host (WHATWG URL, 4.4)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")  # beginnings of UTF-16: control bytes belong there
_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([\w-]+)""")
_LINE = re.compile(r"https?://\S+")

Entry = tuple[str, str | None, str]
"""Its location; its lastmod as printed; 'sitemap' in an index, `_OTHER` where it is an entry in another language."""
_OTHER = "alternate"


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The sitemap's entries as links, in order; `legible` is 'partly' over a cap and 'no' where nothing was found."""
    text, whole = unpack(body)
    links: list[Link] = []
    others: dict[str, None] = {}  # addresses of other languages, in order
    for location, note, name in _entries(_tidy(text)) if _looks_like_xml(text) else _lines(text):
        if len(links) + len(others) >= MAX_ENTRIES:
            whole = False
            break
        target = join(facts.url, location)
        if not target or not target.startswith(_WEB):
            continue
        if name == _OTHER:
            others[target] = None
        else:
            links.append(Link(target, "entry", "main", name, note))
    listed = {link.target for link in links} if others else ()
    links += [Link(target, "entry", "main", "", None) for target in others if target not in listed]
    understood = links or _root(text) in (b"urlset", b"sitemapindex")
    return Document("sitemap", ("yes" if whole else "partly") if understood else "no", links=tuple(links))


def is_index(body: bytes) -> bool:
    """Whether the entries are sitemaps themselves."""
    return _root(unpack(body, _PIECE)[0]) == b"sitemapindex"


def unpack(body: bytes, most: int = MAX_BYTES) -> tuple[bytes, bool]:
    """The sitemap without gzip, and whether that is all of it: under a budget, a cut stream as far as it goes."""
    if not body.startswith(b"\x1f\x8b"):
        return body[:most], len(body) <= most
    pieces: list[bytes] = []
    size, rest, budget = 0, body, min(most, len(body) * MAX_RATIO)
    while rest.startswith(b"\x1f\x8b"):  # members follow one another
        member = zlib.decompressobj(wbits=31)
        try:
            while not member.eof and rest and size < budget:
                piece = member.decompress(rest, min(budget - size, 16 * _PIECE))
                pieces.append(piece)
                size += len(piece)
                rest = member.unconsumed_tail or b""
        except zlib.error:
            return b"".join(pieces), False
        if not member.eof:
            return b"".join(pieces), False
        rest = member.unused_data
    return b"".join(pieces), True


def _looks_like_xml(text: bytes) -> bool:
    return text[:_PIECE].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"\x00", b"\xff", b"\xfe")


def _root(text: bytes) -> bytes:
    """The name of the first element that tells what this is, in lower case."""
    found = _ROOT.search(text[:_PIECE].replace(b"\x00", b""))
    return found[1].lower() if found else b""


def _entries(text: bytes) -> Iterator[Entry]:
    """The entries of an XML sitemap, in order: each loc that is an entry's own, with the lastmod beside it."""
    location, note, name = "", None, ""
    home = late = None  # the elements that hold the entry, and a lastmod that came before its loc
    date: str | None = None
    for element in _elements(text):
        if _local(element) == "link":
            if other := _alternate(element):
                yield other, None, _OTHER
            continue
        parent, words = element.getparent(), _text(element)
        if _local(element) == "lastmod":
            if parent is home:
                note = words[:_MAX_NOTE] or None
            else:
                late, date = parent, words[:_MAX_NOTE] or None
        elif words and _local(parent) not in _OTHERS:
            if location:
                yield location, note, name
            location, home = words, parent
            note = date if late is not None and (late is parent or late is element) else None
            name = "sitemap" if _local(parent) == "sitemap" else ""
    if location:
        yield location, note, name


def _elements(text: bytes) -> Iterator["etree._Element"]:
    """Every loc and lastmod as it ends. The text goes in piece by piece, and what has been read is let go."""
    parser = etree.XMLPullParser(("end",), tag=("{*}loc", "{*}lastmod", "{*}link"), **_CAUTIOUS)
    root, tags = None, 0
    for start in range(0, len(text), _PIECE):
        piece = text[start : start + _PIECE]
        tags += piece.count(b"<")
        try:
            parser.feed(piece)
        except etree.XMLSyntaxError:
            tags = _MAX_TAGS  # what was read before the break stands
        for _, element in parser.read_events():
            yield element
            root = element if root is None else root
        if root is not None:
            root = root.getroottree().getroot()
            del root[:-1]
        if tags >= _MAX_TAGS:
            return


def _alternate(element: "etree._Element") -> str:
    """Where the entry is in another language; '' where the element says something else."""
    try:
        rel, href, language = (str(element.get(name) or "").strip() for name in ("rel", "href", "hreflang"))
    except UnicodeDecodeError:
        return ""
    is_entry = "alternate" in rel.lower().split() and language and _local(element.getparent()) == "url"
    return href if is_entry else ""


def _text(element: "etree._Element") -> str:
    """What an element says; nothing where it names half a character (`&#xD800;`), which no text can hold."""
    try:
        return (element.text or "").strip()
    except UnicodeDecodeError:
        return ""


def _local(element: "etree._Element | None") -> str:
    """The name of an element without its name space."""
    return "" if element is None else _named(element.tag)


@lru_cache(maxsize=256)
def _named(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tidy(text: bytes) -> bytes:
    """The XML with what breaks it put right: control characters, raw ampersands, Latin letters called UTF-8."""
    clean = text.lstrip()
    if clean.startswith(_WIDE):
        return clean
    clean = clean.translate(None, _CONTROL)
    if b"<![CDATA[" not in clean:
        clean = _AMPERSAND.sub(b"&amp;", clean)
    if _says_utf8(clean) and not _is_utf8(clean):
        return clean.decode("windows-1252", "replace").encode("utf-8")
    return clean


def _says_utf8(text: bytes) -> bool:
    named = _ENCODING.search(text[:200])
    return named is None or named[1].lower() in (b"utf-8", b"utf8")


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines(text: bytes) -> Iterator[Entry]:
    """The entries of a plain list."""
    for line in text.decode("utf-8-sig", "replace").splitlines():
        if _LINE.fullmatch(line.strip()):
            yield line.strip(), None, ""

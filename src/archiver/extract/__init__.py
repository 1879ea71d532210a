"""What a body says: bytes in, a reading out.

    bytes -- sniff --> kind -- READERS --> Document -- gate, privacy --> Reading
    page/       HTML: parse once, walk once; blocks, links and the claims of dates/ are functions of the lines it makes
    dates/      what a page says of its own dates, in its own language
    files/      PDF, Word, Excel, OpenDocument and plain text
    listings/   sitemaps, feeds, and the vendors' lists of meetings and notices

`read` never raises for what a site sent: a page too large or too deep is Unread, bytes of a kind that nobody reads are
a document with their digest. Rules that cannot be applied raise RuleError. Pure.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from archiver.model import Document, Facts, Reading, Rules, Unread

Reader = Callable[[bytes, Facts, Rules], Document | Unread]


def _in(module: str) -> Reader:
    """The `read` of a module of this package, imported when first used: their libraries are heavy."""

    def read(body: bytes, facts: Facts, rules: Rules) -> Document | Unread:
        found: Reader = import_module(f"archiver.extract.{module}").read
        return found(body, facts, rules)

    return read


READERS: dict[str, Reader] = {
    "html": _in("page.html"),
    "pdf": _in("files.pdf"),
    "docx": _in("files.docx"),
    "odt": _in("files.odt"),
    "ods": _in("files.odt"),
    "xlsx": _in("files.xlsx"),
    "sitemap": _in("listings.sitemap"),
    "feed": _in("listings.feed"),
    "robots": _in("files.plain"),
    "text": _in("files.plain"),
    "netpublicator": _in("listings.netpublicator"),
    "troman": _in("listings.troman"),
    "meetingsplus": _in("listings.meetingsplus"),
    "ciceron": _in("listings.ciceron"),
}
"""By the kind of the bytes, or by the name that a seed asks for (`Facts.reader`)."""


def read(body: bytes, facts: Facts, rules: Rules) -> Reading | Unread:
    """What a body says, and whether it is the page at all; a document exactly where the verdict is 'good'."""
    found: Callable[[bytes, Facts, Rules], Reading | Unread] = import_module("archiver.extract.reading").read
    return found(body, facts, rules)


def choose(body: bytes, facts: Facts, rulebook: Mapping[tuple[str, str], Rules]) -> Rules:
    """The rules to read a body by where none are given: by the marks of its CMS and the language it says it is in."""
    found: Callable[..., Rules] = import_module("archiver.extract.reading").choose
    return found(body, facts, rulebook)

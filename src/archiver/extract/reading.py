"""One body, one reading: sniffed, read by the reader of its kind, masked, and judged by the gate. Pure."""

from collections.abc import Callable, Mapping

from archiver.digests import sha256
from archiver.extract import READERS, gate, languages, privacy, redaction, sniff
from archiver.extract.files import plain
from archiver.extract.listings import meetingsplus, troman
from archiver.extract.listings.vendors import FILE_KINDS, VENDORS
from archiver.extract.page import html, parts
from archiver.model import Document, Facts, Notice, Profile, Reading, Rules, Unread

DEFAULT = "sv"
"""The language of a page that does not say."""
MAY_BE: dict[str, frozenset[str]] = {
    "sitemap": frozenset({"xml", "other", "robots"}),  # packed, or a plain list of URLs
    "feed": frozenset({"xml", "json"}),
}
"""By what an address was asked for as, the kinds of bytes that may be that and do not show it."""
MARKS: dict[str, Callable[[Document, Facts], Document]] = {"troman": troman.mark, "meetingsplus": meetingsplus.mark}
"""What a vendor's reader knows of a page beside what any page says."""


def read(body: bytes, facts: Facts, rules: Rules) -> Reading | Unread:
    """What a body says, and whether it is the page at all; a document exactly where the verdict is 'good'."""
    name, asked = reader_of(body, facts), facts.reader or ""
    page = html.open_page(body, facts, rules) if name == "html" else None
    if isinstance(page, Unread):
        return page
    document = html.document(page, facts) if page else _document(name, body, facts, rules)
    if page and asked in MARKS and isinstance(document, Document):
        document = MARKS[asked](document, facts)
    if isinstance(document, Unread):
        return document
    spoken = page.rules.language if page else rules.language
    verdict, reason = gate.judge(gate.Look(facts, document, page, spoken, (rules.language, *rules.others)))
    notices = tuple(Notice(_hide(text, facts)) for text in page.notices) if page else ()
    fit = page.fit if page else None
    document, found = _search(body, document, facts) if facts.patterns else (document, ())
    if verdict != "good":
        return Reading(verdict, _hide(reason, facts), None, notices, 0, rules.profile.name, fit, found)
    # A page's redacted spans were blacked out before it was parsed; a file's text exists only now.
    masked, numbers = privacy.mask_document(document, () if page else facts.masks)
    return Reading("good", "", masked, notices, numbers, rules.profile.name, fit, found)


def _hide(text: str, facts: Facts) -> str:
    return privacy.mask(redaction.covered(text, facts.patterns))[0]


def _search(body: bytes, document: Document, facts: Facts) -> tuple[Document, tuple[tuple[int, int], ...]]:
    """The document without what standing orders hide, and where that was found: in it, or in the bytes beside it."""
    covered, found = redaction.cover_document(document, facts.patterns)
    return covered, tuple(sorted((found | redaction.find_in_body(body, facts)).items()))


def reader_of(body: bytes, facts: Facts) -> str:
    """The name of the reader: the one that was asked for, or that of the kind of the bytes.

    A vendor's reader takes its lists from JSON. Its pages are pages, and its files files.
    """
    if facts.reader and facts.reader not in VENDORS:
        return facts.reader
    kind = _kind(body, facts)
    return kind if facts.reader is None or kind == "html" or kind in FILE_KINDS else facts.reader


def choose(body: bytes, facts: Facts, rulebook: Mapping[tuple[str, str], Rules]) -> Rules:
    """The rules by which to read a body that no source speaks for; `rulebook` is by (profile, language).

    The profile is the one most of whose `detect` selectors fit, else 'generic'; the language is the one that the page
    names, or else speaks, where there is a pack for it; else Swedish. Raises KeyError where the rulebook lacks
    ('generic', 'sv').
    """
    tree = html.grow_body(body, facts.content_type) if sniff.kind(body, facts.role) == "html" else None
    if tree is None or tree.root is None:
        return rulebook["generic", DEFAULT]
    profiles: dict[str, Profile] = {name: rules.profile for (name, _), rules in rulebook.items()}
    fits = {name: sum(parts.fits(tree, s) for s in profile.detect) for name, profile in profiles.items()}
    best = max(sorted(fits), key=lambda name: fits[name])
    profile = best if fits[best] else "generic"
    spoken = {code: rules.language for (name, code), rules in rulebook.items() if name == profile}
    declared = tree.root.attributes.get("lang") or ""
    language = languages.named(declared, spoken) or languages.heard(tree, spoken) or DEFAULT
    return rulebook.get((profile, language)) or rulebook["generic", DEFAULT]


def _kind(body: bytes, facts: Facts) -> str:
    """The kind by the bytes; of bytes that might be anything, what they were asked for as, or plain text where the
    answer or the URL calls it so."""
    found = sniff.kind(body, facts.role)
    if found in MAY_BE.get(facts.role, ()):
        return facts.role
    return "text" if found == "other" and plain.is_text(body, facts) else found


def _document(name: str, body: bytes, facts: Facts, rules: Rules) -> Document | Unread:
    """The document of a body that is no page. An image or an archive that is exchanged is a revision too."""
    if reader := READERS.get(name):
        return reader(body, facts, rules)
    return Document("other", "locked" if sniff.is_locked(body) else "no", payload=sha256(body))

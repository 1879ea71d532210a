"""What a body says. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Literal

from archiver.digests import canonical, digest, sha256
from archiver.model.lists import (
    BlockKind,
    Doubt,
    Flaw,
    Legible,
    Meaning,
    Part,
    Precision,
    Rel,
    Role,
    Unreadable,
    Verdict,
    Witness,
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to be hidden wherever they stand, by order of a redaction."""

    id: int  # of the redaction
    kind: Literal["words", "regex"]
    text: str  # a regular expression; of words their digest
    words: int = 0  # how many the digest is of
    salt: str = ""  # and what they are hashed with


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reader may know beside the bytes."""

    url: str
    at: datetime  # when we saw it: the only clock a reading has
    content_type: str | None = None
    last_modified: str | None = None
    status: int | None = 200
    location: str | None = None  # absolute
    flaw: Flaw | None = None
    role: Role = "page"
    reader: str | None = None  # a vendor reader asked for by name
    starts: tuple[str, ...] = ()  # the site's start pages
    hosts: tuple[str, ...] = ()  # hosts of this same site
    kind_before: str | None = None  # kind of the page's last good document
    words_before: int | None = None  # and how many words its main text had
    repeated: bool = False  # the very same body already came at least an hour earlier
    title_before: str | None = None  # of the page's last good document
    language_before: str | None = None  # what that document said it was in
    site_before: str | None = None  # and the host it called its own (its canonical address)
    insists: bool = False  # it has been found wrong for at least a day, at more than one visit
    masks: tuple[tuple[int, int], ...] = ()  # redacted spans of the decoded text, characters; applied before reading
    patterns: tuple[Pattern, ...] = ()  # words to be hidden wherever they stand


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row, quote or caption."""

    part: Part
    kind: BlockKind
    level: int | None  # 1-6 for titles and headings, depth (from 1) for list items
    text: str  # one line, white space evened out; cells of a row joined by ' | '
    page: int | None = None  # of a file that has pages, from 1
    anchor: str | None = None  # the id by which a link reaches it: 'page.html#anchor'


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the order it stands."""

    target: str  # absolute, fragment kept
    rel: Rel
    part: Part
    text: str  # without the note
    note: str | None = None  # 'Pdf, 249 kB' or 'Länk till annan webbplats', cut from the text; lastmod of an entry
    block: int | None = None  # position in `Document.blocks` of the block it stands in


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a page about itself, with its witness, believed or not."""

    meaning: Meaning
    witness: Witness
    rule: str  # which row of which table read it: 'sv:Senast uppdaterad', 'meta:moddate'
    label: str | None  # as printed
    raw: str  # as printed; '' where the label had no value
    value: str | None  # ISO to its precision; None: not understood
    precision: Precision | None
    place: str  # where it stood: a CSS path, a meta name, a text offset
    believed: bool
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself beside its dates, mostly to machines: kept, and in no comparison."""

    description: str | None = None
    canonical: str | None = None  # absolute
    shared: tuple[tuple[str, str], ...] = ()  # Open Graph, without its 'og:': ('type', 'article')
    breadcrumb: tuple[str, ...] = ()  # the names on the way to the page, from the start page down
    page_id: str | None = None  # its number in the CMS
    generator: str | None = None  # what made it, in its own words
    cms: str | None = None  # the profile whose marks it bears
    marks: tuple[str, ...] = ()  # which ones


_ABOUT = tuple(field.name for field in fields(About))


@dataclass(frozen=True)
class Document:
    """What our rules read from a body."""

    kind: str  # html pdf docx odt ods xlsx text feed sitemap listing robots other
    legible: Legible = "yes"
    language: str | None = None
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    reviewed: str | None = None
    responsible: str | None = None
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    claims: tuple[Claim, ...] = ()
    payload: str | None = None  # SHA-256 of the body where the document is one with its bytes (files)
    about: About = About()

    @property
    def created(self) -> str | None:
        """The believed date of creation: not the publication, and in no comparison."""
        return next((c.value for c in self.claims if c.believed and c.meaning == "created"), None)

    @property
    def main(self) -> tuple[Block, ...]:
        """The blocks that are compared: the main content without the title."""
        return tuple(b for b in self.blocks if b.part == "main" and b.kind != "title")

    @property
    def text(self) -> str:
        """The main text, a block a line."""
        return "\n".join(b.text for b in self.main)

    @property
    def full_text(self) -> str:
        """Main and rest, a block a line, without the title."""
        return "\n".join(b.text for b in self.blocks if b.kind != "title")

    @property
    def headings(self) -> tuple[str | None, ...]:
        """For each link the heading it stands under; None for those above the first, or in no block."""
        over: list[str | None] = []
        latest: str | None = None
        for block in self.blocks:
            over.append(latest)
            latest = block.text if block.kind in {"title", "heading"} else latest
        return tuple(None if link.block is None else over[link.block] for link in self.links)

    @cached_property
    def words(self) -> int:
        """How many words the main text has."""
        return len(self.text.split())

    @cached_property
    def core(self) -> str:
        """The digest over exactly what a diff can show: equal cores, and only they, compare as empty."""
        return digest([1, _present(core_fields(self))])

    @cached_property
    def sha256(self) -> str:
        """The digest over everything read."""
        blocks = [_block(b) for b in self.blocks]
        links = [[k.target, k.rel, k.part, k.text, k.note, k.block] for k in self.links]
        claims = [
            [c.meaning, c.witness, c.rule, c.label, c.raw, c.value, c.place, c.believed, c.doubt] for c in self.claims
        ]
        about = {name: getattr(self.about, name) for name in _ABOUT}
        whole = {
            "kind": self.kind, "legible": self.legible, "language": self.language, "core": self.core,
            "blocks": blocks, "links": links, "claims": claims, "about": _present(about),
        }  # fmt: skip
        return sha256(canonical([1, _present(whole)]))


def core_fields(document: Document) -> dict[str, object]:
    """The fields of a document that are compared, in the form that is hashed."""
    return {
        "title": document.title,
        "blocks": [[b.kind, b.level, b.text] for b in document.main],
        "links": [compared_link(k) for k in document.links if k.part == "main"],
        "published": document.published,
        "updated": document.updated,
        "reviewed": document.reviewed,
        "responsible": document.responsible,
        "payload": document.payload,
    }


def _block(block: Block) -> list[object]:
    """A block in the form that is hashed; what most blocks lack is left out."""
    said: list[object] = [block.part, block.kind, block.level, block.text]
    return said if block.page is None and block.anchor is None else [*said, block.page, block.anchor]


def compared_link(link: Link) -> list[str | None]:
    """What a comparison sees of a main link: the note only where it is an attachment's (its size tells a swap)."""
    return [link.rel, link.target, link.text, link.note if link.rel == "attachment" else None]


def _present(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that hold something, so that a new and empty field changes no old digest."""
    return {name: value for name, value in fields.items() if value not in (None, [], "", (), {})}


@dataclass(frozen=True, slots=True)
class Notice:
    """A site-wide banner: the site's words, not the page's."""

    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The gate's word on a capture and, where it is good, the document."""

    verdict: Verdict
    reason: str = ""  # which signs, in words
    document: Document | None = None  # exactly where the verdict is 'good'
    notices: tuple[Notice, ...] = ()
    masked: int = 0  # personal identity numbers masked on the way
    profile: str = ""  # which profile read it
    fit: str | None = None  # the profile's selector that found the content area; '': none did; None: no HTML
    found: tuple[tuple[int, int], ...] = ()  # of facts.patterns those that are in it: redaction, number of places


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a reader was stopped before it had a word to say."""

    why: Unreadable
    detail: str


def believed(claims: Iterable[Claim], meaning: Meaning) -> Claim | None:
    """The claim of that meaning that is believed; at most one is."""
    return next((c for c in claims if c.believed and c.meaning == meaning), None)

"""What each reader says of a page. The rivals are imported where they are used, and absent where not installed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec

from archiver.config import load, packaged
from archiver.extract import choose, read
from archiver.model import Document, Reading, Rules, Witness
from archiver.urls import join
from benchmarks.quality.scoring import Said
from benchmarks.quality.sets import Page

LIBERAL: Witness = "any-date"
"""The witness that `--liberal` adds to a profile's: any date on the page."""


@dataclass(frozen=True)
class Reader:
    """A reader by its name; `says` is what it says at all."""

    name: str
    says: frozenset[str]
    read: Callable[[Page], Said]


class Ours:
    """Our reading by the rules of the CMS and language that a page shows, as `archiver try` has it."""

    def __init__(self, *, liberal: bool = False) -> None:
        self._rulebook = load(packaged()).readers
        self._liberal = liberal

    def rules(self, page: Page) -> Rules:
        """The rules by which the page is read."""
        rules = choose(page.body, page.facts, self._rulebook)
        if not self._liberal:
            return rules
        return replace(rules, profile=replace(rules.profile, witness=(*rules.profile.witness, LIBERAL)))

    def __call__(self, page: Page) -> Said:
        """What a reading says; nothing where the gate finds that it is not the page."""
        found = read(page.body, page.facts, self.rules(page))
        document = found.document if isinstance(found, Reading) else None
        return _said(document) if document else Said()


def _said(document: Document) -> Said:
    links = frozenset(link.target for link in document.links if link.part == "main")
    return Said(document.published, document.updated, document.title, document.text, links)


def _htmldate(page: Page) -> Said:
    from htmldate import find_date

    text = page.body.decode("utf-8", "replace")
    return Said(find_date(text, url=page.url, original_date=True), find_date(text, url=page.url, original_date=False))


def _trafilatura(page: Page) -> Said:
    import trafilatura

    found = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True, include_links=True)
    if found is None:
        return Said()
    targets = (ref.get("target") for ref in found.body.iter("ref")) if found.body is not None else ()
    links = frozenset(join(page.url, target) or target for target in targets if target)
    text = trafilatura.extract(page.body, url=page.url, include_comments=False)  # the links' targets are no text
    return Said(published=found.date, title=found.title, text=text or "", links=links)


def _resiliparse(page: Page) -> Said:
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(page.body.decode("utf-8", "replace"), main_content=True, alt_texts=False)
    return Said(text=text)


ALL = frozenset({"published", "updated", "title", "text", "links"})
_RIVALS = (
    Reader("htmldate", frozenset({"published", "updated"}), _htmldate),
    Reader("trafilatura", ALL - {"updated"}, _trafilatura),
    Reader("resiliparse", frozenset({"text"}), _resiliparse),
)


def ours() -> Reader:
    """Our own reader, as it reads by default."""
    return Reader("archiver", ALL, Ours())


def liberal() -> Reader:
    """Our own where a person asks for a guess."""
    return Reader("archiver --liberal", ALL, Ours(liberal=True))


def rivals() -> list[Reader]:
    """Those that are installed."""
    return [reader for reader in _RIVALS if find_spec(reader.name)]

"""What holds of any document, whatever the bytes: what the CHECKs of the database demand, and a little more."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, astuple
from datetime import date, datetime
from typing import Any, get_args

from archiver.model import (
    BlockKind,
    Claim,
    Document,
    Doubt,
    Facts,
    Legible,
    Meaning,
    Part,
    Precision,
    Reading,
    Rel,
    Unread,
    Unreadable,
    Verdict,
    Witness,
)

MOST_LINKS = 60_000
"""A sitemap has 50,000 entries at most, a page 5,000 links and its feeds."""
MOST_CLAIMS = 5_000
MOST_BLOCKS = 400_000
TEXT_OVER_BODY = 4
"""Characters of all blocks over bytes of the body, where nothing was packed: text is not made up."""
_DATES = ("published", "updated", "reviewed", "created")
_FORMS = {"year": 4, "month": 7, "day": 10}


def hold(answer: Reading | Document | Unread, body: bytes, facts: Facts) -> None:
    """Raise AssertionError where a law is broken."""
    if isinstance(answer, Unread):
        assert answer.why in get_args(Unreadable)
        return
    if isinstance(answer, Reading):
        assert answer.verdict in get_args(Verdict)
        assert (answer.document is not None) == (answer.verdict == "good")
        assert all(is_storable(notice.text) for notice in answer.notices)
        assert is_storable(answer.reason)
    document = answer.document if isinstance(answer, Reading) else answer
    if document is not None:
        _hold_of_document(document, body, facts)


def is_storable(text: str) -> bool:
    """Whether the text is one that SQLite keeps as it is: no half characters, no NUL."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _hold_of_document(document: Document, body: bytes, facts: Facts) -> None:
    assert document.legible in get_args(Legible)
    assert len(document.core) == len(document.sha256) == 64
    json.dumps(asdict(document.about), allow_nan=False)
    unfit = [text for text in _texts(document) if not is_storable(text)]
    assert not unfit, f"cannot be stored: {unfit[0]!r}"
    assert len(document.blocks) <= MOST_BLOCKS
    assert len(document.links) <= MOST_LINKS
    assert len(document.claims) <= MOST_CLAIMS
    if document.kind == "html":
        assert sum(len(b.text) for b in document.blocks) <= TEXT_OVER_BODY * len(body) + 1_000
    _hold_of_blocks(document)
    _hold_of_links(document)
    _hold_of_claims(document, facts)


def _hold_of_blocks(document: Document) -> None:
    for block in document.blocks:
        assert block.part in get_args(Part)
        assert block.kind in get_args(BlockKind)
        assert block.text
        assert block.text == " ".join(block.text.split()), f"not one even line: {block.text!r}"
        assert block.level is None or 1 <= block.level <= 1_000
        assert block.page is None or block.page >= 1
    assert sum(block.kind == "title" for block in document.blocks) <= 1


def _hold_of_links(document: Document) -> None:
    for link in document.links:
        assert link.rel in get_args(Rel)
        assert link.part in get_args(Part)
        assert ":" in link.target
        assert not set(link.target) & set("\n\r\t"), f"no address: {link.target!r}"
        assert link.block is None or 0 <= link.block < len(document.blocks)


def _hold_of_claims(document: Document, facts: Facts) -> None:
    for claim in document.claims:
        assert claim.meaning in get_args(Meaning)
        assert claim.witness in get_args(Witness)
        assert claim.precision is None or claim.precision in get_args(Precision)
        assert claim.doubt is None or claim.doubt in get_args(Doubt)
        assert claim.believed == (claim.doubt is None)
        assert (claim.value is None) == (claim.precision is None) or claim.meaning in {"responsible", "other"}
        if claim.meaning in _DATES and claim.value is not None:
            assert is_iso(claim.value, claim.precision), claim
    believed = [claim for claim in document.claims if claim.believed]
    assert all(count == 1 for count in Counter(claim.meaning for claim in believed).values())
    for claim in believed:
        _hold_of_belief(claim, document, facts)


def _hold_of_belief(claim: Claim, document: Document, facts: Facts) -> None:
    assert claim.meaning != "other"
    if claim.meaning in _DATES:
        assert getattr(document, claim.meaning) == claim.value
        assert claim.value is not None
        assert "1990" <= claim.value[:10] <= f"{facts.at.year + 1}"


def is_iso(value: str, precision: str | None) -> bool:
    """Whether a value is a date of the calendar, to its precision."""
    try:
        if precision in _FORMS:
            date.fromisoformat((value + "-01-01")[:10])
            return len(value) == _FORMS[precision]
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return "T" in value


def _texts(document: Document) -> Iterator[str]:
    fields = (document.kind, document.language, document.title, document.responsible)
    rows: tuple[Any, ...] = (*document.blocks, *document.links, *document.claims, document.about)
    for value in (*fields, *(cell for row in rows for cell in astuple(row))):
        if isinstance(value, str):
            yield value

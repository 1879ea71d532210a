"""Readings as bytes and back, for the way between two processes of ours.

Pickled one by one, the blocks and links of a page cost several milliseconds. So each kind of part travels as columns,
all its texts in one list and so on (`model.bulk`). The digests of a document travel too: the worker has the time.
"""

import pickle
from dataclasses import fields
from operator import attrgetter

from archiver.model import Block, Claim, Document, Facts, Link, Notice, Reading, Unread
from archiver.model.bulk import Columns

PARTS = ("blocks", "links", "claims")
BLOCKS, LINKS, CLAIMS, NOTICES, FACTS = Columns(Block), Columns(Link), Columns(Claim), Columns(Notice), Columns(Facts)
ALONE = tuple(field.name for field in fields(Document) if field.name not in PARTS)
_alone = attrgetter(*ALONE)


def pack(result: Reading | Unread) -> bytes:
    """The result as bytes."""
    if isinstance(result, Unread):
        return pickle.dumps(result, 5)
    document = result.document
    notices = NOTICES.apart(result.notices)
    head = (result.verdict, result.reason, notices, result.masked, result.profile, result.fit, result.found)
    if document is None:
        return pickle.dumps((head, None), 5)
    columns = BLOCKS.apart(document.blocks), LINKS.apart(document.links), CLAIMS.apart(document.claims)
    known = {"core": document.core, "sha256": document.sha256, "words": document.words}
    return pickle.dumps((head, (_alone(document), columns, known)), 5)


def unpack(data: bytes) -> Reading | Unread:
    """The result again, equal to what was packed."""
    result = pickle.loads(data)  # noqa: S301 (from our own worker)
    if isinstance(result, Unread):
        return result
    (verdict, reason, notices, masked, profile, fit, found), packed = result
    document = None
    if packed is not None:
        alone, (blocks, links, claims), known = packed
        document = Document(
            **dict(zip(ALONE, alone, strict=True)),
            blocks=BLOCKS.together(blocks),
            links=LINKS.together(links),
            claims=CLAIMS.together(claims),
        )
        document.__dict__.update(known)  # what cached_property would find
    return Reading(verdict, reason, document, NOTICES.together(notices), masked, profile, fit, found)

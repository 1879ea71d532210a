"""How two documents differ: compare, then sort into classes, then weigh by named reasons.

`compare` sees exactly what `Document.core` covers: it is empty if the cores are equal, and only then. `align` lines
sequences up, `tokens` and `words` know what a word is, `text`, `links` and `fields` are the kinds of difference,
`revisions` and `absence` decide when a page is in a new state, `classes` and `significance` say what a change is and
why it may matter. Pure.
"""

from archiver.diff.classes import CLASSES, classify
from archiver.diff.fields import (
    Measure,
    Pair,
    attachments_difference,
    date_difference,
    links_difference,
    payload_difference,
    responsible_difference,
    state_difference,
    text_difference,
    title_difference,
)
from archiver.diff.links import compare_links
from archiver.diff.significance import REASONS, weigh
from archiver.diff.text import compare_blocks, hunks
from archiver.model import Change, Document

__all__ = ["CLASSES", "KINDS", "REASONS", "classify", "compare", "weigh"]

KINDS: dict[str, Measure] = {
    "text": text_difference,
    "links": links_difference,
    "title": title_difference,
    "published": date_difference("published"),
    "updated": date_difference("updated"),
    "reviewed": date_difference("reviewed"),
    "responsible": responsible_difference,
    "attachments": attachments_difference,
    "state": state_difference,
    "payload": payload_difference,
}
"""What can change of a page, in the order it is told."""


def compare(before: Document | None, after: Document | None) -> Change:
    """The change from one document to another; None: the page was not there, and only its state is compared.

    Classes and reasons are not filled in: `classify` and `weigh` need more than two documents.
    """
    if before is None or after is None:
        pair = Pair(before, after)
    else:
        pair = Pair(before, after, compare_blocks(before.main, after.main), compare_links(before.links, after.links))
    differences = tuple(found for measure in KINDS.values() if (found := measure(pair)))
    if not differences:
        return Change()
    return Change(differences, pair.edits, hunks(pair.edits), pair.links)

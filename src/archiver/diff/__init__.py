"""How two documents differ: compare, then sort into classes, then weigh by named reasons.

`compare` sees exactly what `Document.core` covers: it is empty if the cores are equal, and only then. `align` lines
sequences up, `tokens` and `words` know what a word is, `likeness` which block became which. `text`, `numbering`,
`people`, `links` and `fields` are the kinds of difference, `revisions` and `absence` decide when a page is in a new
state, `classes` and `significance` say what a change is and why it may matter (by what `exchanges` and `traces` find in
it), `fold` what happened to many pages at once. Pure.
"""

from collections.abc import Collection

from archiver.diff.classes import CLASSES, FOLDED, Window, classify
from archiver.diff.fields import (
    Measure,
    Pair,
    attachments_difference,
    date_difference,
    links_difference,
    payload_difference,
    personnel_difference,
    responsible_difference,
    state_difference,
    text_difference,
    title_difference,
)
from archiver.diff.links import compare_links
from archiver.diff.people import marked, people_changed
from archiver.diff.significance import REASONS, weigh
from archiver.diff.text import compare_blocks, hunks
from archiver.model import Change, Document

__all__ = ["CLASSES", "FOLDED", "KINDS", "REASONS", "Window", "classify", "compare", "weigh"]

KINDS: dict[str, Measure] = {
    "text": text_difference,
    "personnel": personnel_difference,
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


def compare(before: Document | None, after: Document | None, roles: Collection[str] = ()) -> Change:
    """The change from one document to another; None: the page was not there, and only its state is compared.

    `roles`: what people are called in lists of them, in the page's language; without, nobody is looked for. Classes and
    reasons are not filled in: `classify` and `weigh` need more than two documents.
    """
    if before is None or after is None:
        pair = Pair(before, after)
    else:
        old, new = before.main, after.main
        edits = compare_blocks(old, new)
        people = people_changed(old, new, edits, roles)
        pair = Pair(before, after, edits, compare_links(before.links, after.links), people)
    differences = tuple(found for measure in KINDS.values() if (found := measure(pair)))
    if not differences:
        return Change()
    words = marked(hunks(pair.edits), pair.people)
    return Change(differences, pair.edits, words, pair.links, people=pair.people)

"""Why a change may matter: named reasons, each with its points and the words that make it so.

The sum is shown with its names, never instead of them, so that a reader can disagree. A reason is a function from what
stands in the change to a detail, or None; its points come from `config/significance.toml`. Details quote words and
count; they never say a person's name where the reason is that a name went. Pure.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from rapidfuzz.distance import Levenshtein

from archiver.diff.links import moved, swapped
from archiver.diff.text import words_changed
from archiver.diff.tokens import HAS_WORD
from archiver.diff.traces import (
    NEGATIONS,
    NUMBER_WORDS,
    Swap,
    Traces,
    amounts,
    dates,
    deadline,
    exchanged,
    is_contact,
    is_contact_token,
    negations,
    only_form,
    references,
)
from archiver.model import Change, LinkEdit, Reason

LONGEST = 200
"""Characters of a detail."""
_QUOTED = 12
"""Words of a removed passage that are quoted."""
_PARAGRAPH = 5
"""Words from which a removed paragraph is one."""
_MOST, _PAGE = 0.6, 30
"""The share of a page's words, and the words a page must have had, for most of it to be gone."""
_WORD = 60
"""Letters of the longest word that can be misspelt."""
_DATES = frozenset({"published", "updated", "reviewed"})

_MEANT = NEGATIONS | frozenset(NUMBER_WORDS)
"""Words that are never another word misspelt."""

Rule = Callable[[Traces], str | None]


def weigh(change: Change, points: Mapping[str, int], terms: Sequence[str], lost: str = "") -> tuple[Reason, ...]:
    """The reasons for which a classified change may matter, in a fixed order.

    A reason without points, or with 0, is not given. `terms`: words somebody watches. `lost`: the text of a page that
    is gone with this change.
    """
    traces = Traces(change, tuple(terms), lost)
    return tuple(
        Reason(name, points[name], detail if len(detail) <= LONGEST else f"{detail[: LONGEST - 1]}…")
        for name, rule in REASONS.items()
        if points.get(name) and (detail := rule(traces)) is not None
    )


def _amount_changed(traces: Traces) -> str | None:
    return _listed(pair for swap in traces.swaps for pair in exchanged(swap, amounts))


def _date_changed(traces: Traces) -> str | None:
    return _listed(pair for swap in traces.swaps for pair in exchanged(swap, dates))


def _deadline_changed(traces: Traces) -> str | None:
    return _listed(pair for swap in traces.swaps for pair in deadline(swap))


def _reference_changed(traces: Traces) -> str | None:
    old = references("\n".join([*(s.old for s in traces.swaps), *traces.blocks("removed")]))
    new = references("\n".join([*(s.new for s in traces.swaps), *traces.blocks("added")]))
    return _listed([*(f"− {r}" for r in old - new), *(f"+ {r}" for r in new - old)]) if old - new else None


def _negation_changed(traces: Traces) -> str | None:
    found = [(sign, word) for s in traces.swaps for sign, word in _negated(s)]
    return _listed(f"{sign} “{word}”" for sign, word in dict.fromkeys(found))


def _negated(swap: Swap) -> list[tuple[str, str]]:
    """Negations that came or went, unless one took the other's place: `ej` for `inte` says the same."""
    old, new = negations(swap.removed), negations(swap.added)
    return [] if len(old) == len(new) else [*(("−", w) for w in old), *(("+", w) for w in new)]


def _name_removed(traces: Traces) -> str | None:
    count = traces.names_removed
    return f"{count} {'row' if count == 1 else 'rows'} beginning like a name" if count else None


def _paragraph_removed(traces: Traces) -> str | None:
    texts = [t for t in traces.blocks("removed", "paragraph", "quote") if len(t.split()) >= _PARAGRAPH]
    return f"{len(texts)}: {_quoted(texts[0])}" if texts else None


def _heading_removed(traces: Traces) -> str | None:
    return _listed(map(_quoted, traces.blocks("removed", "heading")))


def _most_removed(traces: Traces) -> str | None:
    before = sum(len(e.before.text.split()) for e in traces.change.edits if e.before)
    added, removed = words_changed(traces.edits)
    if before < _PAGE or removed < _MOST * before or 2 * added > removed:
        return None
    return f"{removed} of {before} words removed, {added} added"


def _document_unlinked(traces: Traces) -> str | None:
    return _listed(map(_named, traces.links("removed", attached=True)))


def _document_replaced(traces: Traces) -> str | None:
    links = [e for e in traces.links("renamed", attached=True) if swapped(e)]
    files = [
        f"the file: {d.before:.12} → {d.after:.12}"
        for d in traces.change.differences
        if d.kind == "payload" and d.before and d.after
    ]
    return _listed([*files, *map(_named, [*traces.links("retargeted", attached=True), *links])])


def _link_retargeted(traces: Traces) -> str | None:
    edits = traces.links("retargeted", attached=False)
    return _listed(f"“{e.text:.60}”: {(e.before or ''):.80} → {e.target:.80}" for e in edits)


def _term_of_interest(traces: Traces) -> str | None:
    found = []
    for term in traces.terms:
        form = re.compile(rf"(?<!\w){re.escape(term)}", re.I)
        for sign, text in (("−", traces.removed_text), ("+", traces.added_text)):
            if form.search(text):
                found.append(f"{sign} “{term}”")
    return _listed(found)


def _silent(traces: Traces) -> str | None:
    return next((c.reason for c in traces.change.classes if c.name == "silent-edit"), None)


def _page_gone(traces: Traces) -> str | None:
    return next((c.reason for c in traces.change.classes if c.name == "disappearance"), None)


def _site_wide(traces: Traces) -> str | None:
    return next((c.reason for c in traces.change.classes if c.name == "site-wide"), None)


def _only_spelling(traces: Traces) -> str | None:
    if _content(traces) != {"text"} or any(e.op != "changed" for e in traces.edits):
        return None
    pairs = [pair for swap in traces.swaps for pair in _words_side_by_side(swap)]
    if not pairs or not all(_spelt(a, b) for a, b in pairs):
        return None
    return _listed(f"{a} → {b}" for a, b in pairs)


def _words_side_by_side(swap: Swap) -> list[tuple[str, str]]:
    """The words that replaced each other; an empty partner where the numbers differ."""
    old, new = ([t for t in side if HAS_WORD.search(t)] for side in (swap.removed, swap.added))
    length = max(len(old), len(new))
    return list(zip([*old, *[""] * (length - len(old))], [*new, *[""] * (length - len(new))], strict=True))


def _spelt(a: str, b: str) -> bool:
    """Whether two words are one word spelt in two ways.

    Never a number, a negation or a number word; and the first letter stays, or 'laglig' would be 'olaglig' misspelt.
    """
    x, y = a.lower(), b.lower()
    if x == y:
        return True
    if not x or not y or x[0] != y[0] or not (x.isalpha() and y.isalpha()) or {x, y} & _MEANT:
        return False
    shorter, longer = sorted((len(x), len(y)))
    if longer > _WORD:
        return False
    return Levenshtein.distance(x, y) <= (2 if shorter >= 8 else 1 if shorter >= 5 else 0)


def _only_form(traces: Traces) -> str | None:
    if _content(traces) != {"text"} or not only_form(traces.edits):
        return None
    return f"the same words; blocks: {len(traces.edits)}"


def _only_order(traces: Traces) -> str | None:
    if not (kinds := _content(traces)) or not kinds <= {"text", "links", "attachments"}:
        return None
    if any(e.op != "moved" for e in traces.edits) or not all(map(moved, traces.change.links)):
        return None
    return f"blocks moved: {len(traces.edits)}, links moved: {len(traces.change.links)}"


def _only_contact_details(traces: Traces) -> str | None:
    if not (kinds := _content(traces)) or not kinds <= {"text", "links"}:
        return None
    edits = [e for e in traces.edits if e.op != "moved"]
    links = [e for e in traces.change.links if not moved(e)]
    if not all(e.target.startswith(("mailto:", "tel:")) for e in links):
        return None
    whole = [*traces.blocks("added"), *traces.blocks("removed")]
    inside = all(
        all(map(is_contact_token, s.removed + s.added)) or (is_contact(s.old) and is_contact(s.new))
        for s in traces.swaps
    )
    if not (edits or links) or not inside or not all(map(is_contact, whole)):
        return None
    return f"blocks: {len(edits)}, links: {len(links)}"


def _content(traces: Traces) -> set[str]:
    """The kinds that changed, but for the page's dates."""
    return set(traces.change.kinds) - _DATES


def _named(edit: LinkEdit) -> str:
    """A link by its words, or by the last part of its address."""
    return f"“{edit.text:.80}”" if edit.text else edit.target.rstrip("/").rpartition("/")[2][:80]


def _quoted(text: str) -> str:
    """The first words of a passage, in quotes."""
    words = text.split()
    return f"“{' '.join(words[:_QUOTED])}{' …' if len(words) > _QUOTED else ''}”"


def _listed(items: Iterable[str]) -> str | None:
    """The first few items in one line, each once; None where there are none."""
    counted = list(dict.fromkeys(items))
    more = f"; {len(counted) - 4} more" if len(counted) > 4 else ""
    return "; ".join(counted[:4]) + more if counted else None


REASONS: Mapping[str, Rule] = {
    "amount-changed": _amount_changed,
    "date-in-text-changed": _date_changed,
    "deadline-changed": _deadline_changed,
    "decision-reference-changed": _reference_changed,
    "negation-changed": _negation_changed,
    "name-removed-from-list": _name_removed,
    "paragraph-removed": _paragraph_removed,
    "heading-removed": _heading_removed,
    "most-of-page-removed": _most_removed,
    "document-unlinked": _document_unlinked,
    "document-replaced": _document_replaced,
    "link-retargeted": _link_retargeted,
    "term-of-interest": _term_of_interest,
    "silent": _silent,
    "page-gone": _page_gone,
    "only-spelling": _only_spelling,
    "only-whitespace-or-punctuation": _only_form,
    "only-order": _only_order,
    "only-contact-details": _only_contact_details,
    "site-wide": _site_wide,
}
"""Every reason with its rule; their points are configuration."""

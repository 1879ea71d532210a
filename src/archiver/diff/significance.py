"""Why a change may matter: named reasons, each with its points and the words that make it so.

The sum is shown with its names, never instead of them, so that a reader can disagree. A reason is a function from what
stands in the change to its grounds, or none; its points come from `config/significance.toml`. Grounds quote words and
count; they never say a person's name where the reason is that a name came or went. Pure.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from rapidfuzz.distance import Levenshtein

from archiver.diff.exchanges import NEGATIONS, NUMBER_WORDS, Exchange, amounts, dates, exchanged, negated
from archiver.diff.tokens import HAS_WORD
from archiver.diff.traces import Traces, deadline, decisions, is_contact, is_contact_token, only_form, references
from archiver.model import Change, Ground, LinkEdit, Reason
from archiver.model.grounds import in_english

LONGEST = 200
"""Characters of a detail."""
_QUOTED = 12
"""Words of a removed passage that are quoted."""
_FEW = 4
"""Things of one reason that are told one by one."""
_PARAGRAPH = 5
"""Words from which a removed paragraph is one."""
_MOST, _PAGE = 0.6, 30
"""The share of a page's words, and the words a page must have had, for most of it to be gone."""
_WORD = 60
"""Letters of the longest word that can be misspelt."""
ELSEWHERE = "text-elsewhere"
"""The reason that a page which went stands at another address: given when a run is over (`diff.moves`)."""
_ASIDE = frozenset({"published", "updated", "reviewed", "personnel"})

_MEANT = NEGATIONS | frozenset(NUMBER_WORDS)
"""Words that are never another word misspelt."""

Grounds = tuple[Ground, ...]
Rule = Callable[[Traces], Grounds]


def weigh(change: Change, points: Mapping[str, int], terms: Sequence[str], lost: str = "") -> tuple[Reason, ...]:
    """The reasons for which a classified change may matter, in a fixed order.

    A reason without points, or with 0, is not given. `terms`: words somebody watches. `lost`: the text of a page that
    is gone with this change.
    """
    traces = Traces(change, tuple(terms), lost)
    found = ((name, rule(traces)) for name, rule in REASONS.items() if points.get(name))
    return tuple(Reason(name, points[name], _short(in_english(grounds)), grounds) for name, grounds in found if grounds)


def _short(detail: str) -> str:
    return detail if len(detail) <= LONGEST else f"{detail[: LONGEST - 1]}…"


def _amount_changed(traces: Traces) -> Grounds:
    return _listed(pair for swap in traces.swaps for pair in exchanged(swap, amounts))


def _date_changed(traces: Traces) -> Grounds:
    return _listed(pair for swap in traces.swaps for pair in exchanged(swap, dates))


def _deadline_changed(traces: Traces) -> Grounds:
    return _listed(pair for swap in traces.swaps for pair in deadline(swap))


def _reference_changed(traces: Traces) -> Grounds:
    numbered = [s for s in traces.swaps if s.has_digits]
    old = references("\n".join([*(s.old for s in numbered), *traces.blocks("removed")]))
    new = references("\n".join([*(s.new for s in numbered), *traces.blocks("added")]))
    return _listed([*(f"− {r}" for r in old - new), *(f"+ {r}" for r in new - old)]) if old - new else ()


def _decision_changed(traces: Traces) -> Grounds:
    old = decisions(w for s in traces.swaps for w in s.removed)
    new = decisions(w for s in traces.swaps for w in s.added)
    return _listed([*(f"− “{w}”" for w in old - new), *(f"+ “{w}”" for w in new - old)])


def _negation_changed(traces: Traces) -> Grounds:
    found = [told for s in traces.swaps for told in negated(s)]
    return _listed(f"{sign} “{word}”" for sign, word in dict.fromkeys(found))


def _name_removed(traces: Traces) -> Grounds:
    left = [e for e in traces.change.people if e.op == "left"]
    count = max(len(left), traces.names_removed)
    return (Ground("names-left", (str(count),)),) if count else ()


def _name_added(traces: Traces) -> Grounds:
    joined = [e for e in traces.change.people if e.op == "joined"]
    return (Ground("joined", (str(len(joined)),)),) if joined else ()


def _role_changed(traces: Traces) -> Grounds:
    edits = dict.fromkeys((e.former, e.role) for e in traces.change.people if e.op == "role")
    return _some([Ground("role-changed", pair) for pair in edits])


def _paragraph_removed(traces: Traces) -> Grounds:
    texts = [t for t in traces.blocks("removed", "paragraph", "quote") if len(t.split()) >= _PARAGRAPH]
    return _listed([f"{len(texts)}: {_quoted(texts[0])}"]) if texts else ()


def _heading_removed(traces: Traces) -> Grounds:
    return _listed(map(_quoted, traces.blocks("removed", "heading")))


def _most_removed(traces: Traces) -> Grounds:
    added, removed = traces.words
    if removed < _MOST * _PAGE or 2 * added > removed:
        return ()
    before = traces.words_before
    if before < _PAGE or removed < _MOST * before:
        return ()
    return (Ground("words-left", (str(removed), str(before), str(added))),)


def _much_added(traces: Traces) -> Grounds:
    added, removed = traces.words
    if added < _MOST * _PAGE or 2 * removed > added:
        return ()
    before = traces.words_before
    if before < _PAGE or added < _MOST * before:
        return ()
    return (Ground("words-came", (str(added), str(before), str(removed))),)


def _document_unlinked(traces: Traces) -> Grounds:
    return _listed(map(_named, traces.links("removed", attached=True)))


def _document_replaced(traces: Traces) -> Grounds:
    links = [e for e in traces.links("renamed", attached=True) if e.is_swapped]
    files = [
        f"the file: {d.before:.12} → {d.after:.12}"
        for d in traces.change.differences
        if d.kind == "payload" and d.before and d.after
    ]
    return _listed([*files, *map(_named, [*traces.links("retargeted", attached=True), *links])])


def _link_retargeted(traces: Traces) -> Grounds:
    edits = traces.links("retargeted", attached=False)
    return _listed(f"“{e.text:.60}”: {(e.before or ''):.80} → {e.target:.80}" for e in edits)


def _term_of_interest(traces: Traces) -> Grounds:
    found = []
    for term in traces.terms:
        form = re.compile(rf"(?<!\w){re.escape(term)}", re.I)
        for sign, text in (("−", traces.removed_text), ("+", traces.added_text)):
            if form.search(text):
                found.append(f"{sign} “{term}”")
    return _listed(found)


def _of_class(name: str) -> Rule:
    """The rule that gives a class's own grounds."""

    def rule(traces: Traces) -> Grounds:
        found = next((c for c in traces.change.classes if c.name == name), None)
        return () if found is None else found.grounds or (Ground("quoted", (found.reason,)),)

    return rule


def _only_spelling(traces: Traces) -> Grounds:
    if _content(traces) != {"text"} or any(e.op != "changed" for e in traces.edits):
        return ()
    pairs: list[tuple[str, str]] = []
    for exchange in (e for swap in traces.swaps for e in swap.exchanges):
        here = _words_side_by_side(exchange)
        if not all(_spelt(a, b) for a, b in here):
            return ()
        pairs += here
    return _listed(f"{a} → {b}" for a, b in pairs if a != b)


def _words_side_by_side(exchange: Exchange) -> list[tuple[str, str]]:
    """The words that replaced each other; an empty partner where the numbers differ."""
    old, new = ([t for t in side if HAS_WORD.search(t)] for side in (exchange.removed, exchange.added))
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


def _only_form(traces: Traces) -> Grounds:
    if _content(traces) != {"text"} or not only_form(traces):
        return ()
    return (Ground("same-words", (str(len(traces.edits)),)),)


def _only_renumbered(traces: Traces) -> Grounds:
    rows = sum(e.renumbered for e in traces.edits)
    if not rows or _content(traces) != {"text"} or any(e.op == "changed" and not e.renumbered for e in traces.edits):
        return ()
    return (Ground("renumbered", (str(rows),)),) if rows == len(traces.edits) else ()


def _only_order(traces: Traces) -> Grounds:
    if not (kinds := _content(traces)) or not kinds <= {"text", "links", "attachments"}:
        return ()
    if any(e.op != "moved" for e in traces.edits) or not all(e.has_moved for e in traces.change.links):
        return ()
    return (Ground("moved-about", (str(len(traces.edits)), str(len(traces.change.links)))),)


def _only_contact_details(traces: Traces) -> Grounds:
    if not (kinds := _content(traces)) or not kinds <= {"text", "links"}:
        return ()
    edits = [e for e in traces.edits if e.op != "moved"]
    links = [e for e in traces.change.links if not e.has_moved]
    if not all(e.target.startswith(("mailto:", "tel:")) for e in links):
        return ()
    whole = [*traces.blocks("added"), *traces.blocks("removed")]
    inside = (
        all(map(is_contact_token, (*s.removed, *s.added))) or (is_contact(s.old) and is_contact(s.new))
        for s in traces.swaps
    )
    if not all(inside) or not all(map(is_contact, whole)):
        return ()
    if not (whole or links or any(HAS_WORD.search(s.words) for s in traces.swaps)):
        return ()  # nothing but marks
    return (Ground("contact-details", (str(len(edits)), str(len(links)))),)


def _content(traces: Traces) -> set[str]:
    """The kinds that changed, but for the page's dates, and for who is who, which the text says."""
    return set(traces.change.kinds) - _ASIDE


def _named(edit: LinkEdit) -> str:
    """A link by its words, or by the last part of its address."""
    return f"“{edit.text:.80}”" if edit.text else edit.target.rstrip("/").rpartition("/")[2][:80]


def _quoted(text: str) -> str:
    """The first words of a passage, in quotes."""
    words = text.split()
    return f"“{' '.join(words[:_QUOTED])}{' …' if len(words) > _QUOTED else ''}”"


def _listed(items: Iterable[str]) -> Grounds:
    """The first few items, each once, and how many more there are."""
    return _some([Ground("quoted", (item,)) for item in dict.fromkeys(items)])


def _some(grounds: Sequence[Ground]) -> Grounds:
    more = [Ground("more", (str(len(grounds) - _FEW),))] if len(grounds) > _FEW else []
    return (*grounds[:_FEW], *more)


REASONS: Mapping[str, Rule] = {
    "amount-changed": _amount_changed,
    "date-in-text-changed": _date_changed,
    "deadline-changed": _deadline_changed,
    "decision-changed": _decision_changed,
    "decision-reference-changed": _reference_changed,
    "negation-changed": _negation_changed,
    "name-removed-from-list": _name_removed,
    "name-added-to-list": _name_added,
    "role-changed": _role_changed,
    "paragraph-removed": _paragraph_removed,
    "heading-removed": _heading_removed,
    "most-of-page-removed": _most_removed,
    "much-added": _much_added,
    "document-unlinked": _document_unlinked,
    "document-replaced": _document_replaced,
    "link-retargeted": _link_retargeted,
    "term-of-interest": _term_of_interest,
    "silent": _of_class("silent-edit"),
    "late-date": _of_class("late-date"),
    "publication-date-altered": _of_class("backdated-publication"),
    "page-gone": _of_class("disappearance"),
    "page-moved": _of_class("move"),
    ELSEWHERE: lambda _: (),
    "only-spelling": _only_spelling,
    "only-whitespace-or-punctuation": _only_form,
    "only-order": _only_order,
    "only-renumbered": _only_renumbered,
    "only-contact-details": _only_contact_details,
    "bulk-stamp": _of_class("bulk-stamp"),
    "site-wide": _of_class("site-wide"),
}
"""Every reason with its rule; their points are configuration."""

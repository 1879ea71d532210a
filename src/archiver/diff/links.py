"""The links that differ between two documents: added, removed, renamed, retargeted, or only standing elsewhere.

Compared is what `model.compared_link` sees of a main link. A link that only moved is written as 'renamed' to the words
it already had (`has_moved`), so that two orders of the same links never compare as equal. An attachment whose note
alone changed is 'renamed' too: its size tells that the file was swapped (`is_swapped`). Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from archiver.diff.align import Gap, align, gaps
from archiver.model import Link, LinkEdit, compared_link, told_link

TELLING = 8
"""Letters from which a link's text may tell where it pointed before, wherever it stood: not `här` or `läs mer`."""

_MOMENT = re.compile(r"(?<=/)1\d{12}(?=/)|(?<=[?&][a-z]=)1\d{9,12}\Z")
"""Milliseconds since 1970 as a part of a path, or as the one value of a short parameter: Sitevision's
`/download/18.<node>/<moment>/<name>`, and files with `?t=<moment>`."""
_Pair = tuple[int, int]
_Key = Callable[[Link], Hashable]


def compare_links(before: Sequence[Link], after: Sequence[Link]) -> tuple[LinkEdit, ...]:
    """The edits that lead from the main links of one document to those of the other, in the order of the page."""
    old, new = _main(before), _main(after)
    runs = align([_compared(k) for k in old], [_compared(k) for k in new])
    between = gaps(runs, len(old), len(new))
    gone = [k for i, i_end, _, _ in between for k in range(i, i_end)]
    come = [k for _, _, j, j_end in between for k in range(j, j_end)]
    pairs = _pairs(old, new, gone, come, between)
    partner = {j: i for i, j in pairs}
    kept = set(partner.values())
    edits = [_removed(old[i], i) for i in gone if i not in kept]
    edits += [_arrived(old, new, partner.get(j), j) for j in come]
    return tuple(sorted(edits, key=_place))


def apply_links(before: Sequence[Link], edits: Iterable[LinkEdit]) -> list[list[str | None]]:
    """The compared main links after the edits, in the form of `model.compared_link`."""
    edits = tuple(edits)
    placed = {e.at_after: _as_compared(e) for e in edits if e.at_after is not None}
    left = {e.at_before for e in edits}
    rest = (compared_link(k) for i, k in enumerate(_main(before)) if i not in left)
    total = len(placed) + sum(1 for i, _ in enumerate(_main(before)) if i not in left)
    return [placed[at] if at in placed else next(rest) for at in range(total)]


def _main(links: Sequence[Link]) -> list[Link]:
    return [k for k in links if k.part == "main"]


def _compared(link: Link) -> Hashable:
    return tuple(compared_link(link))


def _as_compared(edit: LinkEdit) -> list[str | None]:
    return [edit.rel, edit.target, edit.text, edit.note if edit.rel == "attachment" else None]


def _place(edit: LinkEdit) -> tuple[int, int]:
    """Where an edit is told: by its place after, a removed one by its place before, ahead of what came there."""
    if edit.at_after is None:
        return edit.at_before or 0, 0
    return edit.at_after, 1


def _removed(link: Link, at: int) -> LinkEdit:
    return LinkEdit("removed", link.rel, link.target, link.text, at_before=at, note=link.note)


def _arrived(old: Sequence[Link], new: Sequence[Link], before: int | None, at: int) -> LinkEdit:
    """The edit of a link that stands at a new place: what it was before decides the word for it."""
    link = new[at]
    if before is None:
        return LinkEdit("added", link.rel, link.target, link.text, at_after=at, note=link.note)
    was = old[before]
    if was.target != link.target:
        return LinkEdit("retargeted", link.rel, link.target, link.text, was.target, before, at, link.note)
    told = told_link(was.rel, was.text, was.note)
    return LinkEdit("renamed", link.rel, link.target, link.text, told, before, at, link.note)


def _pairs(
    old: Sequence[Link], new: Sequence[Link], gone: list[int], come: list[int], between: Sequence[Gap]
) -> list[_Pair]:
    """Which link became which: the very same elsewhere, the same target, the same file put up anew, the same words."""
    pairs: list[_Pair] = []
    left, right = set(gone), set(come)

    def match(key: _Key, gone: Sequence[int], come: Iterable[int]) -> None:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for i in reversed(gone):
            if i in left:
                waiting[key(old[i])].append(i)
        for j in come:
            if j in right and waiting.get(key(new[j])):
                pairs.append((waiting[key(new[j])].pop(), j))
                left.discard(pairs[-1][0])
                right.discard(j)

    match(_compared, gone, come)
    match(lambda k: (k.rel, k.target), gone, come)
    match(_by_address, [i for i in gone if _numbered(old[i])], [j for j in come if _numbered(new[j])])
    telling = _telling([old[i] for i in gone], [new[j] for j in come])
    match(_by_words, gone, [j for j in come if new[j].text in telling])
    for i, i_end, j, j_end in between:
        if i < i_end and j < j_end:
            match(_by_words, range(i, i_end), [k for k in range(j, j_end) if new[k].text])
    return pairs


def is_put_up_anew(before: str, after: str) -> bool:
    """Whether two addresses are one file's, put up at two moments."""
    return bool(_MOMENT.search(before)) and _MOMENT.split(before, 1)[0] == _MOMENT.split(after, 1)[0]


def _numbered(link: Link) -> bool:
    """Whether an attachment's address carries the moment of its upload, as a number of its own."""
    return link.rel == "attachment" and bool(_MOMENT.search(link.target))


def _by_address(link: Link) -> Hashable:
    """An attachment's address up to the moment of its upload: the name behind it goes with the file."""
    return _MOMENT.split(link.target, maxsplit=1)[0]


def _by_words(link: Link) -> Hashable:
    return link.rel, link.text


def _telling(gone: Sequence[Link], come: Sequence[Link]) -> set[str]:
    """Texts that stand once among the links that went and once among those that came, and are no mere `here`."""
    one, other = Counter(k.text for k in gone), Counter(k.text for k in come)
    return {text for text, n in one.items() if n == 1 and other[text] == 1 and len(text) >= TELLING}

"""What a site's own pages teach: a line that stands on most of them is the template's.

Learned from the texts of many pages, whatever part of the page they stood in; used by `furnished`, with care: a learned
line is furniture where it begins or ends the content, or stands there among others of its kind. A heading goes only
with what it heads, and rows of tables stay. Pure.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from archiver.extract.page.lines import Line

MOST_PAGES = 400
"""Pages of a site that are looked at, the latest captured."""
LEAST_PAGES = 10
"""Pages without which nothing is learned: what stands on four of five is their subject."""
SHARE = 0.5
"""Of the pages, on more than which a line stands."""
MOST_LINES = 500
LONGEST = 300
"""Characters of a line that is learned: no template says more in one."""
_LETTERS = 3
_NO_LETTER = re.compile(r"[\W\d_]+")
_ALONE = 30
"""Characters of a line that is furniture amid the text though none of its kind stands beside it."""


def furniture(pages: Iterable[Collection[str]]) -> frozenset[str]:
    """The lines that stand on most of a site's pages, given the texts of each; the commonest, where they are many.

    Numbers and dates are left out, even if every page bears the same.
    """
    counts: Counter[str] = Counter()
    number = 0
    for texts in pages:
        number += 1
        counts.update({text for text in texts if len(text) <= LONGEST})
    if number < LEAST_PAGES:
        return frozenset()
    common = [(-count, text) for text, count in counts.items() if count > SHARE * number and _says_something(text)]
    return frozenset(text for _, text in sorted(common)[:MOST_LINES])


def _says_something(text: str) -> bool:
    return len(_NO_LETTER.sub("", text)) >= _LETTERS


def furnished(lines: Sequence[Line], learned: Collection[str]) -> set[int]:
    """The lines of the content area that are learned furniture."""
    if not learned:
        return set()
    own = [i for i, line in enumerate(lines) if line.zone == "main" and line.kind != "title"]
    runs: list[list[int]] = []
    before = -2
    for place, index in enumerate(own):
        line = lines[index]
        if line.text in learned and line.kind != "table-row":
            if before != place - 1:
                runs.append([])
            runs[-1].append(index)
            before = place
    found: set[int] = set()
    for whole in runs:
        ends = whole[-1] == own[-1]
        run = whole if ends else whole[: _without_headings(lines, whole)]
        if run and (ends or run[0] == own[0] or len(run) > 1 or len(lines[run[0]].text) >= _ALONE):
            found.update(run)
    return found


def _without_headings(lines: Sequence[Line], run: Sequence[int]) -> int:
    """How long a run is without the headings that end it: they head what comes behind it."""
    length = len(run)
    while length and lines[run[length - 1]].kind == "heading":
        length -= 1
    return length

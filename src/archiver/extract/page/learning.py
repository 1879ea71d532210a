"""What a site's own pages teach: a line that stands on most of them is the template's. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable

MOST_PAGES = 400
"""Pages of a site that are looked at, the latest captured."""


def furniture(pages: Iterable[Collection[str]]) -> frozenset[str]:
    """The lines that stand on most of a site's pages, given the texts of each."""
    counts: Counter[str] = Counter()
    number = 0
    for texts in pages:
        number += 1
        counts.update(set(texts))
    return frozenset(text for text, count in counts.items() if number >= 10 and count > number / 2)

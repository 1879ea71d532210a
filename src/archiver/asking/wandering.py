"""Passages that stand in several municipalities, each in words of its own: all of them, with nobody asking for one.

Comparing all passages with all others is what fingerprints are for. The MinHash of a passage's runs of words (Broder
1997) agrees with another's in as large a share of its places as the two have runs in common; those that agree in a
whole band of places are compared in full. The fingerprints are made when somebody asks, of the passages that pages
show now, and kept nowhere (docs/decisions/0014).
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rensa import RMinHash, RMinHashLSH

from archiver.asking.similar import runs_of, shown_on

PLACES, BANDS = 96, 24
"""Places of a fingerprint, and bands of them. Two passages that share 0.7 of their runs agree in no band once in
700 times; those that share 0.3 are compared in vain one time in six."""
SEED = 1
FEWEST = 15
"""Words of a passage that is looked at: shorter ones are alike by chance, or are a form's own words."""
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """A page that shows a passage now."""

    municipality: str
    code: str
    url: str
    title: str | None
    text: str
    since: str  # when the state of the page that shows it was first seen


@dataclass(frozen=True, slots=True)
class Wandering:
    """One text in the wordings of several municipalities."""

    municipalities: int
    pages: int
    least: float  # how much the two most unlike neighbours share: 1.0, word for word everywhere
    places: tuple[Place, ...]  # by municipality and address


def wandering(
    conn: sqlite3.Connection,
    *,
    least: float = 0.7,
    kommun: str | None = None,
    fewest: int = FEWEST,
    limit: int = 50,
    watch: Callable[[int, int], None] = lambda _, __: None,
) -> list[Wandering]:
    """The texts that most municipalities share, in at least `fewest` words; the widest spread first, then the longest.

    Two passages are one text where they share `least` of all runs of three words that either has. With `kommun`, a
    code: texts that this one has too. `watch` hears how many passages of how many were looked at. Each passage takes
    its text and some 700 bytes of memory.
    """
    texts: dict[int, str] = {}
    spread: dict[int, int] = {}
    for number, text, municipalities in conn.execute(_PASSAGES, (fewest,)):
        texts[number], spread[number] = text, municipalities
    alike = _pairs(texts, least, watch)
    groups = [group for group in _groups(alike, texts) if len(group) > 1 or spread[group[0]] > 1]
    group_of = {number: at for at, group in enumerate(groups) for number in group}
    shares = [1.0] * len(groups)
    for (number, _), share in alike.items():
        shares[group_of[number]] = min(shares[group_of[number]], share)
    found = (_told(conn, texts, group, share) for group, share in zip(groups, shares, strict=True))
    kept = [one for one in found if one.municipalities > 1 and kommun in (None, *(place.code for place in one.places))]
    kept.sort(key=lambda one: (-one.municipalities, -len(one.places[0].text), one.places[0].url))
    return kept[:limit]


_PASSAGES = """SELECT b.passage_id, t.text, count(DISTINCT o.source_id) FROM open_revisions w
    JOIN open_pages o ON o.page_id = w.page_id AND o.kind IN ('page', 'file')
    JOIN revisions r ON r.id = w.revision_id AND r.state = 'present'
    JOIN blocks b ON b.document_id = r.document_id AND b.part = 'main' AND b.kind <> 'title'
    JOIN passages t ON t.id = b.passage_id
    WHERE w.open AND r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id)
      AND length(t.text) - length(replace(t.text, ' ', '')) + 1 >= ?
    GROUP BY b.passage_id ORDER BY b.passage_id"""


def _pairs(texts: dict[int, str], least: float, watch: Callable[[int, int], None]) -> dict[tuple[int, int], float]:
    """The passages that are alike, two by two, and how much."""
    index = RMinHashLSH(threshold=least, num_perm=PLACES, num_bands=BANDS)
    alike: dict[tuple[int, int], float] = {}
    for count, (number, text) in enumerate(texts.items(), 1):
        own = runs_of(text)
        mark = RMinHash(num_perm=PLACES, seed=SEED)
        mark.update([" ".join(run) for run in own])
        for other in index.query(mark):
            others = runs_of(texts[other])
            share = len(own & others) / len(own | others)
            if share >= least:
                alike[other, number] = share
        index.insert(number, mark)
        if count % BATCH == 0:
            watch(count, len(texts))
    watch(len(texts), len(texts))
    return alike


def _groups(alike: Iterable[tuple[int, int]], texts: Iterable[int]) -> list[list[int]]:
    """Passages that hang together by likeness, and those that are like no other: a passage may stand on many pages."""
    leader: dict[int, int] = {number: number for number in texts}

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = number = leader[leader[number]]
        return number

    for one, other in alike:
        leader[find(one)] = find(other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in leader:
        groups[find(number)].append(number)
    return list(groups.values())


def _told(conn: sqlite3.Connection, texts: dict[int, str], group: list[int], least: float) -> Wandering:
    """The pages that show one of the passages."""
    shown = ((texts[number], row) for number in group for row in shown_on(conn, number))
    places = sorted(
        (Place(row[1], row[2], row[0], row[3], text, row[4]) for text, row in shown),
        key=lambda place: (place.municipality, place.url, place.text),
    )
    return Wandering(
        len({place.code or place.municipality for place in places}),
        len({place.url for place in places}),
        round(least, 3),
        tuple(places),
    )

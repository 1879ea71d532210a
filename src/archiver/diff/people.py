"""Who left, joined or changed places in a list or table of people.

Theory of operation: a person is known by the form of a row, not by a list of names. A row is cut where rows are cut
(cells, commas, colons, dashes); what is left are roles, which the language pack lists, parties, which stand in
brackets, and names: two to four capitalised words. A row tells of a person where it has a name and, in itself or in
the heading it stands under, a role or a party. Only rows that a comparison found changed are looked at. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from archiver.model import Block, BlockEdit, Hunk, PersonEdit

LONGEST, MOST_PARTS = 400, 40
"""Characters of a row, and parts of it, that are looked at."""
MOST_ROWS = 5_000
"""Changed blocks of a page that are looked at: more are no assembly."""
SENTENCE = 120
"""Characters of a paragraph that may be a row: 'Ordförande: Vera Exempel (S)'."""
_ROWS = ("list-item", "table-row")
_CUT = re.compile(r"\s*(?:[|,;\n\t•]|:(?=\s|\Z)|\s[–—-](?=\s))\s*")
_PARTY = re.compile(r"\(([^\W\d_][^\W\d_+.-]{0,5}\.?|-)\)")
_BARE_PARTY = re.compile(r"[A-ZÅÄÖÆØ]{1,4}|[A-ZÅÄÖ][a-zåäö]")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_NAME_PART = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LONGEST_WORD = 80
"""Letters of a word that may be the last of a name."""
_PARTICLES = frozenset(
    {"af", "av", "von", "van", "de", "der", "den", "del", "della", "di", "da", "do", "dos", "du", "la", "le", "el",
     "al", "bin", "ibn", "ben", "zu", "zur", "ter", "ten", "und", "y"}
)  # fmt: skip
"""Small words inside a name: `Anna af Klint`, `Jan van der Berg`."""
_BODIES = (
    "parti", "partiet", "partei", "party", "puolue", "liitto", "demokraterna", "liberalerna", "kommun", "kommune",
    "stad", "nämnd", "nämnden", "nämnda", "styrelse", "styrelsen", "fullmäktige", "utskott", "utskottet", "utvalg",
    "udvalg", "råd", "rådet", "förvaltning", "förvaltningen", "bolaget", "förening", "föreningen", "lautakunta",
    "hallitus", "valtuusto", "ausschuss", "council", "committee", "board", "skola", "skolan", "salen", "torget",
    "gatan", "vägen", "huset", "hallen", "kyrka", "kyrkan", "centrum",
)  # fmt: skip
"""How the last word of an assembly's, an office's or a place's name ends: no person is called so."""
_NAME_WORDS = range(2, 5)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a row tells of them."""

    name: str
    role: str | None = None
    party: str | None = None


def people_changed(
    before: Sequence[Block], after: Sequence[Block], edits: Iterable[BlockEdit], roles: Collection[str]
) -> tuple[PersonEdit, ...]:
    """Who left, joined, or is there in another role or for another party, in the order of the page.

    `roles`: how the page's language calls what people are in an assembly.
    """
    changed = [e for e in edits if e.op in ("changed", "added", "removed")][:MOST_ROWS]
    if not roles or not any(_may_be_row(b) for e in changed for b in (e.before, e.after) if b):
        return ()
    known = _vocabulary(frozenset(roles))
    old = _people(before, [e.at_before for e in changed if e.at_before is not None], known)
    new = _people(after, [e.at_after for e in changed if e.at_after is not None], known)
    return tuple(_edits(old, new))


def marked(hunks: Sequence[Hunk], edits: Sequence[PersonEdit]) -> tuple[Hunk, ...]:
    """The hunks, those marked that stand in a row of somebody who left, joined or changed places."""
    if not edits:
        return tuple(hunks)
    names = Names(edit.name for edit in edits)
    texts = {text for h in hunks for text in (h.before, h.after) if text}
    telling = {text for text in texts if names.found_in(text)}
    return tuple(replace(h, person=True) if h.before in telling or h.after in telling else h for h in hunks)


class Names:
    """Names that are looked for in many texts: each text is read once, however many names there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._ends: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
        for name in names:
            *first, last = _NAME_PART.findall(name)
            self._ends[tuple(first)][last[:_LONGEST_WORD]] = name
        self._lengths = sorted({len(first) for first in self._ends})

    def found_in(self, text: str) -> set[str]:
        """Those that stand in a text; a last word may go on, for `Vera Exempels` tells of her too."""
        words = _NAME_PART.findall(text)
        found: set[str] = set()
        for length in self._lengths:
            for at in range(len(words) - length):
                if ends := self._ends.get(tuple(words[at : at + length])):
                    last = words[at + length][:_LONGEST_WORD]
                    found.update(ends[last[:k]] for k in range(1, len(last) + 1) if last[:k] in ends)
        return found


def is_name(text: str) -> bool:
    """Whether a text has the form of a person's name: 'Vera Exempel', 'Bo-Göran af Klint'."""
    words = text.split()
    if not 2 <= len(words) <= 6 or not all(_WORD.fullmatch(w) for w in words):
        return False
    capitals = [w for w in words if w.casefold() not in _PARTICLES or w[0].isupper()]
    if len(capitals) not in _NAME_WORDS or words[0] is not capitals[0] or words[-1] is not capitals[-1]:
        return False
    return all(map(_is_capitalised, capitals)) and not words[-1].casefold().endswith(_BODIES)


def _is_capitalised(word: str) -> bool:
    """An upper-case letter and then lower-case ones, in each part; an initial may stand alone."""
    parts = re.split(r"[-'’]", word.rstrip("."))
    return all(part and part[0].isupper() and not part[1:].isupper() for part in parts)


def row_people(text: str, roles: Collection[str], heading: str | None = None) -> list[Person]:
    """The people a row tells of; `heading`: the role of all who stand under it."""
    return _row(text, _vocabulary(frozenset(roles)), heading)


def _may_be_row(block: Block) -> bool:
    return len(block.text) <= LONGEST and (
        block.kind in _ROWS or (block.kind == "paragraph" and len(block.text) <= SENTENCE)
    )


@dataclass(frozen=True, slots=True)
class _Roles:
    """A language's roles, ready to be looked for at either end of a text."""

    first: re.Pattern[str]
    last: re.Pattern[str]


@lru_cache(maxsize=32)
def _vocabulary(roles: frozenset[str]) -> _Roles:
    longest_first = "|".join(re.escape(role) for role in sorted(roles, key=lambda r: (-len(r), r)))
    return _Roles(
        re.compile(rf"(?i:({longest_first}))(?!\w)[.]?\s*"), re.compile(rf"(?i:(?<!\w)({longest_first}))\s*\Z")
    )


def _row(text: str, known: _Roles, heading: str | None) -> list[Person]:
    people: list[Person] = []
    leading: str | None = None
    for part, party in _parts(text):
        role, rest, trailing = _told_role(part, known)
        if role and not rest:
            if people and leading is None and people[-1].role is None:
                people[-1] = replace(people[-1], role=role)
            else:
                leading = role
        elif is_name(rest):
            people.append(Person(rest, trailing or role or leading, party))
            leading = leading or role
        if party and people and not is_name(rest):
            people[-1] = replace(people[-1], party=people[-1].party or party)
    told = [replace(p, role=p.role or heading) for p in people]
    return [p for p in told if p.role or p.party]


def _parts(text: str) -> Iterator[tuple[str, str | None]]:
    """The parts of a row, each with the party that stands in brackets in it, or that it is."""
    cells = "|" in text
    for part in _CUT.split(text)[:MOST_PARTS]:
        found = _PARTY.search(part)
        bare = " ".join(_PARTY.sub(" ", part).split()) if found else part.strip()
        if cells and not found and _BARE_PARTY.fullmatch(bare):
            yield "", bare
        elif bare or found:
            yield bare, found[1] if found else None


def _told_role(part: str, known: _Roles) -> tuple[str | None, str, str | None]:
    """The role a part begins with, what stands beside it, and the role it ends with."""
    if first := known.first.match(part):
        return first[1], part[first.end() :].strip(), None
    if last := known.last.search(part):
        return None, part[: last.start()].strip(), last[1]
    return None, part, None


def _people(blocks: Sequence[Block], places: Iterable[int], known: _Roles) -> list[Person]:
    """The people of some blocks of a text, each with the role of its heading where the row tells none."""
    wanted, found = set(places), []
    heading: str | None = None
    for at, block in enumerate(blocks):
        if block.kind == "heading":
            match = known.first.match(block.text) if len(block.text) <= SENTENCE else None
            heading = match[1] if match else None
        elif at in wanted and _may_be_row(block):
            found += _row(block.text, known, heading if block.kind in _ROWS else None)
    return found


def _edits(old: Sequence[Person], new: Sequence[Person]) -> Iterator[PersonEdit]:
    """What became of everybody: those who stand there in the same place on both sides are nobody's news."""
    stay = Counter(old) & Counter(new)
    left, joined = _without(old, stay), _without(new, stay)
    waiting: dict[str, list[Person]] = defaultdict(list)
    for person in reversed(left):
        waiting[person.name].append(person)
    paired: Counter[Person] = Counter()
    arrived: list[PersonEdit] = []
    for person in joined:
        if waiting.get(person.name):
            former = waiting[person.name].pop()
            paired[former] += 1
            if _folded(former.role) != _folded(person.role):
                arrived.append(PersonEdit("role", person.name, person.role, person.party, former.role))
            if former.party and person.party and former.party != person.party:
                arrived.append(PersonEdit("party", person.name, person.role, person.party, former.party))
        else:
            arrived.append(PersonEdit("joined", person.name, person.role, person.party))
    yield from (PersonEdit("left", p.name, p.role, p.party) for p in _without(left, paired))
    yield from arrived


def _without(people: Sequence[Person], some: Counter[Person]) -> list[Person]:
    left, kept = Counter(some), []
    for person in people:
        if left[person] > 0:
            left[person] -= 1
        else:
            kept.append(person)
    return kept


def _folded(text: str | None) -> str | None:
    return text.casefold() if text else None

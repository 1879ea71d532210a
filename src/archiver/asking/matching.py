"""What a reader typed into a search field, as queries of the full-text index and as marks in a text.

`asking.terms` says what it means; here are the ways the room's pages use it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archiver.asking.search import excerpt
from archiver.asking.terms import Forms, Term, expression, marked, parse

_QUOTES = str.maketrans(dict.fromkeys("”“„»«", '"'))
LONGEST = 200_000
"""Letters of a passage in which finds are marked."""


@dataclass(frozen=True)
class Terms:
    """The words and phrases of a search, in the archive's languages."""

    text: str
    languages: tuple[str, ...] = ("sv",)
    forms: Forms = lambda word: (word,)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """What was typed; nothing where all of it is negated."""
        found = parse(self.text.translate(_QUOTES))
        return found if any(not term.negated for term in found) else ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def wanted(self) -> tuple[str, ...]:
        """Each term that must be there, as a query of its own."""
        return tuple(expression([term], self.forms) for term in self.terms if not term.negated)

    @property
    def unwanted(self) -> tuple[str, ...]:
        """Each term that must not."""
        return tuple(expression([Term(t.words, t.exact, t.open)], self.forms) for t in self.terms if t.negated)

    @property
    def match(self) -> str:
        """All terms in one and the same row."""
        return " AND ".join(self.wanted) + "".join(f" NOT {query}" for query in self.unwanted)

    def runs(self, text: str) -> list[tuple[bool, str]]:
        """The text around the first find, in runs, and whether each was looked for; [] where nothing is found."""
        if len(text) > LONGEST or not marked(text, self.terms, self.languages):
            return []
        around, spans = excerpt(text, self.terms, self.languages, width=320)
        return list(_cut(around, spans))


def _cut(text: str, spans: tuple[tuple[int, int], ...]) -> Iterator[tuple[bool, str]]:
    at = 0
    for start, end in spans:
        yield False, text[at:start]
        yield True, text[start:end]
        at = end
    yield False, text[at:]

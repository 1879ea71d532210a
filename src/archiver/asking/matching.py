"""What a reader typed into a search field, as queries of the full-text index and as marks in a text.

`asking.terms` says what it means; here are the ways the room's pages use it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archiver.asking.search import excerpt
from archiver.asking.terms import Forms, Term, expression, marked, parse

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
        found = parse(self.text)
        return found if any(not term.negated for term in found) else ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def match(self) -> str:
        """All terms in one and the same row."""
        return expression(self.terms, self.forms)

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

"""What a reader typed, as a full-text query of SQLite: quoted, so that none of it is syntax.

`"jämkning av avgiften" hemtjänst` is a phrase and a word; typographic quotation marks count. In every form ('stems')
the words are brought to their stems first, as the index was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archiver.diff.stems import stem

_QUOTED = re.compile(r'["”“„»«]([^"”“„»«]*)["”“„»«]')
_WORD = re.compile(r"[^\W_]+")
_TERMS = 8
"""Terms of a search that are looked for; what comes after them is left out."""


@dataclass(frozen=True)
class Terms:
    """The words and phrases of a search."""

    text: str
    forms: bool = False  # every form of the words, not just so

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """Each term as the words it is made of, in small letters."""
        rest = _QUOTED.sub(" ", self.text)
        quoted = [_WORD.findall(found.lower()) for found in _QUOTED.findall(self.text)]
        single = [_WORD.findall(word.lower()) for word in rest.split()]
        found = dict.fromkeys(tuple(words) for words in [*quoted, *single] if words)
        return tuple(found)[:_TERMS]

    def __bool__(self) -> bool:
        return bool(self.phrases)

    @property
    def matches(self) -> tuple[str, ...]:
        """Each term as a query of FTS5 of its own."""
        column = "stems" if self.forms else "text"
        return tuple(f'{column} : "{" ".join(self._looked_for(words))}"' for words in self.phrases)

    @property
    def match(self) -> str:
        """All terms in one and the same row."""
        return " AND ".join(self.matches)

    def _looked_for(self, words: tuple[str, ...]) -> list[str]:
        return stem(" ".join(words), "sv").split() if self.forms else list(words)

    def marked(self, text: str) -> Iterator[tuple[bool, str]]:
        """The text in runs, and whether each was looked for."""
        at = 0
        for start, end in self._found(text):
            if start >= at:
                yield False, text[at:start]
                yield True, text[start:end]
                at = end
        yield False, text[at:]

    def _found(self, text: str) -> list[tuple[int, int]]:
        spans = [m.span() for m in _WORD.finditer(text)]
        words = [text[a:b].lower() for a, b in spans]
        if self.forms:
            words = [stem(word, "sv") for word in words]
        found = []
        for phrase in self.phrases:
            wanted = self._looked_for(phrase)
            found += [
                (spans[k][0], spans[k + len(wanted) - 1][1])
                for k in range(len(words) - len(wanted) + 1)
                if words[k : k + len(wanted)] == wanted
            ]
        return sorted(found)

    def around(self, text: str, most: int = 320) -> str:
        """The part of a long text in which the first find stands."""
        found = self._found(text)
        if len(text) <= most or not found:
            return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
        start = max(0, found[0][0] - most // 3)
        start = text.find(" ", start) + 1 if start else 0
        part = text[start : start + most]
        cut = part.rsplit(" ", 1)[0] + " …" if start + most < len(text) else part
        return ("… " if start else "") + cut

"""What a person types into a search field, as terms: words in any form, phrases and beginnings as they stand. Pure.

    tillitsbaserad styrning     both words, in any form, on one page
    "medborgarnas insyn"        these words side by side, exactly
    protokoll*                  words that begin so
    -gymnasium                  not on the page

Å, ä and ö are letters of their own, case is none, and a word with a sign inside it ('KS 2019/33', '2019-11-08',
'e-tjänst') is a phrase of its parts. Nothing of what is typed reaches the index but words between quotation marks.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from archiver.diff.stems import stem

MOST_TERMS = 20
LONGEST = 200
"""Characters of a term, and terms of a query, that are looked at."""
_TYPED = re.compile(r"(-?)(?:\"([^\"]*)\"?|([^\s\"]+))")
_WORD = re.compile(r"[^\W_]+")  # what FTS5's unicode61 takes for a token


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must, or must not, be on the page."""

    words: tuple[str, ...]  # in lower case
    exact: bool = False  # as they stand, side by side
    open: bool = False  # the last one may go on
    negated: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, as the index has them."""
    return tuple(_WORD.findall(normalize("NFC", text).lower()))


def parse(typed: str) -> tuple[Term, ...]:
    """The terms, in order; () where nothing that was typed holds a letter or a digit."""
    terms = []
    for minus, phrase, bare in _TYPED.findall(normalize("NFC", typed)):
        said = (phrase or bare)[:LONGEST]
        words = tuple(_WORD.findall(said.lower()))
        is_open = not phrase and said.endswith("*")
        if words:
            terms.append(Term(words, bool(phrase) or is_open or len(words) > 1, is_open, bool(minus)))
    return tuple(terms[:MOST_TERMS])


def expression(terms: Iterable[Term], languages: Collection[str]) -> str:
    """All of the terms as one MATCH of FTS5, over the columns `text` and `stems`."""
    return " AND ".join(_match(term, languages) for term in terms)


def _match(term: Term, languages: Collection[str]) -> str:
    phrase = f'"{" ".join(term.words)}"'
    if term.exact:
        return f"text : {phrase}{' *' if term.open else ''}"
    forms = dict.fromkeys(stem(term.words[0], language) for language in sorted(languages)) or {term.words[0]: None}
    return "(" + " OR ".join(f'stems : "{form}"' for form in forms) + ")"


def marked(text: str, terms: Iterable[Term], languages: Collection[str]) -> list[tuple[int, int]]:
    """Where in a text the terms stand, in order, as character spans that do not overlap."""
    spoken = tuple(sorted(languages))
    found = sorted(span for term in terms if not term.negated for span in _places(term, text, spoken))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _places(term: Term, text: str, languages: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    pattern, forms = _pattern(term, languages)
    for match in pattern.finditer(text):
        word = match[0].lower()
        if term.exact or word == term.words[0] or any(stem(word, language) == form for language, form in forms):
            yield match.span()


@lru_cache(maxsize=256)
def _pattern(term: Term, languages: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[tuple[str, str], ...]]:
    """What may be the term, and the stems that tell whether a word is one of its forms.

    A stem is the beginning of every form but for its last letter ('policy' and 'policies' are both 'polici').
    """
    if term.exact:
        body = r"[\W_]+".join(map(re.escape, term.words)) + (r"[^\W_]*" if term.open else "")
        return re.compile(rf"(?<![^\W_]){body}(?![^\W_])", re.I), ()
    forms = tuple((language, stem(term.words[0], language)) for language in languages)
    begun = {commonprefix([form, term.words[0]]) for _, form in forms} or {term.words[0]}
    starts = "|".join(re.escape(start[:-1] if len(start) > SHORT else start) for start in sorted(begun))
    return re.compile(rf"(?<![^\W_])(?:{starts})[^\W_]*", re.I), forms


SHORT = 3
"""Letters of a stem of which none is left out."""


def commonprefix(words: list[str]) -> str:
    """What all of the words begin with."""
    first, last = min(words), max(words)
    return first[: next((at for at, sign in enumerate(first) if sign != last[at]), len(first))]

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
    wanted = [term for term in terms if not term.negated]
    words = [(found.start(), found.end(), found[0].lower()) for found in _WORD.finditer(text)]
    found = sorted(span for term in wanted for span in _places(term, words, languages))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _places(term: Term, words: list[tuple[int, int, str]], languages: Collection[str]) -> Iterable[tuple[int, int]]:
    if not term.exact:
        forms = {language: stem(term.words[0], language) for language in languages}
        for start, end, word in words:
            if word == term.words[0] or any(stem(word, language) == form for language, form in forms.items()):
                yield start, end
        return
    count = len(term.words)
    for at in range(len(words) - count + 1):
        run = [word for _, _, word in words[at : at + count]]
        if run[:-1] != list(term.words[:-1]):
            continue
        if run[-1] == term.words[-1] or (term.open and run[-1].startswith(term.words[-1])):
            yield words[at][0], words[at + count - 1][1]

"""What a person types into a search field, as terms: words in any form, phrases and beginnings as they stand. Pure.

    tillitsbaserad styrning     both words, in any form, on one page
    "medborgarnas insyn"        these words side by side, exactly
    protokoll*                  words that begin so
    -gymnasium                  not on the page

Å, ä and ö are letters of their own, case is none, and a word with a sign inside it ('KS 2019/33', '2019-11-08',
'e-tjänst') is a phrase of its parts. Nothing of what is typed reaches the index but words between quotation marks.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args
from unicodedata import normalize

from archiver.stems import stems_of

MOST_TERMS = 20
LONGEST = 200
"""Terms of a query, and characters of a term, that are looked at."""
MOST_TYPED = MOST_TERMS * LONGEST
"""Characters of a query that are looked at."""
LeftOut = Literal["nothing-typed", "signs-only", "unwanted-only", "many-terms", "long-term", "long-query"]
"""Why a query, or a part of it, cannot be looked for; the first three: nothing of it."""
Forms = Callable[[str], Iterable[str]]
"""Every form of a word that a text may have."""
_TYPED = re.compile(r"(-?)(?:\"([^\"]*)\"?|([^\s\"]+))")
_QUOTES = str.maketrans(dict.fromkeys("”“„»«", '"'))
_WORD = re.compile(r"[^\W_]+")  # what FTS5's unicode61 takes for a token


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must, or must not, be on the page."""

    words: tuple[str, ...]  # in lower case
    exact: bool = False  # as they stand, side by side
    open: bool = False  # the last one may go on
    negated: bool = False


def parse(typed: str) -> tuple[Term, ...]:
    """The terms, in order; () where nothing that was typed holds a letter or a digit."""
    terms = dict.fromkeys(_terms(typed))
    return tuple(terms)[:MOST_TERMS]


def _terms(typed: str) -> Iterable[Term]:
    for minus, phrase, bare in _parts(typed):
        said = (phrase or bare)[:LONGEST]
        words = tuple(_WORD.findall(said.lower()))
        is_open = not phrase and said.endswith("*")
        if words:
            yield Term(words, bool(phrase) or is_open or len(words) > 1, is_open, bool(minus))


def _parts(typed: str) -> list[tuple[str, str, str]]:
    """What stands between spaces or quotation marks, of whichever language: its minus, and a phrase or a word."""
    return _TYPED.findall(normalize("NFC", typed[:MOST_TYPED]).translate(_QUOTES))


def left_out(typed: str) -> tuple[LeftOut, ...]:
    """What of a query is not looked for; () where all of it is."""
    terms = list(dict.fromkeys(_terms(typed)))
    found = {
        "nothing-typed": not typed.strip(),
        "signs-only": bool(typed.strip()) and not terms,
        "unwanted-only": bool(terms) and all(term.negated for term in terms),
        "many-terms": len(terms) > MOST_TERMS,
        "long-term": any(len(phrase or bare) > LONGEST for _, phrase, bare in _parts(typed)),
        "long-query": len(typed) > MOST_TYPED,
    }
    return tuple(code for code in get_args(LeftOut) if found[code])


def expression(terms: Iterable[Term], forms: Forms) -> str:
    """All of the terms in one text as one MATCH of FTS5, of which one at least is not negated: of a word any of its
    forms, which are words of a text in lower case."""
    sides: dict[bool, list[str]] = {False: [], True: []}
    for term in terms:
        sides[term.negated].append(_match(term, forms))
    return " AND ".join(sides[False]) + "".join(f" NOT {query}" for query in sides[True])


def _match(term: Term, forms: Forms) -> str:
    if term.exact:
        return f'"{" ".join(term.words)}"{" *" if term.open else ""}'
    return "(" + " OR ".join(f'"{form}"' for form in forms(term.words[0])) + ")"


def holds(text: str, term: Term, languages: Collection[str]) -> bool:
    """Whether the term, be it negated or not, stands in the text."""
    return next(iter(_places(term, text, tuple(sorted(languages)))), None) is not None


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
    """Found by how a word begins, which `find` does many times faster than a pattern that minds letter case."""
    lowered = text.lower()
    if len(lowered) != len(text):  # of a letter or two ('İ') the lower case is longer
        lowered = "".join(sign.lower()[0] for sign in text)
    starts, pattern, forms = _look(term, languages)
    for start in starts:
        at = lowered.find(start)
        while at >= 0:
            after = at + 1
            if at == 0 or not lowered[at - 1].isalnum():
                found = pattern.match(lowered, at)
                if found and (term.exact or _is_form(found[0], term.words[0], forms)):
                    yield found.span()
                    after = found.end()
            at = lowered.find(start, after)


def _is_form(word: str, of: str, forms: tuple[tuple[str, str], ...]) -> bool:
    return word == of or any(_stem(word, language) == form for language, form in forms)


@lru_cache(maxsize=256)
def _look(term: Term, languages: tuple[str, ...]) -> tuple[list[str], re.Pattern[str], tuple[tuple[str, str], ...]]:
    """How what may be the term begins, how it goes on, and the stems that tell whether a word is one of its forms.

    A stem is the beginning of every form but for its last letter ('policy' and 'policies' are both 'polici').
    """
    if term.exact:
        body = r"[\W_]+".join(map(re.escape, term.words)) + (r"[^\W_]*" if term.open else "")
        return [term.words[0]], re.compile(rf"{body}(?![^\W_])"), ()
    forms = tuple((language, _stem(term.words[0], language)) for language in languages)
    begun = {commonprefix([form, term.words[0]]) for _, form in forms} or {term.words[0]}
    return sorted(start[:-1] if len(start) > SHORT else start for start in begun), _WORD, forms


@lru_cache(maxsize=10_000)
def _stem(word: str, language: str) -> str:
    return stems_of([word], language)[0]


SHORT = 3
"""Letters of a stem of which none is left out."""


def commonprefix(words: list[str]) -> str:
    """What all of the words begin with."""
    first, last = min(words), max(words)
    return first[: next((at for at, sign in enumerate(first) if sign != last[at]), len(first))]

"""Text cut into what a person would call one thing: words, amounts, dates, phone numbers, marks, spaces.

`12 500 kr`, `2026-03-02`, `8 november 2019` and `§ 118` are one token each, so that a changed amount is shown whole
and never as a changed digit. The patterns never backtrack over more than a
few characters (possessive quantifiers). Pure.
"""

import re
from itertools import pairwise

_GAP = "[ \u00a0\u2009\u202f]"
_MONTH = (
    r"(?i:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"  # sv
    r"|januar|februar|mai|august|desember|marts"  # nb, da
    r"|january|february|march|may|june|july|october"  # en
    r"|jänner|märz|dezember"  # de
    r"|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu(?:ta|n)?"  # fi
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec|des|dez)"
)
_UNIT = (
    rf"{_GAP}?(?:[%‰€]|:-|[kKMG]B(?!\w)|(?i:(?:miljon(?:er)?|miljard(?:er)?|milj\.?|mn){_GAP}(?:kronor|kr|euro)"
    r"|kronor|kroner|kr|öre|[tm]kr|[tm]?sek|euros?|eur|procent|prosenttia|prosent|percent|miljon(?:er)?|miljard(?:er)?)"
    r"(?!\w))"
)
_DATE = (
    rf"\d{{1,2}}(?:\.|:[ae])?{_GAP}{_MONTH}\.?+(?:{_GAP}\d{{4}})?(?!\w)"  # 8 november 2019, 8. marts, 8:e maj
    rf"|\d{{1,2}}/\d{{1,2}}[{_GAP[1:-1]}-]\d{{4}}(?!\w)"  # 8/11 2019
    r"|\d{4}-\d{2}-\d{2}(?!\w)|\d{1,2}\.\d{1,2}\.\d{4}(?!\w)|\d{1,2}/\d{1,2}(?![\w/])"
)
_PHONE = rf"\+?0\d{{1,3}}{_GAP}?[-–]{_GAP}?\d{{2,3}}(?:{_GAP}?\d{{2,3}}){{1,3}}(?!\w)"
_SECTION = rf"§§?+{_GAP}?\d+(?:[-–]\d+)?+"
# 12 500 kr; 12,5 %; 2017:725; 08.00-16.30
_NUMBER = rf"(?:\d{{1,3}}+(?:{_GAP}\d{{3}})+(?!\d)(?:[.,]\d++)?+|\d++(?:[.,:/-]\d++)*+)(?:{_UNIT})?+(?!\w)"
_WORD = r"[^\W\d]\w*+(?:[-'’:./@]\w++)*+"

_TOKEN = rf"(?:{_WORD}|(?=[\d§+])(?:{_DATE}|{_PHONE}|{_SECTION}|{_NUMBER}|\w++(?:[-'’:./@]\w++)*+)|\S)"
"""One token: a word first, since most are; then whatever begins like a number; then a single mark."""
TOKEN = re.compile(_TOKEN)
_PIECE = re.compile(rf"{_TOKEN}\s*+")
DATE = re.compile(_DATE)
PHONE = re.compile(_PHONE)
SECTION = re.compile(_SECTION)
NUMBER = re.compile(_NUMBER)
HAS_WORD = re.compile(r"\w")
_SENTENCE = re.compile(r"[.!?…](?<![\d\s].)\s+")
"""The space after a sentence; not after a digit, for `8. november` and `1.` are no ends."""


def pieces(text: str) -> list[str]:
    """The text in tokens, each with the space behind it; joined they are the text, but for leading space."""
    return _PIECE.findall(text)


def sentences(text: str) -> list[str]:
    """The text in sentences, each with the space that follows it; joined they are the text."""
    cuts = [0, *(m.end() for m in _SENTENCE.finditer(text)), len(text)]
    return [text[i:k] for i, k in pairwise(cuts) if i < k]


def only_words(text: str) -> list[str]:
    """The tokens that hold a letter or a digit: the text without spaces and marks."""
    return [t for t in TOKEN.findall(text) if HAS_WORD.search(t)]

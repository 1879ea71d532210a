"""Text cut into what a person would call one thing: words, amounts, dates, phone numbers, marks, spaces.

`12 500 kr`, `2026-03-02`, `8 november 2019` and `§ 118` are one token each, so that a changed amount is shown whole
and never as a changed digit. The patterns never backtrack over more than a
few characters (possessive quantifiers). Pure.
"""

import re
from operator import add

_GAP = "[ \u00a0\u2009\u202f]"
_DASHES = "-–‑"
"""Hyphen, en dash and non-breaking hyphen: which of them stands in a number is typography."""
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
    rf"\d{{1,2}}(?:[{_DASHES}]\d{{1,2}})?(?:\.|:[ae])?{_GAP}{_MONTH}\.?+(?:{_GAP}\d{{4}})?(?!\w)"  # 8. marts
    rf"|\d{{1,2}}/\d{{1,2}}[{_GAP[1:-1]}-]\d{{4}}(?!\w)"  # 8/11 2019
    r"|\d{4}-\d{2}-\d{2}(?!\w)|\d{1,2}\.\d{1,2}\.\d{4}(?!\w)|\d{1,2}/\d{1,2}(?![\w/])"
)
_PHONE = rf"(?<!\d)\+?0\d{{1,3}}{_GAP}?[{_DASHES}]{_GAP}?\d{{2,3}}(?:{_GAP}?\d{{2,3}}){{1,3}}(?!\w)"
_SECTION = rf"§§?+{_GAP}?\d+(?:[{_DASHES}]\d+)?+"
# 12 500 kr; 12,5 %; 2017:725; 08.00-16.30
_NUMBER = rf"(?:\d{{1,3}}+(?:{_GAP}\d{{3}})+(?!\d)(?:[.,]\d++)?+|\d++(?:[.,:/–‑-]\d++)*+)(?:{_UNIT})?+(?!\w)"
_WORD = r"[^\W\d]\w*+(?:[-'’:./@]\w++)*+"

_TOKEN = rf"(?:{_WORD}|(?=[\d§+])(?:{_DATE}|{_PHONE}|{_SECTION}|{_NUMBER}|\w++(?:[-‑'’:./@]\w++)*+)|\S)"
"""One token: a word first, since most are; then whatever begins like a number; then a single mark."""
TOKEN = re.compile(_TOKEN)
_PIECE = re.compile(rf"{_TOKEN}\s*+")
DATE = re.compile(_DATE)
PHONE = re.compile(_PHONE)
SECTION = re.compile(_SECTION)
NUMBER = re.compile(_NUMBER)
CELL = " | "
"""What stands between the cells of a table's row."""
HAS_WORD = re.compile(r"\w")
_MARKS_ALONE = re.compile(r"(?<!\S)[^\w\s]++(?!\S)")
_EVEN = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_GAP[1:-1], " "))
SENTENCE = re.compile(r"([.!?…](?<![\d\s].)\s++(?!\d))")
"""The end after a sentence; neither behind a digit nor before one, for `8. november` and `8 nov. 2019` are no ends."""
_DIGIT = re.compile(r"\d")
_SPACED = re.compile(rf"(?:(?<!\w)(?=\d)|(?=[§+]))(?:{_DATE}|{_PHONE}|{_SECTION}|{_NUMBER})")
"""Whatever begins like a number: the only tokens that may hold a space."""


def pieces(text: str) -> list[str]:
    """The text in tokens, each with the space behind it; joined they are the text, but for leading space."""
    return _PIECE.findall(text)


def sentences(text: str) -> list[str]:
    """The text in sentences, each with the space that follows it; joined they are the text."""
    cut = SENTENCE.split(text)
    return [*map(add, cut[:-1:2], cut[1::2]), *filter(None, cut[-1:])]


def chunks(text: str) -> list[str]:
    """The text cut at its spaces, but for those inside a token, which are written as `\\0`.

    Cheap beside `pieces`: most of two texts is found to be the same before it is looked at closely.
    """
    return _SPACED.sub(_held_together, text).split(" ") if _DIGIT.search(text) else text.split(" ")


def _held_together(token: re.Match[str]) -> str:
    return token[0].replace(" ", "\0")


def only_words(text: str) -> list[str]:
    """The tokens that hold a letter or a digit: the text without spaces and marks."""
    return [t for t in TOKEN.findall(text) if HAS_WORD.search(t)]


def count_words(text: str) -> int:
    """How many words stand between spaces: neither marks alone nor what parts the cells of a row."""
    return len(text.split()) - len(_MARKS_ALONE.findall(text))


def evened(token: str) -> str:
    """The token with one kind of hyphen and one kind of space: what it says, however it is set."""
    return token.translate(_EVEN)

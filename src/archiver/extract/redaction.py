"""Words that an order hides wherever they stand: found in what was read, and in the text that was sent.

Two kinds of orders. A regular expression, of the tame sort that cannot run away (`doubt`). Or words, of which the
archive has only a digest, so that its file never says them: every run of as many words in a text is hashed and
compared, letter case, punctuation, soft hyphens and a last genitive s aside. What is covered keeps its length. Pure.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as grammar  # type: ignore[attr-defined]
from typing import Any

from archiver.digests import sha256
from archiver.extract import decode, sniff
from archiver.extract.privacy import cover, with_texts
from archiver.model import Document, Facts, Pattern

LONGEST = 500
"""Characters of a regular expression."""
MOST_WORDS = 12
OPEN = 3
"""Repetitions without an end that one may have: each multiplies what a long text costs."""
_WIDE = 1000  # repetitions that count as without an end
_SEARCHED = 20_000_000  # characters of what was sent
_WORD = re.compile("[\\w\u0300-\u036f\u00ad\u200b-\u200d]+")  # with combining marks, soft hyphens and joiners
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D))
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_TEXTS = frozenset({"html", "xml", "json", "text", "other", "feed", "sitemap", "robots"})
Found = Counter[int]
"""How many places, by redaction."""


def doubt(expression: str) -> str | None:
    """Why a regular expression is not taken, in words; None: it is."""
    if len(expression) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    try:
        parsed = grammar.parse(expression, 0)
        compiled = re.compile(expression, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        return f"it is no regular expression: {error}"
    if compiled.search("") or compiled.fullmatch(""):
        return "it fits nothing at all, and so everywhere"
    open_ended, nested, back = _repeats(parsed)
    if nested:
        return "a repetition stands in a repetition: some texts would take for ever"
    if back:
        return "it refers back to what it found: some texts would take for ever"
    return f"it has more than {OPEN} repetitions without an end" if open_ended > OPEN else None


def words_digest(words: str, salt: str) -> tuple[str, int]:
    """The digest of the words, and how many they are. Raises ValueError where there are none, or too many."""
    said = [folded for _, _, folded in _words(words)]
    if not 1 <= len(said) <= MOST_WORDS:
        raise ValueError(f"from 1 to {MOST_WORDS} words")
    return _hashed(said, salt), len(said)


def cover_document(document: Document, patterns: Sequence[Pattern]) -> tuple[Document, Found]:
    """The document with all that the orders hide covered, and in how many places that was."""
    found: Found = Counter()

    def clean(text: str) -> str:
        spans = list(find(text, patterns))
        found.update(redaction_id for _, _, redaction_id in spans)
        return cover(text, [span[:2] for span in spans]) if spans else text

    covered = with_texts(document, clean)
    claims = tuple(
        replace(c, value=clean(c.value)) if c.value and c.meaning in ("responsible", "other") else c
        for c in covered.claims
    )
    return (replace(covered, claims=claims), found) if found else (document, found)


def covered(text: str, patterns: Sequence[Pattern]) -> str:
    """The text with what the orders hide covered."""
    return cover(text, [span[:2] for span in find(text, patterns)]) if patterns else text


def find_in_body(body: bytes, facts: Facts) -> Found:
    """Where the orders' words stand in what was sent, markup, scripts and all: by redaction, how many places.

    In files that are no text nothing is looked for here: what they say is known when they are read.
    """
    if not facts.patterns or sniff.kind(body, facts.role) not in _TEXTS:
        return Counter()
    text = html.unescape(decode.decode(body, facts.content_type).text[:_SEARCHED])
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return Counter(redaction_id for _, _, redaction_id in find(text, facts.patterns))


def find(text: str, patterns: Sequence[Pattern]) -> Iterator[tuple[int, int, int]]:
    """Each place: from which character to which, and by which redaction."""
    for pattern in patterns:
        if pattern.kind == "regex":
            yield from ((m.start(), m.end(), pattern.id) for m in _compiled(pattern.text).finditer(text) if m[0])
    digests = {(p.words, p.salt): {} for p in patterns if p.kind == "words"}  # type: dict[tuple[int, str], dict[str, int]]
    for pattern in patterns:
        if pattern.kind == "words":
            digests[pattern.words, pattern.salt][pattern.text] = pattern.id
    words = list(_words(text)) if digests else []
    for (count, salt), known in digests.items():
        for first in range(len(words) - count + 1):
            run = words[first : first + count]
            for digest in _forms([word[2] for word in run], salt):
                if digest in known:
                    yield run[0][0], run[-1][1], known[digest]
                    break


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _WORD.finditer(text):
        folded = unicodedata.normalize("NFC", found[0].translate(_INVISIBLE)).casefold()
        if folded:
            yield found.start(), found.end(), folded


def _forms(said: list[str], salt: str) -> Iterator[str]:
    """The digests of the words as they stand, and without a genitive's s."""
    yield _hashed(said, salt)
    if len(said[-1]) > 2 and said[-1].endswith("s"):
        yield _hashed([*said[:-1], said[-1][:-1]], salt)


def _hashed(said: Sequence[str], salt: str) -> str:
    return sha256(f"{salt} {' '.join(said)}".encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=256)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def _repeats(parsed: Any) -> tuple[int, bool, bool]:  # noqa: ANN401 (the grammar's own tree)
    """How many repetitions have no end; whether one stands in another; whether something refers back."""
    open_ended, nested, back = 0, False, False
    waiting = [(parsed, False)]  # no recursion over what was typed
    while waiting:
        tree, inside = waiting.pop()
        for operation, argument in tree:
            if operation in _REPEATS:
                least, most, inner = argument
                varies = least != most
                nested = nested or (inside and (varies or most > 1))
                open_ended += most > _WIDE
                waiting.append((inner, inside or most > 1))
            back = back or operation in _BACK
            waiting += [(inner, inside) for inner in _inside(operation, argument)]
    return open_ended, nested, back


_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
_BACK = {codes.GROUPREF, codes.GROUPREF_EXISTS}
_INNER: dict[Any, Callable[[Any], list[Any]]] = {
    codes.SUBPATTERN: lambda argument: [argument[3]],
    codes.BRANCH: lambda argument: list(argument[1]),
    codes.ASSERT: lambda argument: [argument[1]],
    codes.ASSERT_NOT: lambda argument: [argument[1]],
    codes.ATOMIC_GROUP: lambda argument: [argument],
}


def _inside(operation: object, argument: object) -> list[Any]:
    return _INNER[operation](argument) if operation in _INNER else []

"""Words brought to their stems, for the index and for the query alike. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import is_normalized, normalize

import Stemmer

ALGORITHMS = {
    "sv": "swedish", "nb": "norwegian", "nn": "norwegian", "no": "norwegian", "da": "danish", "fi": "finnish",
    "de": "german", "en": "english",
}  # fmt: skip
"""Snowball's names. A language that is not here keeps its words as they are: Sámi, for one."""
_WORD = re.compile(r"[^\W_]+")  # what FTS5's unicode61 takes for a token


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, as the index has them."""
    return _WORD.findall(text.lower() if is_normalized("NFC", text) else normalize("NFC", text).lower())


def stem(text: str, language: str) -> str:
    """The words in lower case, each cut to its stem in that language ('sv', 'sv-FI'), joined by one space."""
    return " ".join(stems_of(words_of(text), language))


def stems_of(words: Sequence[str], language: str) -> Sequence[str]:
    """The stem of each of these words, which are in lower case, in that language."""
    stemmer = _stemmer(language.partition("-")[0].lower())
    return stemmer.stemWords(words) if stemmer else words


@lru_cache(maxsize=len(ALGORITHMS) + 8)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    algorithm = ALGORITHMS.get(language)
    return Stemmer.Stemmer(algorithm, 0) if algorithm else None  # its cache takes twice as long as stemming anew

"""What stands in or beside a link's text for the file or the ear, cut from it and kept as the link's note.

"Protokoll (pdf, 249 kB)" is a link called "Protokoll" with the note "pdf, 249 kB"; "Länk till annan webbplats" is a
note too. Both are cut by their element where there is markup (`scribe`), and by the language's list where there is not,
even when glued to the last letter. The size of a file tells that it was swapped, so it is kept. Pure.
"""

import re
from functools import lru_cache

from archiver.model import Language

_REMEMBERED = 8192
_SHORT = 500
"""Answers that are remembered (a site's menu is the same on every page), and the characters of a text up to which."""
_KIND = (
    r"(?:pdf(?:-?(?:fil|file|dokument))?|word|excel|powerpoint|docx?|xlsx?|pptx?|odt|ods|rtf|csv|zip|fil|file|dokument"
    r"|document)"
)
_SIZE = r"\d{1,6}(?:[.,]\d{1,3})?\s?(?:[kmg](?:i?b|t|byte)|bytes?)\b"
_FILE_NOTE = re.compile(
    rf"(?:[\s,;:–-]*[(\[]\s*(?:{_KIND}(?:[\s,;:/.-]+{_SIZE})?|{_SIZE}(?:[\s,;:/-]+{_KIND})?)\s*[)\]]"
    rf"|[\s,;:–-]*{_KIND}[\s,;:/-]+{_SIZE}|[\s,;:–-]+{_SIZE}|,\s*(?:pdf|docx?|xlsx?))[\s.,]*\Z",
    re.I,
)
_ONE_NOTE = re.compile(rf"{_KIND}(?:\s{_SIZE})?|{_SIZE}(?:\s{_KIND})?", re.I)
_BRACKETS = re.compile(r"[\s,;:–-]*[(\[]([^()\[\]]{2,100})[)\]][\s.,]*\Z")
_PARTING = re.compile(r"[,;/]|\s[–-]\s")
LONGEST = 160
"""Characters of a note."""
_NOTE_EDGE = " \t,;:()[]–-"


def cut(text: str, language: Language) -> tuple[str, str | None]:
    """The text of a link without its note, and the note; a link that is nothing but note keeps its text.

    >>> cut("Protokoll Pdf, 3 MB, öppnas i nytt fönster.", swedish)
    ('Protokoll', 'Pdf, 3 MB, öppnas i nytt fönster.')
    """
    return (_cut if len(text) <= _SHORT else cut_of)(text, language.suffixes)


def cut_of(text: str, suffixes: tuple[str, ...]) -> tuple[str, str | None]:
    """As `cut`, by a language's phrases; nothing is remembered."""
    if not text.rstrip(_NOTE_EDGE + "\n\r\xa0.").lower().endswith(_ends(suffixes)):
        return text, None  # as nearly every link: what follows looks at each of its letters
    suffix = _suffixes(suffixes)
    end = len(text)
    for _ in range(4):
        start = max(0, end - LONGEST)
        found = (suffix.search(text, start, end) if suffix else None) or _FILE_NOTE.search(text[:end], start)
        found = found or _bracketed(text[:end], start, suffixes)
        if found is None or found.start() == end:
            break
        end = found.start()
    if end == len(text) or not text[:end].strip(_NOTE_EDGE):
        return text, None
    return text[:end].rstrip(" ,;:–-"), _bare(text[end:])


_cut = lru_cache(maxsize=_REMEMBERED)(cut_of)


def _bracketed(text: str, start: int, suffixes: tuple[str, ...]) -> re.Match[str] | None:
    """Brackets at the end of a text that hold nothing but notes: '(pdf, 120 kB, nytt fönster)'."""
    found = _BRACKETS.search(text, start)
    if found is None:
        return None
    parts = [part.strip() for part in _PARTING.split(found[1])]
    said = all(_ONE_NOTE.fullmatch(part) or part.casefold() in _tails(suffixes) for part in parts)
    return found if said else None


@lru_cache(maxsize=64)
def _tails(phrases: tuple[str, ...]) -> frozenset[str]:
    """The phrases, and what is left of those that are cut short from the left: 'nytt fönster'."""
    words = [phrase.rstrip(". ").casefold().split() for phrase in phrases]
    return frozenset(" ".join(each[n:]) for each in words for n in range(max(1, len(each) - 1)))


def join_notes(*notes: str | None) -> str | None:
    """Several notes as one; None where there is none."""
    return ", ".join(n for n in (_bare(n) for n in notes if n) if n) or None


def _bare(note: str) -> str:
    """A note without what parted it from its link."""
    note = note.strip(" \t,;:–-")
    return note[1:-1].strip() if note[:1] + note[-1:] in {"()", "[]"} else note


_FILE_NOTE_END = (
    "pdf fil file dokument document word excel powerpoint doc docx xls xlsx ppt pptx odt ods rtf csv zip b kt mt gt"
    " byte bytes"
)
"""The words on which `_FILE_NOTE` ends."""


@lru_cache(maxsize=64)
def _ends(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """On what a text with a note ends, punctuation and letter case aside."""
    bare = [phrase.rstrip(". ").lower().split() for phrase in phrases]
    return (*_FILE_NOTE_END.split(), *(words[-1].rstrip(_NOTE_EDGE + ".") if words else "" for words in bare))


@lru_cache(maxsize=64)
def _suffixes(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """A pattern for one of the phrases at the end of a text, glued or not, in brackets or not."""
    if not phrases:
        return None
    longest_first = sorted((re.escape(p.rstrip(". ")).replace(r"\ ", r"\s") for p in phrases), key=len, reverse=True)
    return re.compile(rf"[\s,;:–-]*[(\[]?(?:{'|'.join(longest_first)})[\s.,]*[)\]]?[\s.,]*\Z", re.I)

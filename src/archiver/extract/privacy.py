"""Swedish personal identity numbers, found by date and checksum, and covered so that nothing moves.

The form is YYMMDD-NNNN or YYYYMMDD-NNNN, '+' for people over a hundred, the sign often left out; coordination numbers
(samordningsnummer) have 60 added to the day. The last digit is a Luhn sum over the nine before it
(Skatteverket, SKV 704 and SKV 707). Organisation numbers look alike, but their third digit is 2 or more, so that
their "month" is none. A covered text has its old length: offsets into it, and redactions by span, stay right. Pure.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from archiver.model import About, Block, Document

COVER = "█"

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_NUMBER = re.compile(
    rf"(?:18|19|20)?([0-9]{{2}}{_DAY}) ?[-+‐‑‒–−] ?([0-9]{{4}})(?![0-9])"  # with a sign: glued words allowed
    rf"|(?<![\w.,])(?:18|19|20)?([0-9]{{2}}{_DAY})([0-9]{{4}})(?!\w)"  # digits only: must stand alone
)
_RUN = re.compile(r"[0-9]+")
_SHAPE = bytes(ord("0") if chr(byte).isdecimal() else byte for byte in range(256))  # every digit looks like a nought
_SIX = b"000000"
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # the digit sum of twice the digit


def mask(text: str) -> tuple[str, int]:
    """The text with every personal identity number covered, and how many there were."""
    spans = tuple(_find(text))
    return (cover(text, spans), len(spans)) if spans else (text, 0)


def cover(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with the spans covered, line breaks kept; spans may overlap and reach past the end."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        first, last = max(start, done, 0), min(end, len(text))
        if first < last:
            pieces += [text[done:first], "\n".join(COVER * len(line) for line in text[first:last].split("\n"))]
            done = last
    return "".join([*pieces, text[done:]]) if pieces else text


def mask_document(document: Document, spans: Sequence[tuple[int, int]] = ()) -> tuple[Document, int]:
    """The document with redacted spans and personal identity numbers covered, and how many numbers its text had.

    For files, whose text exists only after reading: spans count characters of `Document.full_text`. Words that a
    span covers are covered in the title and in links too.
    """
    if not spans and not any(_find("\n".join([b.text for b in document.blocks] + _other_words(document)))):
        return document, 0  # nearly always: all words in one look
    blocks = _cover_blocks(document.blocks, spans)
    altered = [(old.text, new.text) for old, new in zip(document.blocks, blocks, strict=True) if old != new]

    def clean(text: str | None) -> str | None:
        if text and any(text in old and text not in new for old, new in altered):
            return COVER * len(text)
        return mask(text)[0] if text else text

    found = sum(mask(block.text)[1] for block in blocks)
    if not (altered or found or any(mask(text)[1] for text in _other_words(document))):
        return document, 0
    covered = replace(document, blocks=tuple(replace(b, text=mask(b.text)[0]) for b in blocks))
    return _with_other_texts(covered, clean), found


def with_texts(document: Document, clean: Callable[[str], str]) -> Document:
    """The document with every text in it cleaned."""

    def maybe(text: str | None) -> str | None:
        return clean(text) if text else text

    blocks = tuple(replace(b, text=clean(b.text)) for b in document.blocks)
    return _with_other_texts(replace(document, blocks=blocks), maybe)


def _with_other_texts(document: Document, clean: Callable[[str | None], str | None]) -> Document:
    return replace(
        document,
        title=clean(document.title),
        responsible=clean(document.responsible),
        links=tuple(replace(k, text=clean(k.text) or "", note=clean(k.note)) for k in document.links),
        claims=tuple(replace(c, label=clean(c.label), raw=clean(c.raw) or "") for c in document.claims),
        about=_cover_about(document.about, clean),
    )


def _cover_about(about: About, clean: Callable[[str | None], str | None]) -> About:
    return replace(
        about,
        description=clean(about.description),
        canonical=clean(about.canonical),
        breadcrumb=tuple(clean(name) or "" for name in about.breadcrumb),
        shared=tuple((name, clean(value) or "") for name, value in about.shared),
    )


def _cover_blocks(blocks: tuple[Block, ...], spans: Sequence[tuple[int, int]]) -> tuple[Block, ...]:
    """The blocks with the spans of their joined text covered; a title is no part of that text."""
    if not spans:
        return blocks
    lines = iter(cover("\n".join(b.text for b in blocks if b.kind != "title"), spans).split("\n"))
    return tuple(b if b.kind == "title" else replace(b, text=next(lines)) for b in blocks)


def _other_words(document: Document) -> list[str]:
    """All that a document says outside its blocks."""
    said = [document.title, document.responsible]
    said += [text for link in document.links for text in (link.text, link.note)]
    said += [text for claim in document.claims for text in (claim.label, claim.raw)]
    about = document.about
    said += [about.description, about.canonical, *about.breadcrumb, *(value for _, value in about.shared)]
    return list(filter(None, said))


def _find(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers stand. Runs of six digits are looked for in the bytes' shapes: six times as fast as a regex."""
    shape = text.encode("latin-1", "replace").translate(_SHAPE)
    at = shape.find(_SIX)
    while at >= 0:
        run, number = _RUN.match(text, at), _NUMBER.match(text, at)
        end = run.end() if run else at + 1
        if number and _is_personal((number[1] or number[3]) + (number[2] or number[4])):
            end = number.end()
            yield at, end
        at = shape.find(_SIX, end)


def _is_personal(digits: str) -> bool:
    """Whether ten digits are a day that was and end in their checksum."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6]) % 60
    longest = 28 if month == 2 and year % 4 else _LENGTHS[month - 1]
    return 1 <= day <= longest and _luhn(digits) % 10 == 0


def _luhn(digits: str) -> int:
    """The Luhn sum, every other digit from the first doubled."""
    return sum(_DOUBLED[int(d)] if i % 2 == 0 else int(d) for i, d in enumerate(digits))

"""Plain text as a document: robots.txt line by line, so that a door being closed is a change; other text by paragraphs.

`Sitemap:` lines (sitemaps.org, "Specifying the Sitemap location") are links to fetch. What the rules allow is
`frontier.robots`' business. Other text is read where the answer or the URL calls it text and its bytes are: its
paragraphs end at an empty line, and where the next word would still have fitted on the line. Pure.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from archiver.digests import sha256
from archiver.extract import decode
from archiver.extract.page.blocks import even
from archiver.model import Block, Document, Facts, Link, Rules
from archiver.urls import join, path

MAX_BYTES = 1_000_000
"""RFC 9309 section 2.5 asks for 500 KiB at least."""
MAX_LINES = 20_000
_MAX_LINE = 4_000  # characters
_SITEMAP = re.compile(r"sitemap[ \t]*:[ \t]*(\S+)", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROLS = bytes((*range(9), *range(14, 32), 127))
_MOST_CONTROLS = 0.001  # of the bytes: an escape sequence here and there is still text
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, where NULs belong
_BULLET = re.compile(r"[-*•–]\s+(?=\S)")
_WRAPPED = range(40, 101)
"""Lengths of the longest line of a text that was wrapped by hand or by a mail program."""


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The text as paragraphs and list items. robots.txt is kind 'robots'; any other text is one with its bytes."""
    if facts.role == "robots" or path(facts.url) == "/robots.txt":
        return _read_robots(body, facts)
    text = decode.decode(body[:MAX_BYTES], facts.content_type).text
    lines = text.splitlines()
    blocks = tuple(_blocks([line.expandtabs().rstrip()[:_MAX_LINE] for line in lines[:MAX_LINES]]))
    whole = len(body) <= MAX_BYTES and len(lines) <= MAX_LINES and all(len(line) <= _MAX_LINE for line in lines)
    return Document("text", "yes" if whole else "partly", blocks=blocks, payload=sha256(body))


def is_text(body: bytes, facts: Facts) -> bool:
    """Whether bytes that bear no kind's signature are text, by what they are called and by what they hold."""
    named = (facts.content_type or "").partition(";")[0].strip().lower() == "text/plain"
    named = named or path(facts.url).lower().endswith((".txt", ".text"))
    if not named or facts.role not in ("page", "file") or not body.strip():
        return False
    start = body[:MAX_BYTES]
    if start.startswith(_WIDE_MARKS):
        return True
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return b"\x00" not in start and controls <= _MOST_CONTROLS * len(start)


def _read_robots(body: bytes, facts: Facts) -> Document:
    blocks: list[Block] = []
    links: list[Link] = []
    lines = _CONTROL.sub("", _decode(body[:MAX_BYTES])).splitlines()
    for line in lines[:MAX_LINES]:
        text = " ".join(line[:_MAX_LINE].split())
        if not text:
            continue
        found = _SITEMAP.match(text)
        target = join(facts.url, found[1]) if found else None
        if target and target.startswith(("http://", "https://")):
            links.append(Link(target, "entry", "main", "sitemap", block=len(blocks)))
        blocks.append(Block("main", "paragraph", None, text))
    whole = len(body) <= MAX_BYTES and len(lines) <= MAX_LINES
    return Document("robots", "yes" if whole else "partly", blocks=tuple(blocks), links=tuple(links))


def _decode(body: bytes) -> str:
    """UTF-8 (a byte order mark goes), or else the letters of windows-1252."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")


def _blocks(lines: list[str]) -> Iterator[Block]:
    """The paragraphs and list items of lines."""
    longest = max(map(len, lines), default=0)
    pieces: list[str] = []
    for line, below in pairwise([*lines, ""]):
        pieces.append(line)
        if longest in _WRAPPED and _goes_on(line, below, longest):
            continue
        text = even(" ".join(pieces))
        pieces.clear()
        if text:
            bullet = _BULLET.match(text)
            yield (
                Block("main", "list-item", 1, text[bullet.end() :])
                if bullet
                else Block("main", "paragraph", None, text)
            )


def _goes_on(line: str, below: str, width: int) -> bool:
    """Whether a line ended only because it was full."""
    word = below.split(maxsplit=1)[:1]
    return bool(line and word) and not _BULLET.match(below.lstrip()) and len(line) + 1 + len(word[0]) > width

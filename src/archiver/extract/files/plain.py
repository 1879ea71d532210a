"""Plain text as a document: robots.txt above all, a line a block, so that a door being closed is a change.

`Sitemap:` lines (sitemaps.org, "Specifying the Sitemap location") are links to fetch. What the rules allow is
`frontier.robots`' business. Pure.
"""

import re

from archiver.digests import sha256
from archiver.model import Block, Document, Facts, Link, Rules
from archiver.urls import join, path

MAX_BYTES = 1_000_000
"""RFC 9309 section 2.5 asks for 500 KiB at least."""
MAX_LINES = 20_000
_MAX_LINE = 4_000  # characters
_SITEMAP = re.compile(r"sitemap[ \t]*:[ \t]*(\S+)", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The text's lines as paragraphs. robots.txt is kind 'robots'; any other text is a file, one with its bytes."""
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
    is_robots = facts.role == "robots" or path(facts.url) == "/robots.txt"
    return Document(
        "robots" if is_robots else "other",
        "yes" if whole else "partly",
        blocks=tuple(blocks),
        links=tuple(links),
        payload=None if is_robots else sha256(body),
    )


def _decode(body: bytes) -> str:
    """UTF-8 (a byte order mark goes), or else the letters of windows-1252."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")

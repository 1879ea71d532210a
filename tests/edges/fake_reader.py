"""A reader that does as the body says; what `archiver.extract` is to the pool."""

import ctypes
import os
import time
from collections.abc import Mapping

from archiver.model import Block, Claim, Document, Facts, Link, Notice, Reading, Rules, Unread


def choose(body: bytes, facts: Facts, rulebook: Mapping[tuple[str, str], Rules]) -> Rules:
    return rulebook["generic", "sv"]


def read(body: bytes, facts: Facts, rules: Rules) -> Reading | Unread:
    word, _, rest = body.partition(b" ")
    if word == b"hang":
        time.sleep(60)
    if word == b"spin":
        while True:
            pass
    if word == b"die":
        os.kill(os.getpid(), int(rest))
    if word == b"leave":
        os._exit(int(rest))
    if word == b"fall":
        ctypes.string_at(0)
    if word == b"raise":
        raise ValueError("inte så bra")
    if word == b"eat":
        _ = bytearray(int(rest)) + b"x"
    if word == b"recurse":
        return read(body, facts, rules)
    if word == b"big":
        return Unread("too-big", f"{len(rest)} bytes")
    if word == b"pid":
        return Reading("good", str(os.getpid()))
    if word == b"page":
        return page(int(rest))
    return Reading("challenge", f"{facts.url} {len(body)}", profile=rules.profile.name)


def page(size: int) -> Reading:
    """A reading with so many blocks, half as many links, and some claims."""
    text = "Kommunfullmäktige beslutar att anta mål och budget för det kommande året. "
    document = Document(
        "html",
        language="sv",
        title="Budget",
        updated="2023-04-12",
        blocks=tuple(Block("main", "paragraph", None, f"{n} {text * 4}") for n in range(size)),
        links=tuple(Link(f"https://x.example/{n}", "link", "main", f"Länk {n}", None, n) for n in range(size // 2)),
        claims=tuple(
            Claim("updated", "label", "sv:x", "Uppdaterad", "2023-04-12", "2023-04-12", "day", f"p{n}", n == 0, None)
            for n in range(min(size, 8))
        ),
    )
    return Reading("good", "", document, (Notice("Eldningsförbud"),), 1, "sitevision")

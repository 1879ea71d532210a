"""How a body is broken: each mutation takes bytes and chance and gives other bytes."""

from collections.abc import Callable, Sequence
from random import Random

MOST = 3_000_000
"""Bytes of a broken body: what a reader may take as time is for bodies of this size."""
_SHARDS: tuple[bytes, ...] = tuple(
    shard.encode("utf-8", "surrogatepass")
    for shard in (
        "<p>", "</p>", "<div>", "</div>", "<main>", "</main>", "<h1>", "</h1>", "<h2>x</h2>", "<table>", "<tr><td>",
        "</table>", "<ul><li>", "<li>", "<dl><dt>Publicerad<dd>", "<a href='/x'>", "<a href=", "</a>", "<b><i>",
        "<template>", "<svg>", "<math><mi>", "<select><option>", "<frameset>", "<noscript>", "<script>", "<style>",
        "<textarea>", "<title>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml ", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;",
        "<br><br>", "<head>", "<body>", "</body>", "</html>", "<base href='//[::1'>", "<base href='x:y'>",
        "<meta charset=utf-16>", "<meta charset=cp037>", "<meta name=pubdate content='2019-13-45'>",
        "<meta property='article:published_time' content='9999-12-31T23:59:60+25:00'>",
        "<meta name=moddate content='0000-00-00'>", "<time datetime='2019-02-30'>", "<time datetime=''>x</time>",
        "</time>", "<script type='application/ld+json'>{\"@type\":\"WebPage\",\"datePublished\":\"2019-11-08\"",
        "[[[[[[[[", "{\"@graph\":[", "</script>", "<link rel=canonical href='http://a b/'>", "<a href='mailto:'>",
        "<a href='http://\ud800/'>", "<img alt=''>", "<a href='javascript:x'>",
        "<div class='date published' itemprop=datePublished content=8>", "<div aria-hidden=true>", "<div role=alert>",
        "<button aria-expanded=false aria-controls=x>", "<input type=password>", "<span class=sr-only>",
        " Publicerad: ", " Senast uppdaterad ", " 8 maj 2019 ", " 2019-02-31 ", " 99/99 9999 ", " 00000000 ",
        " kl. 99.99 ", " den 31 februari 0000 ", " igår ", " för två år sedan ",
        " 1\u0663 maj \u0662\u0660\u0661\u0669 ", " ²⁰¹⁹-11-08 ", "&#0;", "&#xD800;", "&#x110000;", "&#xFFFE;",
        "&#1;", "&nbsp;", "&", "&lt;p&gt;", "&shy;", "&zwj;", "&#x202e;", "\ud800", "\udfff", "\x00", "\x0b", "\x1c",
        "\x85", "\u2028", "\ufeff", "\ufffe", "\u202e", "\u0301" * 40, "İ", "ß", "ﬁ", "é", "𝟐𝟎𝟏𝟗", "<loc>",
        "</loc><loc>", "<lastmod>", "<sitemap>", "<item><link>", "<entry>", "<updated>", "User-agent: *\n",
        "Disallow: /*$*$*\n", "Crawl-delay: 1e999\n", "Crawl-delay: nan\n", "Request-rate: 1/0\n", "Sitemap: \n",
        "Allow: " + "*" * 60 + "\n", "%PDF-1.7", "endobj", "stream\n", "PK\x03\x04", "\x1f\x8b\x08",
    )
)  # fmt: skip
"""What is pushed into a body: tags, attributes, entities, dates and letters that have broken readers somewhere."""

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]


def mutate(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """The body with one to six things done to it; `others` lend it their parts."""
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        body = chance.choice(MUTATIONS)(body, chance, others)[:MOST]
    return body


def _flip(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    broken = bytearray(body)
    for _ in range(chance.choice((1, 4, 32)) if broken else 0):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)


def _cut(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    return body[: chance.randint(0, len(body))]


def _drop(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(body, chance)
    return body[:start] + body[end:]


def _repeat(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(body, chance)
    times = min(chance.choice((2, 8, 64)), MOST // max(end - start, 1))
    return body[:start] + body[start:end] * times + body[end:]


def _swap(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    a, b = _span(body, chance)
    middle = chance.randint(a, b)
    return body[:a] + body[middle:b] + body[a:middle] + body[b:]


def _splice(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    start, end = _span(other, chance)
    at = chance.randint(0, len(body))
    return body[:at] + other[start:end] + body[at:]


def _push(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    for _ in range(chance.choice((1, 3, 12))):
        at = chance.randint(0, len(body))
        body = body[:at] + chance.choice(_SHARDS) + body[at:]
    return body


def _push_at_a_tag(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """Where a tag begins or ends, a shard is markup and not part of a word."""
    ends = [i for i, byte in enumerate(body[:200_000]) if byte in b"<>"]
    for _ in range(chance.choice((1, 3, 12)) if ends else 0):
        at = chance.choice(ends)
        body = body[:at] + chance.choice(_SHARDS) + body[at:]
    return body


def _attribute(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    at = body.find(b">", chance.randint(0, len(body)))
    name = chance.choice(
        (b"class", b"id", b"itemprop", b"property", b"datetime", b"href", b"content", b"role", b"lang")
    )
    value = chance.choice((*_SHARDS, b"date", b"published", b"main content", b"x" * 5_000, b""))
    return body if at < 0 else body[:at] + b" " + name + b"='" + value + b"'" + body[at:]


def _nest(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    at, tag = chance.randint(0, len(body)), chance.choice((b"<div>", b"<b>", b"<ul><li>", b"<table><td>", b"<a><p>"))
    return body[:at] + tag * chance.choice((3, 60, 500, 2_000)) + body[at:]


def _encode(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    name = chance.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "utf-8-sig", "cp037", "utf-7"))
    return body.decode("utf-8", "replace").encode(name, "replace")


def _noise(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    at = chance.randint(0, len(body))
    return body[:at] + chance.randbytes(chance.choice((1, 16, 300))) + body[at:]


def _upper(body: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(body, chance)
    return body[:start] + body[start:end].upper() + body[end:]


def _span(body: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randint(0, len(body))
    return start, chance.randint(start, min(len(body), start + chance.choice((20, 400, 20_000))))


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _drop, _repeat, _swap, _splice, _push, _push, _push_at_a_tag, _push_at_a_tag, _attribute, _attribute,
    _nest, _encode, _noise, _upper,
)  # fmt: skip

"""What reads a broken body, and what must hold of its answer."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from math import isfinite
from random import Random

from archiver.extract import READERS, choose, decode, read, sniff
from archiver.extract.dates.phrases import find_labels, lexicon, read_date
from archiver.frontier import robots
from archiver.model import Facts, Reading, Rules, Unread
from fuzz import doors, laws, wire
from rulebook import rulebook

LANGUAGES = ("sv", "sv-FI", "fi", "nb", "nn", "da", "de", "en")
URL = "https://www.exempelkoping.example/nyheter/2019-11-08-ny-bro"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONTENT_TYPES = (
    None,
    "text/html; charset=utf-8",
    "text/html; charset=iso-8859-1",
    "text/html; charset=utf-16",
    "x;charset=",
)
KINDS = frozenset(
    {"html", "pdf", "docx", "odt", "xlsx", "feed", "sitemap", "robots", "xml", "json", "image", "zip", "other"}
)
LONGEST_PHRASE = 4_000
"""Characters in which labels and dates are looked for: lines are that long at most in a good page."""

Look = Callable[[bytes, Random], object]
"""Reads a body, with chance for what is not the body; its answer is compared. AssertionError: a law is broken."""


@cache
def rules_of_all() -> Mapping[tuple[str, str], Rules]:
    """Every profile in every language."""
    return rulebook(*LANGUAGES)


def _reader(name: str) -> Look:
    def look(body: bytes, chance: Random) -> object:
        facts = Facts(URL, AT, content_type=chance.choice(CONTENT_TYPES), reader=name)
        rules = rules_of_all()[chance.choice(tuple(rules_of_all()))]
        answer = READERS[name](body, facts, rules)
        laws.hold(answer, body, facts)
        return answer if isinstance(answer, Unread) else (answer.sha256, answer)

    return look


def _whole(body: bytes, chance: Random) -> object:
    """As the pool has it: rules chosen by the body, read by its kind, masked and judged."""
    masks = ((5, 900),) if chance.random() < 0.1 else ()
    facts = Facts(
        URL, AT, content_type=chance.choice(CONTENT_TYPES), masks=masks, words_before=chance.choice((None, 900))
    )
    answer = read(body, facts, choose(body, facts, rules_of_all()))
    laws.hold(answer, body, facts)
    return (answer, answer.document.sha256) if isinstance(answer, Reading) and answer.document else answer


def _decode(body: bytes, chance: Random) -> object:
    found = decode.decode(body, chance.choice(CONTENT_TYPES))
    found.text.encode("utf-8")
    assert len(found.text) <= len(body) + 1
    return found


def _sniff(body: bytes, chance: Random) -> object:
    kinds = {sniff.kind(body), sniff.kind(body, "robots")}
    assert kinds <= KINDS
    return sorted(kinds)


def _robots(body: bytes, chance: Random) -> object:
    found = robots.parse(body, URL)
    decisions = [found.decide(URL, agent) for agent in ("archiver", "archiver/1.0 (+https://archiver.example)")]
    assert all(laws.is_storable(decision.rule) for decision in decisions)
    assert all(site.startswith("http") for site in found.sitemaps)
    delay = found.delay("archiver")
    assert delay is None or (isfinite(delay) and delay >= 0), delay
    return decisions, delay, found.sitemaps


def _phrases(body: bytes, chance: Random) -> object:
    words = lexicon(rules_of_all()["generic", chance.choice(LANGUAGES)].language)
    text = body.decode("utf-8", "replace")[:LONGEST_PHRASE]
    hits = find_labels(text, words)
    found = [read_date(text, words, at) for at in (0, *(chance.randint(0, len(text)) for _ in range(20)))]
    for said in found:
        if said is not None and said.value is not None:
            assert laws.is_iso(said.value, said.precision), said
    return hits, found


SUBJECTS: dict[str, Look] = {
    "whole": _whole, "decode": _decode, "sniff": _sniff, "rules of robots.txt": _robots, "phrases": _phrases,
    **{name: _reader(name) for name in READERS},
    "payload": wire.payload, "head": wire.head, "warc": wire.warc, "message": wire.message, "timemap": wire.timemap,
    "address": wire.address, "typed": wire.typed, "difference": wire.difference,
    "configuration": wire.configuration, "room": doors.room, "command line": doors.command_line,
}  # fmt: skip
WEIGHTS: dict[str, int] = dict.fromkeys(SUBJECTS, 1) | {"whole": 6, "html": 6}
"""How often each has its turn: most of what comes is pages."""

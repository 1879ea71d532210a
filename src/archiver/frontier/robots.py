"""May we ask? RFC 9309: from the bytes of robots.txt to the rule that decides a URL.

Which group speaks to us is decided here (section 2.2.1: the product token, letter case aside; all groups of our name
together; else those of '*'); which of its rules decides is Protego's (section 2.2.2: the longest, allow before
deny). The file is narrowed to our group before Protego sees it, because it multiplies agents by rules, and a hostile
file has thousands of both. The deciding line is kept with every capture, in words: 'deny: /sok'. Pure.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

from archiver import urls
from archiver.model import Outcome

CAP = 500 * 1024
"""Bytes read of a robots.txt; section 2.5 asks for 500 KiB at least."""
KEPT_FOR = 86_400.0
"""Seconds for which the last good copy stands in for one that cannot be had (section 2.4 allows a day)."""
NOT_NOW = 429
"""The one status of 4xx that is no leave to go on: 'too many requests' says nothing of what may be asked."""
COULD_NOT = "deny: robots.txt could not be had"
"""How the rule begins that bars everything until robots.txt can be had."""
SITEMAPS = 1_000
RULES = 5_000
"""Rules among which the deciding one is looked for, to name it; all of them decide."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " ") | {"\x00": ""})
"""Line ends to Python that are none to the standard."""
_AGENT = re.compile(r"user[- ]?agent(?:[ \t]*:|[ \t])[ \t]*(.*)", re.I)
_RULE = re.compile(r"(allow|dis+al+[ao]w|diasllow)(?:[ \t]*:|[ \t])[ \t]*(.+)", re.I)
"""With the misspellings that Protego takes for what they mean."""
_SITEMAP = re.compile(r"^[ \t]*site-?maps?(?:[ \t]*:|[ \t])[ \t]*([^\s#]+)", re.I | re.M)
_WHOLE_SITE = re.compile(r"(?:site-?maps?|host)\b", re.I)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_HTML = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml)", re.I)
_NOBODY = "?"
"""Stands for agents that are not us: no product token holds it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether we may ask, and the rule that says so."""

    allowed: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host; `blanket` decides everything where there is no file to read."""

    text: str = ""
    sitemaps: tuple[str, ...] = ()
    blanket: Decision | None = None

    def decide(self, url: str, agent: str) -> Decision:
        """Whether the agent (a product token, or a whole User-Agent header) may ask for the URL, and by which rule."""
        if urls.path(url) == "/robots.txt":
            return Decision(True, "allow: robots.txt itself")
        if self.blanket:
            return self.blanket
        ours = _ours(self.text, _token(agent))
        try:
            allowed = ours.rules.can_fetch(url, ours.name)
        except ValueError:
            return Decision(False, "deny: not a URL")
        if allowed:
            return Decision(True, f"allow: {_deciding(ours.allows, url) or 'no rule'}")
        return Decision(False, f"deny: {_deciding(ours.denies, url) or 'a rule'}")

    def delay(self, agent: str) -> float | None:
        """Seconds between requests that the file asks of us: Crawl-delay or Request-rate, the longer; None: nothing."""
        if self.blanket:
            return None
        ours = _ours(self.text, _token(agent))
        rate = ours.rules.request_rate(ours.name)
        asked = (ours.rules.crawl_delay(ours.name), rate.seconds / rate.requests if rate else None)
        return max((float(seconds) for seconds in asked if seconds is not None), default=None)


ALLOW_ALL = Robots(blanket=Decision(True, "allow: no robots.txt"))
DENY_ALL = Robots(blanket=Decision(False, COULD_NOT))


def parse(body: bytes | None, url: str = "") -> Robots:
    """The rules in a robots.txt, whatever its bytes; `url` is where it was, for sitemaps named relative to it."""
    if not body:
        return Robots()
    text = _decode(body[:CAP] if len(body) <= CAP else body[:CAP].rpartition(b"\n")[0])
    if _HTML.match(body) and not any(_AGENT.match(line.strip()) for line in text.split("\n")):
        return Robots(blanket=Decision(True, "allow: no robots.txt, but a web page"))
    return Robots(text, _sitemaps(text, url))


def standing(
    outcome: Outcome,
    status: int | None = None,
    fresh: Robots | None = None,
    last_good: Robots | None = None,
    age: float | None = None,
) -> Robots:
    """The rules in force after robots.txt was asked for (RFC 9309 section 2.3.1).

    `fresh`: what it says, where it came ('ok') or was confirmed ('same'), and came whole; `last_good`, `age`: an
    earlier copy and its age in seconds. Unavailable (4xx, or still moved after five hops) allows everything;
    unreachable (5xx, no answer, or half of one: the rule that bars us may stand in the other half) forbids everything,
    but for a day the last good copy stands. 429 is 'not now', and no leave to go on.
    """
    if outcome in ("ok", "same") and fresh is not None:
        return fresh
    if outcome in ("gone", "moved") or (outcome == "refused" and status != NOT_NOW):
        there = "moved in circles" if outcome == "moved" else str(status) if status else outcome
        return Robots(blanket=Decision(True, f"allow: no robots.txt ({there})"))
    if last_good is not None and age is not None and age <= KEPT_FOR:
        return last_good
    why = "cut off" if outcome in ("ok", "same") else status
    return Robots(blanket=Decision(False, f"{COULD_NOT} ({why})")) if why else DENY_ALL


def is_passing(rule: str) -> bool:
    """Whether the rule bars us only for want of a robots.txt: the site may say otherwise once it can be had."""
    return rule.startswith(COULD_NOT)


def permitted(letter: str) -> Decision:
    """The decision where a written permission stands above robots.txt."""
    return Decision(True, f"allow: permission {letter}")


@dataclass(frozen=True, slots=True)
class _Ours:
    """What a file says to us: our name in it ('*' where it does not name us), the rules, and their patterns."""

    name: str
    rules: Protego
    allows: tuple[str, ...]  # longest first
    denies: tuple[str, ...]


@lru_cache(maxsize=512)
def _ours(text: str, token: str) -> _Ours:
    """The file narrowed to the groups that speak to this token."""
    lines, patterns, named = _narrow(text, token)
    name = token if named else "*"
    by_length = sorted(patterns, key=lambda p: (p[0] == name, len(p[2])), reverse=True)[:RULES]
    return _Ours(
        name,
        Protego.parse("\n".join(lines)),
        tuple(value for who, field, value in by_length if who == name and field == "allow"),
        tuple(value for who, field, value in by_length if who == name and field == "deny"),
    )


def _narrow(text: str, token: str) -> tuple[list[str], list[tuple[str, str, str]], bool]:
    """(the lines with every other agent's name blotted out, (agent, allow or deny, pattern), are we named?)."""
    lines: list[str] = []
    patterns: list[tuple[str, str, str]] = []
    group: set[str] = set()
    named, naming = False, False
    for raw in text.split("\n"):
        line = raw.partition("#")[0].strip()
        if agent := _AGENT.match(line):
            who = _who(agent[1], token)
            group = group | {who} if naming else {who}
            named, naming = named or (who == token and who != "*"), True
            lines.append(f"User-agent: {who}")
        elif line:
            lines.append(line)
            naming = naming and bool(_WHOLE_SITE.match(line))
            if rule := _RULE.match(line):
                field = "allow" if rule[1][0] in "aA" else "deny"
                patterns += [(who, field, rule[2]) for who in group if who != _NOBODY]
    return lines, patterns, named


def _who(named: str, token: str) -> str:
    """Whom a User-agent line speaks to: us, all ('*'), or somebody else."""
    if named == "*" or named.startswith(("* ", "*\t")):
        return "*"
    return token if token and _token(named.lstrip("*")) == token else _NOBODY


def _token(agent: str) -> str:
    """The product token of a User-Agent, in lower case (RFC 9309 section 2.2.1)."""
    found = _TOKEN.match(agent.strip())
    return found[0].lower() if found else ""


def _deciding(patterns: tuple[str, ...], url: str) -> str | None:
    """The longest of the patterns that covers the URL, as it is written in the file."""
    return next((pattern[:200] for pattern in patterns if not _alone(pattern).can_fetch(url, "*")), None)


@lru_cache(maxsize=8192)
def _alone(pattern: str) -> Protego:
    """A file with this one pattern: whether it covers a URL is Protego's to say."""
    return Protego.parse(f"User-agent: *\nDisallow: {pattern}")


def _decode(body: bytes) -> str:
    """The text in any bytes: by its byte order mark, as UTF-8, else as the windows-1252 of old editors."""
    mark, encoding = next(((m, e) for m, e in _BOMS if body.startswith(m)), (b"", "utf-8"))
    try:
        text = body[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        text = body[len(mark) :].decode("cp1252" if encoding == "utf-8" else encoding, "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)


def _sitemaps(text: str, url: str) -> tuple[str, ...]:
    found = (urls.join(url, m[1]) if url else urls.parse(m[1]) for m in _SITEMAP.finditer(text))
    return tuple(dict.fromkeys(u for u in found if u and urls.is_web(u)))[:SITEMAPS]

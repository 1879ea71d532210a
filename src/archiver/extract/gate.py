"""The gate: is what came back the page at all? Signs in, a verdict and its reason out.

A false bad verdict loses a revision and a false good one invents it, so each sign asks for more than one thing: words
on a page that is short, a password field where there is no text, an emptiness where there was a text. What a page is
suspected of is settled by the second visit (`Facts.repeated`). Pure.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archiver import urls
from archiver.extract.listings import vendors
from archiver.extract.page import starts
from archiver.extract.page.blocks import even
from archiver.extract.page.html import Page
from archiver.model import Document, Facts, Language, Verdict

FEW_WORDS = 80
"""A page that is nothing but a message has fewer words than this in its content area."""
FEW_LINKS = 12
"""A page outside the site's templates has fewer links than its menus would have."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the gate looks at."""

    facts: Facts
    document: Document
    page: Page | None  # None: not HTML
    language: Language  # the page's own
    packs: tuple[Language, ...] = ()  # the site's, and the others we know

    @property
    def is_html(self) -> bool:
        """Whether there is a page to look at."""
        return self.page is not None

    @property
    def is_short(self) -> bool:
        """Whether the content area holds no more than a message."""
        return self.document.words < FEW_WORDS

    @property
    def is_bare(self) -> bool:
        """Whether the page stands outside the site's templates."""
        return self.page is not None and len(self.page.anchors) < FEW_LINKS

    @property
    def names(self) -> tuple[str, ...]:
        """What the page calls itself: its heading, and its title for machines."""
        return tuple(filter(None, (self.document.title, self.page.head.title if self.page else None)))

    @property
    def everything(self) -> str:
        """All lines of the page."""
        return "\n".join(line.text for line in self.page.lines) if self.page else ""


Sign = Callable[[Look], str | None]
"""The reason for a verdict, in words; None where the sign is not there."""


def judge(look: Look) -> tuple[Verdict, str]:
    """The first verdict whose sign is there, with its reason; 'good' where none is."""
    for verdict, sign in SIGNS:
        if (reason := sign(look)) is not None:
            return verdict, reason
    return "good", ""


# Answers ------------------------------------------------------------------------------------------------------


def _cut_short(look: Look) -> str | None:
    return f"the body is not whole: {look.facts.flaw}" if look.facts.flaw in {"truncated", "over-budget"} else None


_VENDORS: tuple[tuple[str, str], ...] = (
    ("just a moment", "Cloudflare"),
    ("attention required! | cloudflare", "Cloudflare"),
    ("checking your browser", "a browser check"),
    ("ddos-guard", "DDoS-Guard"),
    ("access denied", "an edge server"),
    ("request rejected", "F5"),
    ("pardon our interruption", "Imperva"),
    ("human verification", "AWS WAF"),
    ("are you a robot", "a robot check"),
    ("är du en människa", "a robot check"),
    ("du är en människa", "a robot check"),
    ("verifying you are human", "a robot check"),
    ("request unsuccessful. incapsula incident id", "Imperva"),
    ("sucuri website firewall", "Sucuri"),
)
"""What protection vendors' pages are titled, or say where they say nothing else."""


def _is_challenge(look: Look) -> str | None:
    """A vendor's page. Its script alone is no sign: vendors put it on good pages too."""
    if not look.is_html or not look.is_short or not look.is_bare:
        return None
    said = "\n".join((*look.names, look.everything[:2000])).casefold()
    return next((f"a page of {vendor}: '{words}'" for words, vendor in _VENDORS if words in said), None)


_LOGIN = re.compile(
    r"//(?:login|logon|signin|sso|idp|auth|adfs|login\.microsoftonline)[\w.-]*[./]"
    r"|/(?:adfs/ls|saml2?|oauth2?/authorize|wp-login\.php|user/login|logga-in|login(?:\.aspx)?)(?:[/?#]|\Z)",
    re.I,
)


def _asks_for_login(look: Look) -> str | None:
    facts = look.facts
    if facts.status == 401:
        return "answered 401"
    if facts.location and _LOGIN.search(facts.location) and not _LOGIN.search(facts.url):
        return f"sent on to a login: {facts.location}"
    if look.page and look.page.password and look.is_short:
        return "a password field where the text should be"
    return None


def _is_maintenance(look: Look) -> str | None:
    """A page outside the templates that says so. A notice of roadworks within them is a page like any other."""
    if look.facts.status == 503:
        return "answered 503"
    if not look.is_bare or not look.is_short:
        return None
    found = _phrase(look.language.maintenance, (*look.names, look.everything[:2000]))
    return f"says '{found}' and little else" if found else None


def _is_error(look: Look) -> str | None:
    status = look.facts.status or 0
    return f"answered {status}" if status in {403, 407, 429, 451} or status >= 500 else None


def _is_gone(look: Look) -> str | None:
    """A page of ours that says it is not there: in its title, on a page with hardly a text."""
    if look.facts.status in {404, 410}:
        return f"answered {look.facts.status}"
    if not look.is_html or look.document.words >= 2 * FEW_WORDS:
        return None
    if found := _phrase(look.language.gone, look.names, most=8):
        return f"titled '{found}'"
    if look.document.words < FEW_WORDS // 2:
        said = tuple(block.text for block in look.document.main if block.kind in {"heading", "paragraph"})
        if found := _phrase(look.language.gone, said[:3], most=20):
            return f"says '{found}'"
    return None


def _is_sent_to_start(look: Look) -> str | None:
    """Another page's address answered by the start page: by redirect, or under the start page's own name."""
    facts = look.facts
    if starts.is_start(facts.url, facts):
        return None
    if facts.location:
        return f"sent on to the start page: {facts.location}" if starts.is_start(facts.location, facts) else None
    page = look.page
    return f"calls itself the start page: {page.head.canonical}" if page and page.start else None


# Bodies -------------------------------------------------------------------------------------------------------

_FILES = frozenset({"pdf", "docx", "odt", "ods", "xlsx", "text", "zip", "image", "other"})
_ROLES = {"robots": {"robots", "other"}, "sitemap": {"sitemap", "xml", "robots", "other"}, "feed": {"feed", "xml"}}


def _is_another_kind(look: Look) -> str | None:
    """HTML where a file always came, or the reverse. What came twice is believed."""
    kind, facts = look.document.kind, look.facts
    if facts.role in _ROLES and kind == "html":
        return f"HTML in place of {facts.role}"
    if facts.role in {"sitemap", "feed"} and look.document.legible == "no":
        return f"no {facts.role} that can be read"
    if facts.repeated or facts.kind_before is None:
        return None
    if (kind == "html") != (facts.kind_before == "html") and {kind, facts.kind_before} & (_FILES | {"html"}):
        return f"{kind} where {facts.kind_before} has always come"
    return None


def _is_no_listing(look: Look) -> str | None:
    """Something else where a vendor's list should be: its shape has changed, and an empty list would hide that.

    Never believed: a person has to look. A file is a file, whoever keeps it.
    """
    reader, document = look.facts.reader or "", look.document
    vendor = vendors.VENDORS.get(reader)
    if vendor is None or document.kind in vendors.FILE_KINDS or (document.kind == "html" and "html" in vendor.kinds):
        return None
    if document.kind != "listing":
        return f"the reader {reader!r} finds no list: {document.kind} came"
    changed = f"the reader {reader!r} finds no list that it knows: has its shape changed?"
    return changed if document.legible == "no" else None


def _is_parked(look: Look) -> str | None:
    """A domain that is for sale or waits for its owner: what came is the registrar's page, on whatever address."""
    if not look.is_html or not look.is_short or not look.is_bare:
        return None
    said = even("\n".join((*look.names, look.everything[:2000]))).casefold()
    return next((f"a parked domain: '{words}'" for words in _PARKED if words in said), None)


_PARKED: tuple[str, ...] = (
    "domain is for sale", "domain may be for sale", "domain name is for sale", "buy this domain",
    "this domain is parked", "domain parked", "parked domain", "parked free", "domain has expired", "domain expired",
    "domänen är till salu", "domännamnet är till salu", "domänen är parkerad", "parkerad domän",
    "domänen har upphört", "domænet er til salg", "domænet er parkeret", "domenet er til salgs",
    "domenet er parkert", "diese domain steht zum verkauf", "domain ist geparkt", "verkkotunnus on myytävänä",
)  # fmt: skip
"""What pages of registrars and dealers in domains say, where they say nothing else."""


def _is_another_site(look: Look) -> str | None:
    """A page under another title that names another site as its own, where it named ours, or none, before.

    A host that lost its name, or a server that mixes its hosts up, shows whole pages of somebody else. A site that
    moves names its new host on every page too: so what insists is believed (`Facts.insists`), after a person was told.
    """
    facts, page = look.facts, look.page
    if page is None or facts.kind_before != "html" or facts.insists or page.head.canonical is None:
        return None
    if look.document.title == facts.title_before:
        return None
    metas = dict(reversed(page.head.metas))
    base = page.head.base or facts.url
    named = [urls.join(base, said) or "" for said in (page.head.canonical, metas.get("og:url")) if said]
    sites = {urls.same_site_host(urls.host(url)) for url in named if urls.is_web(url)}
    own = {urls.same_site_host(host) for host in (*facts.hosts, urls.host(facts.url), facts.site_before or "")}
    if len(sites) != 1 or sites & own or any(_is_below(site, host) for site in sites for host in own):
        return None
    return f"another site: it calls itself a page of {min(sites)}"


def _is_below(one: str, other: str) -> bool:
    """Whether one host is the other's, or both are of one domain: 'forum.ort.se' and 'ort.se'."""
    return bool(other) and one.split(".")[-2:] == other.split(".")[-2:]


def _is_another_language(look: Look) -> str | None:
    """A page that says it is in another language than before, speaks that one, and hardly uses a word of the other.

    A server that chooses the language by what it takes us for, or somebody else's page. What insists is believed.
    """
    facts = look.facts
    before, now = (_base_language(said) for said in (facts.language_before, look.document.language))
    if not look.is_html or facts.insists or not before or before == now or look.is_short:
        return None
    words = _WORD.findall(look.document.text.casefold())[:_LISTENED]
    heard_before, heard_now = (_heard(words, code, look.packs) for code in (before, now))
    if heard_before is None or heard_now is None or len(words) < FEW_WORDS:
        return None
    if heard_before > _FOREIGN * len(words) or heard_now < _SPOKEN * len(words):
        return None
    return f"another language: {now} where {before} has always come, {heard_before} common words of it in {len(words)}"


_WORD = re.compile(r"[^\W\d_]+")
_LISTENED = 5_000
_FOREIGN, _SPOKEN = 0.02, 0.05
"""The shares of a pack's common words: at most so in a text that is not in the language, at least so in one that is.
Of 713 real pages in Swedish, German and English the median text has 16 to 18 % of its own language's; German and
English ones have 1.8 % at most of the other's, and of Swedish. Danish in place of Norwegian is missed."""


def _heard(words: list[str], code: str, packs: tuple[Language, ...]) -> int | None:
    """How many of the words are common ones of a language; None where we do not know it."""
    pack = next((pack for pack in packs if code in map(_base_language, (pack.code, *pack.also)) and pack.common), None)
    return None if pack is None else sum(word in pack.common for word in words)


def _base_language(tag: str | None) -> str:
    return (tag or "").strip().replace("_", "-").partition("-")[0].casefold()


def _breaks_off(look: Look) -> str | None:
    page = look.page
    if page is None or page.whole or look.facts.repeated:
        return None
    return "ends inside a tag, a comment or a script"


def _is_empty(look: Look) -> str | None:
    """No text where there was some, or a shell that a script would have filled."""
    facts = look.facts
    if not (look.is_html or look.document.kind == "listing") or look.document.words or facts.repeated:
        return None
    if facts.words_before:
        return f"no text in the content area, which had {facts.words_before} words"
    page = look.page
    if page is not None and page.scripts and not page.lines and look.document.blocks == ():
        return "a shell that wants a script"
    return None


def _phrase(phrases: Iterable[str], texts: Iterable[str], most: int | None = None) -> str | None:
    """The first of the phrases that one of the texts (of `most` words) holds, as whole words."""
    said = [even(text).casefold() for text in texts]
    held = [text for text in said if most is None or len(text.split()) <= most]
    return next((phrase for phrase in phrases if any(_says(text, phrase.casefold()) for text in held)), None)


def _says(text: str, phrase: str) -> bool:
    return phrase in text and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


SIGNS: tuple[tuple[Verdict, Sign], ...] = (
    ("truncated", _cut_short),  # Content-Length not met, a compressed stream that was cut, our budget
    ("to-start", _is_sent_to_start),  # removed pages that a catch-all rule sends to '/'
    ("login", _asks_for_login),  # intranet pages that were open once
    ("challenge", _is_challenge),  # before statuses: vendors answer 403, 429, 503 and 200
    ("maintenance", _is_maintenance),  # hosting vendors' holding pages, with 503 or with 200
    ("soft-404", _is_gone),  # 'Sidan kunde inte hittas' with status 200
    ("challenge", _is_error),  # a refusal without a name
    ("wrong-kind", _is_parked),  # a registrar's page under a name that was not paid for
    ("wrong-kind", _is_no_listing),  # a vendor's new interface, read by the reader of the old one
    ("wrong-kind", _is_another_kind),  # an HTML error page under a .pdf address; robots.txt answered by the CMS
    ("wrong-kind", _is_another_site),  # somebody else's pages under an old name; hosts mixed up
    ("wrong-kind", _is_another_language),  # a translation served by chance
    ("truncated", _breaks_off),  # a server that died in mid-page without a Content-Length
    ("empty", _is_empty),  # a portlet that failed; a script's shell
)
"""In this order: the first that is there is the verdict."""

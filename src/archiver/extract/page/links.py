"""The links of a page in order: where they lead, what they say, and what stands beside that for the file or the ear.

"Protokoll (pdf, 249 kB)" is a link called "Protokoll" with the note "pdf, 249 kB"; "Länk till annan webbplats" is a
note too. Both are cut by their element where there is markup, and by the language's list where there is not, even when
glued to the last letter. The size of a file tells that it was swapped, so it is kept. Pure.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from archiver import urls
from archiver.extract.page.blocks import even, is_furniture
from archiver.extract.page.lines import Head, Line, Zone
from archiver.model import Language, Link, Part, Rel
from archiver.model.bulk import Columns

LinkKind = Literal["internal", "external", "document", "mail", "phone", "anchor"]

_LINKS = Columns(Link)
_PATH = re.compile(r"https?://[^/?#]*([^?#]*)")
_LABEL, _SEGMENT = "[a-z0-9]+(?:-[a-z0-9]+)*", r"[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*"
_PLAIN = re.compile(
    rf"https?://(?:{_LABEL}\.)+[a-z]{{2,}}/(?:{_SEGMENT}/)*(?:{_SEGMENT})?(?:\?[A-Za-z0-9_=&.~-]+)?(?:#[A-Za-z0-9_.~-]+)?"
)
"""URLs in which there is nothing to be parsed: no port, dot segment, escape, capital or foreign letter in the host."""
_KEPT = ("http:", "https:", "mailto:", "tel:")
_WEB = ("http://", "https://")
_MOST = 5_000
"""Links read from one page."""
_LONGEST = 2_048
"""Characters of a target; a longer one is data, not an address."""

_DEEPEST = 30
"""Folders of a page whose links are joined quickly."""
_REMEMBERED = 8192
"""Answers that are remembered of each kind: a site's menu is the same on every page. (Their keys are short.)"""
_SHORT = 500
"""Characters of a key that is remembered."""

_FILES = "pdf docx? docm dotx? xlsx? xlsm xlsb pptx? ppsx? odt ods odp rtf csv txt xml epub zip 7z rar gml geojson ics"
_FILE_PATH = re.compile(rf"\.(?:{'|'.join(_FILES.split())})(?=$|[/?#;])", re.I)
_FILE_PLACES = re.compile(
    r"/download/(?:18|19|\d+)\.|/download/|/globalassets/[^?#]+\.\w{2,4}\Z|/wp-content/uploads/[^?#]+\.\w{2,4}\Z"
    r"|/sites/default/files/|/contentassets/[^?#]+\.\w{2,4}\Z|/siteassets/[^?#]+\.\w{2,4}\Z|/media/\w+/[^?#]+\.\w{2,4}\Z",
    re.I,
)
_IMAGE_PATH = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif|bmp|ico|mp4|mp3|m4a|mov|webm)\Z", re.I)
_VISIT = re.compile(
    r"(?:_?wpnonce|nonce|_?csrf(?:_?token)?|__requestverificationtoken|phpsessid|jsessionid|sid)\Z", re.I
)
"""Query parameters that are new at every visit."""
_UNSTABLE = re.compile(r"\d{5,}|[0-9a-f]{8,}", re.I)
_PATH_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.I)
_HIDDEN_MAIL = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-f]{4,512})\Z", re.I)

_SHARES = re.compile(
    r"(?:facebook\.com/(?:sharer?|dialog)|(?:twitter|x)\.com/(?:share|intent)|linkedin\.com/(?:share|sharing)"
    r"|pinterest\.\w+/pin/create|(?:api\.)?whatsapp(?:\.com/send|://send)|t\.me/share|reddit\.com/submit"
    r"|addtoany\.com/|addthis\.com/|app-eu\.readspeaker\.com|translate\.google)|\Amailto:\?|\Ajavascript:(?:window\.)?print",
    re.I,
)
"""Where buttons lead that pass the page on, read it aloud, translate or print it."""

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
_LONGEST_NOTE = 160
_NOTE_EDGE = " \t,;:()[]–-"


class Anchor(NamedTuple):
    """A link as the walk met it."""

    href: str
    text: str
    note: str | None
    line: int | None  # index of the line its text begins in
    zone: Zone
    download: bool = False


def read(
    anchors: Sequence[Anchor], head: Head, feeds: Sequence[str], places: Mapping[int, int], url: str,
    beside: Collection[int] = (),
) -> tuple[Link, ...]:  # fmt: skip
    """The links of a page: the head's canonical and feeds first, then the others in the order they stand.

    A link stands where its block stands: `beside` are the blocks among the rest. One to a place on its own page stands
    there too where it is in no block; one whose place is numbered anew at each visit is left out.
    """
    base, page = head.base if 0 < len(head.base) <= _LONGEST else url, urls.without_fragment(url)
    rows: list[tuple[str, Rel, Part, str, str | None, int | None]] = []
    heads: list[tuple[Rel, str]] = [("canonical", head.canonical)] if head.canonical else []
    heads += [("feed", feed) for feed in feeds]
    for rel, reference in heads:
        if joined := target(base, reference):
            rows.append((joined, rel, "rest", "", None, None))
    for anchor in anchors[:_MOST]:
        if (joined := target(base, anchor.href)) is None:
            continue
        here = "#" in joined and urls.without_fragment(joined) == page
        if here and _UNSTABLE.search(joined, len(page)):
            continue
        rel = "attachment" if anchor.download or is_file(joined) else "link"
        place = places.get(anchor.line) if anchor.line is not None else None
        aside = place in beside or (here and place is None)
        part: Part = "main" if anchor.zone == "main" and not aside else "rest"
        rows.append((joined, rel, part, anchor.text, anchor.note, place))
    return _LINKS.of(rows)


def headings(anchors: Sequence[Anchor], lines: Sequence[Line]) -> set[int]:
    """The headings that are links: each is a card, complete in itself."""
    return {a.line for a in anchors if a.line is not None and lines[a.line].kind == "heading"}


def of_contents(anchors: Sequence[Anchor], lines: Sequence[Line]) -> set[int]:
    """The lines of a table of contents: list items that are links to places on their own page, and nothing else."""
    return {
        anchor.line
        for anchor in anchors
        if anchor.href.startswith("#")
        and anchor.line is not None
        and lines[anchor.line].kind == "list-item"
        and lines[anchor.line].text == anchor.text
    }


def of_template(anchors: Sequence[Anchor], lines: Sequence[Line], language: Language) -> set[int]:
    """The lines that are nothing but links of the template, side by side: 'Skriv ut Till toppen'."""
    rows: dict[int, list[str]] = {}
    for anchor in anchors:
        if anchor.line is not None and anchor.zone == "main":
            rows.setdefault(anchor.line, []).append(anchor.text)
    return {
        line
        for line, texts in rows.items()
        if len(texts) > 1
        and len(lines[line].text) <= _LONGEST_NOTE
        and "".join(texts).replace(" ", "") == lines[line].text.replace(" ", "").replace("|", "")
        and all(is_furniture(text, language) for text in texts)
    }


def target(base: str, reference: str) -> str | None:
    """Where a reference leads; None where that is nowhere we could ask: scripts, data, an empty fragment."""
    bare = reference.strip()
    if bare in {"", "#"} or len(bare) > _LONGEST:
        return None
    alone = bare.startswith(_WEB) or not base.startswith(_WEB)
    return _target("", bare) if alone else _target(*_as_far_as_needed(base, bare))


def _as_far_as_needed(base: str, bare: str) -> tuple[str, str]:
    """As much of base and reference as are to be joined: the pages of a site, with one menu, then share the answer."""
    folders = _folders(base)
    if folders and bare[0] == "/":
        return folders[-1], bare
    if not folders or ":" in bare or not (bare[0].isalnum() or bare[0] == "."):
        return base, bare
    up = 0
    while bare.startswith("../", up):
        up += 3
    if not bare[up : up + 1].isalnum():
        return folders[0], bare
    return folders[min(up // 3, len(folders) - 1)], bare[up:]


@lru_cache(maxsize=64)
def _folders(base: str) -> tuple[str, ...]:
    """The folder a page stands in and those above it, up to its origin; none where its URL is unlike others."""
    path = base.partition("#")[0].partition("?")[0]
    scheme, _, host, *rest = [*path.split("/", 3), "", ""]
    if not host or "\\" in base or "/." in path or "%" in path or path.count("/") > _DEEPEST or len(path) > _LONGEST:
        return ()
    names = rest[0].split("/")[:-1]
    return tuple("/".join((scheme, "", host, *names[:depth], "")) for depth in range(len(names), -1, -1))


@lru_cache(maxsize=_REMEMBERED)
def _target(base: str, bare: str) -> str | None:
    if bare[:4].lower() == "tel:":
        return "tel:" + re.sub(r"[\s()-]+", "", bare[4:])
    if "#" in bare and (found := _HIDDEN_MAIL.search(bare)):
        return f"mailto:{mail(found[1])}"
    joined = _plainly_joined(base, bare) or (urls.join(base, bare) if base else urls.parse(bare))
    if joined is None or not joined.startswith(_KEPT):
        return None
    return _without_visit(joined)


def _plainly_joined(base: str, bare: str) -> str | None:
    """Base and reference set one behind the other, where a parser would do no more: a tenth of its time."""
    if bare[0] in "?#" or base[-1:] not in {"", "/"}:
        return None
    whole = base + (bare[1:] if base and bare[0] == "/" else bare)
    return whole if _PLAIN.fullmatch(whole) else None


def kind(link: Link, page_url: str, hosts: tuple[str, ...] = ()) -> LinkKind:
    """What sort of thing a link leads to, seen from its page and the hosts of its site."""
    if link.target.startswith("mailto:"):
        return "mail"
    if link.target.startswith("tel:"):
        return "phone"
    if link.rel == "attachment":
        return "document"
    if "#" in link.target and urls.without_fragment(link.target) == urls.without_fragment(page_url):
        return "anchor"
    own = {urls.same_site_host(name) for name in (*hosts, urls.host(page_url))}
    return "internal" if urls.same_site_host(urls.host(link.target)) in own else "external"


@lru_cache(maxsize=_REMEMBERED)
def is_file(url: str) -> bool:
    """Whether a URL is a document's, by its ending or by where a CMS keeps them. An image is no document."""
    found = _PATH.match(url)
    path = found[1] if found else ""
    if _IMAGE_PATH.search(path):
        return False
    return bool(_FILE_PATH.search(path) or _FILE_PLACES.search(path))


def cut(text: str, language: Language) -> tuple[str, str | None]:
    """The text of a link without its note, and the note; a link that is nothing but note keeps its text.

    >>> cut("Protokoll Pdf, 3 MB, öppnas i nytt fönster.", swedish)
    ('Protokoll', 'Pdf, 3 MB, öppnas i nytt fönster.')
    """
    return (_cut if len(text) <= _SHORT else _cut.__wrapped__)(text, language.suffixes)


@lru_cache(maxsize=_REMEMBERED)
def _cut(text: str, suffixes: tuple[str, ...]) -> tuple[str, str | None]:
    if not text.rstrip(_NOTE_EDGE + "\n\r\xa0.").lower().endswith(_ends(suffixes)):
        return text, None  # as nearly every link: what follows looks at each of its letters
    suffix = _suffixes(suffixes)
    end = len(text)
    for _ in range(4):
        start = max(0, end - _LONGEST_NOTE)
        found = (suffix.search(text, start, end) if suffix else None) or _FILE_NOTE.search(text[:end], start)
        found = found or _bracketed(text[:end], start, suffixes)
        if found is None or found.start() == end:
            break
        end = found.start()
    if end == len(text) or not text[:end].strip(_NOTE_EDGE):
        return text, None
    return text[:end].rstrip(" ,;:–-"), _bare(text[end:])


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


def apart(href: str, text: str, language: Language) -> Anchor:
    """A link whose words stand in no line."""
    return (_apart if len(href) + len(text) <= _SHORT else _apart.__wrapped__)(href, text, language.suffixes)


@lru_cache(maxsize=_REMEMBERED)
def _apart(href: str, text: str, suffixes: tuple[str, ...]) -> Anchor:
    said, note = _cut.__wrapped__(even(text), suffixes)
    return Anchor(href, said, note, None, "furniture")


def passes_on(reference: str) -> bool:
    """Whether a link does something with the page and leads nowhere: it is a button of the template."""
    return ":" in reference and _shares(reference[:300])


@lru_cache(maxsize=_REMEMBERED)
def _shares(reference: str) -> bool:
    return _SHARES.search(reference) is not None


def join_notes(*notes: str | None) -> str | None:
    """Several notes as one; None where there is none."""
    return ", ".join(n for n in (_bare(n) for n in notes if n) if n) or None


def mail(hidden: str) -> str:
    """The address behind Cloudflare's e-mail protection, which is written with another key at each visit."""
    try:
        key, *rest = bytes.fromhex(hidden)
    except ValueError:
        return ""
    return bytes(byte ^ key for byte in rest).decode("utf-8", "replace")


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


def _without_visit(url: str) -> str:
    """The URL without what is new at every visit: sessions and nonces."""
    if ";" in url:
        url = _PATH_SESSION.sub("", url)
    if "?" not in url:
        return url
    address, hash_, fragment = url.partition("#")
    path, _, query = address.partition("?")
    kept = [p for p in query.split("&") if not _VISIT.match(p.partition("=")[0])]
    if len(kept) == query.count("&") + 1:
        return url
    return path + ("?" + "&".join(kept) if kept else "") + hash_ + fragment

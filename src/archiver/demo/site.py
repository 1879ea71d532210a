"""The three towns' websites on any day: every path and what it answers.

A pure function of `demo.script`: the same day gives the same bytes, and no day remembers another.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from zlib import crc32

from archiver.demo import themes
from archiver.demo.alvhamn import ALVHAMN
from archiver.demo.granvik import GRANVIK
from archiver.demo.markup import Article, Frame, Theme, dress
from archiver.demo.pdf import page_pdf
from archiver.demo.script import EDITS, ZONE, Announce, Redate, Refile, Return, Reword, Step, Vanish, date_of
from archiver.demo.sjoberga import SJOBERGA
from archiver.demo.town import Leaflet, Town

TOWNS: Mapping[str, Town] = {town.id: town for town in (SJOBERGA, GRANVIK, ALVHAMN)}
THEMES: Mapping[str, Theme] = {
    "sitevision": themes.SITEVISION,
    "municipio": themes.MUNICIPIO,
    "optimizely": themes.OPTIMIZELY,
}
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class Page:
    """What one path answers."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@lru_cache(maxsize=16)
def pages_on(town: str, day: int, base: str) -> Mapping[str, Page]:
    """Every path of a town on that day; `base` is its address, 'http://127.0.0.1:8000'."""
    state = _state(TOWNS[town], day)
    frame = Frame(state.title, base, state.menu, state.banner)
    pages = {a.path: _article(a, state, frame, day) for a in state.articles}
    pages |= {leaflet.path: _leaflet(leaflet) for leaflet in state.leaflets}
    pages |= {old: Page(301, (("Location", base + new),), b"") for old, new in state.moved}
    pages |= {path: _lost(410, frame, state) for path in state.gone}
    pages |= _for_machines(state, base)
    pages["/assets/stil.css"] = Page(200, (("Content-Type", "text/css; charset=utf-8"),), themes.STYLE.encode())
    pages["/assets/bild.svg"] = Page(200, (("Content-Type", "image/svg+xml"),), themes.PICTURE.encode())
    return pages


def not_found(town: str, base: str) -> Page:
    """What a path answers that the town does not know."""
    state = TOWNS[town]
    return _lost(404, Frame(state.title, base, state.menu), state)


def _state(town: Town, day: int) -> Town:
    """The town after the edits of that day and those before."""
    for edit in EDITS:
        if edit.town == town.id and edit.day <= day:
            for step in edit.steps:
                town = _apply(step, edit.path, town)
    return town


def _apply(step: Step, path: str, town: Town) -> Town:
    match step:
        case Announce(text):
            return replace(town, banner=text)
        case Vanish():
            return replace(town, gone=town.gone | {path})
        case Return():
            return replace(town, gone=town.gone - {path})
        case Refile():
            return replace(town, leaflets=tuple(_refile(k, step) if k.path == path else k for k in town.leaflets))
        case Reword() | Redate():
            return replace(town, articles=tuple(_edit(a, step) if a.path == path else a for a in town.articles))


def _edit(article: Article, step: Reword | Redate) -> Article:
    if isinstance(step, Reword):
        return replace(article, body=_swap(_dedent(article.body), step.old, step.new))
    match step.field:
        case "published":
            return replace(article, published=step.value)
        case "updated":
            return replace(article, updated=step.value)
        case "reviewed":
            return replace(article, reviewed=step.value)


def _refile(leaflet: Leaflet, step: Refile) -> Leaflet:
    words = _swap("\n".join(leaflet.paragraphs), step.old, step.new)
    return replace(leaflet, paragraphs=tuple(words.split("\n")), modified=step.modified)


def _swap(text: str, old: str, new: str) -> str:
    """The text with the one place changed; a script that does not fit its page is a bug of ours."""
    if text.count(old) != 1:
        raise ValueError(f"the script wants to change words that stand there {text.count(old)} times: {old!r}")
    return text.replace(old, new)


def _dedent(body: str) -> str:
    return "\n".join(line.strip() for line in body.strip().splitlines()) + "\n"


def _article(article: Article, town: Town, frame: Frame, day: int) -> Page:
    nonce = f"{crc32(f'{article.path} {day}'.encode()):08x}"
    framed = replace(frame, nonce=nonce)
    changed = datetime(*date_of(day).timetuple()[:3], 4, 0, tzinfo=ZONE)
    return Page(
        200, (("Content-Type", HTML), _last_modified(changed)), dress(article, THEMES[town.theme], framed).encode()
    )


def _leaflet(leaflet: Leaflet) -> Page:
    created, changed = _moment(leaflet.created), _moment(leaflet.modified or leaflet.created)
    body = page_pdf(leaflet.title, leaflet.paragraphs, created, changed)
    return Page(200, (("Content-Type", "application/pdf"), _last_modified(changed)), body)


def _lost(status: int, frame: Frame, town: Town) -> Page:
    article = Article("/", "Sidan kunde inte hittas", "Sidan du söker finns inte längre eller har flyttats.")
    return Page(status, (("Content-Type", HTML),), dress(article, THEMES[town.theme], frame).encode())


def _for_machines(town: Town, base: str) -> dict[str, Page]:
    """robots.txt, sitemaps and the feed."""
    robots = "".join(
        ["User-agent: *\n", *(f"Disallow: {path}\n" for path in town.barred), f"\nSitemap: {base}/sitemap.xml\n"]
    )
    pages = {"/robots.txt": Page(200, (("Content-Type", "text/plain; charset=utf-8"),), robots.encode())}
    entries = _sitemap([(base + a.path, a.updated) for a in town.articles if a.path not in town.gone])
    if town.theme == "sitevision":
        index = f'<sitemapindex xmlns="{_SITEMAP}"><sitemap><loc>{base}/sitemap1.xml.gz</loc></sitemap></sitemapindex>'
        packed = gzip.compress(entries.encode(), mtime=0)
        pages["/sitemap1.xml.gz"] = Page(200, (("Content-Type", "application/gzip"),), packed)
        entries = index
    pages["/sitemap.xml"] = Page(200, (("Content-Type", XML),), entries.encode())
    news = [a for a in town.articles if a.path.startswith("/nyheter/") and a.published]
    if town.theme == "municipio":
        pages["/nyheter/feed/"] = Page(
            200, (("Content-Type", "application/rss+xml"),), _feed(news, town, base).encode()
        )
    return pages


def _sitemap(entries: list[tuple[str, str | None]]) -> str:
    rows = (
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day[:10]}</lastmod>' if day else ''}</url>" for url, day in entries
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_SITEMAP}">' + "\n".join(rows) + "</urlset>"


def _feed(news: list[Article], town: Town, base: str) -> str:
    items = "\n".join(
        f"<item><title>{escape(a.title)}</title><link>{base}{a.path}</link>"
        f"<pubDate>{_moment(a.published or ''):%a, %d %b %Y %H:%M:%S %z}</pubDate></item>"
        for a in news
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{town.name} – Nyheter</title>'
        f"<link>{base}/nyheter/</link><description>Nyheter</description><language>sv-SE</language>\n{items}\n</channel></rss>"
    )


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso).replace(tzinfo=ZONE)


def _last_modified(moment: datetime) -> tuple[str, str]:
    return "Last-Modified", f"{moment.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT"

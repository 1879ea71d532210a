"""MeetingsPlus (Formpipe): pages of meetings in HTML, and a notice board whose page is empty without its script.

    /committees/<body>                      all its meetings, in HTML
    /committees/<body>/mote-2026-03-02      one meeting; its files lie below it, with `?downloadMode=open`
    /digital-bulletin-board?pageIndex=2     the notices, filled in by a script from
    /api/dbb/v1.0/announcements/published?pageNumber=1&pageSize=500     JSON by GET: a list, or {"items": […]}
    /api/dbb/v1.0/announcements/<id>        one notice: title, description, start and end

HTML is read as any page is, so that nothing of it is lost. A board without notices leads on to what its script asks
for. The host is the municipality's own (`meetings.`, `forum.`), so only a seed can say what it is. Pure.
"""

import re
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

from archiver import urls
from archiver.extract.listings import loose, troman, vendors
from archiver.extract.listings.loose import Entry, Fields
from archiver.extract.page import html, targets
from archiver.model import Document, Facts, Link, Rules, Unread

PAGE = 500
"""Notices that are asked for at a time."""
_API = "/api/dbb/v1.0/announcements"
_BOARD = re.compile(r"/(?:[\w-]+/)?digital-bulletin-board/?(?:\?|\Z)", re.I)
_NOTICE = re.compile(r"/announcements/", re.I)
_LISTS = ("items", "announcements")
_TITLES = ("title", "name", "documenttitle")
_TEXTS = ("description", "text", "body")
_FACTS = (
    "announcementtypename", "announcementtype", "type", "committeename", "committee", "startdate", "enddate",
    "documenttitle", "diarynumber",
)  # fmt: skip
_SAID = ("modified", "updated", "lastmodified", "published", "publishdate", "startdate")
_ADDRESS = re.compile(r"(?:url|uri|href|link)\Z")
_OF_A_FILE = re.compile(r"file|document|download|attachment")
_MOST_FILES = 500


def read(body: bytes, facts: Facts, rules: Rules) -> Document | Unread:
    """A page with its documents as attachments; a list of notices, or one of them, from its JSON."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        found = html.read(body, facts, rules)
        return found if isinstance(found, Unread) else mark(found, facts)
    said = loose.load(body)
    table, notices = loose.fields(said) or {}, loose.rows(said)
    for name in _LISTS:
        notices = loose.rows(table.get(name)) if notices is None else notices
    if notices is not None:
        return _list(notices, table, facts)
    return _notice(table, facts) if loose.first(table, _TITLES) else loose.unknown()


def mark(document: Document, facts: Facts) -> Document:
    """The page with its documents as attachments; a board without notices leads to what its script asks for."""
    links = troman.attached(document.links, "meetingsplus")
    if _BOARD.match(vendors.tail(facts.url)) and not any(_NOTICE.search(link.target) for link in links):
        links += (Link(urls.origin(facts.url) + _published(1, PAGE), "entry", "rest", ""),)
    return replace(document, links=links)


def _published(number: int, size: int) -> str:
    return f"{_API}/published?pageNumber={number}&pageSize={size}&manageableOnly=false"


def _list(notices: list[object], table: Fields, facts: Facts) -> Document:
    """The notices of one page of the list, and the page after it."""
    entries = [entry for notice in notices if (entry := _entry(loose.fields(notice)))]
    lost = len(notices) - len(entries)
    if following := _next(len(notices), table, facts.url):
        entries.append(Entry("", following, part="rest"))
    return loose.document(facts.url, None, entries, lost=lost)


def _entry(notice: Fields | None) -> Entry | None:
    if notice is None:
        return None
    id_, title = loose.ident(notice.get("id")), loose.words(loose.first(notice, _TITLES))
    if not id_ and not title:
        return None
    line = " | ".join(filter(None, (title, *_facts(notice))))
    return Entry(line or id_ or "", f"{_API}/{quote(id_, safe='')}" if id_ else None, note=loose.said(notice, _SAID))


def _facts(notice: Fields) -> list[str]:
    """What is said of a notice beside its title; of a table its name."""
    found: list[str] = []
    for name in _FACTS:
        held = notice.get(name)
        table = loose.fields(held)
        said = loose.words(table.get("name") if table else held)
        if said and said not in found and said != loose.words(notice.get("title")):
            found.append(said)
    return found


def _next(count: int, table: Fields, url: str) -> str | None:
    """The page after this one: where the list says that there is one, or this one is full."""
    query = parse_qs(urlsplit(url).query)
    number, size = (_number(query.get(name, [""])[0]) for name in ("pageNumber", "pageSize"))
    if not number or not size or not count:
        return None
    pages = _number(loose.words(loose.first(table, ("totalpages", "pagecount"))))
    return _published(number + 1, size) if (number < pages if pages else count >= size) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _notice(notice: Fields, facts: Facts) -> Document:
    """One notice: its facts, its text, its files."""
    said = [Entry(line, kind="paragraph") for line in _facts(notice)]
    said += [Entry(line, kind="paragraph") for name in _TEXTS for line in loose.paragraphs(notice.get(name))]
    return loose.document(facts.url, loose.words(loose.first(notice, _TITLES)), [*said, *_files(notice)])


def _files(notice: Fields) -> list[Entry]:
    """The addresses that a notice gives, its own or those of the tables in it, each with the name beside it."""
    found: list[Entry] = []
    waiting: list[object] = [notice]
    for _ in range(_MOST_FILES):
        if not waiting:
            break
        held = waiting.pop(0)
        if (items := loose.rows(held)) is not None:
            waiting += items[:_MOST_FILES]
        elif table := loose.fields(held):
            name = loose.words(loose.first(table, ("filename", "name", "title", "documenttitle")))
            found += [
                Entry(name, loose.address(value), "attachment" if _is_file(key, loose.address(value)) else "entry")
                for key, value in table.items()
                if _ADDRESS.search(key) and isinstance(value, str)
            ]
            waiting += [value for value in table.values() if isinstance(value, dict | list)]
    return found


def _is_file(key: str, address: str) -> bool:
    return bool(_OF_A_FILE.search(key)) or targets.is_file(urls.join("https://h/", address) or "")

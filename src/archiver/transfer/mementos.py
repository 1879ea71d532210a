"""An archive that speaks Memento (RFC 7089), or has an index of what it has (CDX), asked for every moment of a page.

Each memento is asked for as it was received ('id_'), one at a time, as politely as pages are. Its time is the archive's
Memento-Datetime, its headers those the archive handed on (`X-Archive-Orig-…`).
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from archiver import urls
from archiver.digests import canonical
from archiver.errors import NotFetched
from archiver.model import Response, Source
from archiver.store import Archive
from archiver.transfer.answers import Answer, Imported, Importer
from archiver.transfer.warc_in import EARLIEST
from archiver.warc.cdx import parse_cdx
from archiver.warc.memento import Memento, TimeMap, as_received, moment_of, parse_timemap

Ask = Callable[[str], Awaitable[Response]]
"""One answer for a URL, robots.txt and pace heeded; redirects are the caller's. Raises NotFetched."""
PAGES = 50
"""TimeMaps that are followed from the first."""
HOPS = 5
_ORIGINAL = "x-archive-orig-"
_WRAPPED = re.compile(r"\A(?:https?://[^/\s]*)?/[^\s]{0,200}?/?\d{14}[a-z_]{0,4}/(?=https?://)")
"""What a replaying archive puts before the target of a redirect."""
_OWN = frozenset({"content-type", "location", "last-modified"})
"""Headers of an archive's answer that speak of what it keeps, where it has not renamed them."""


async def import_timemap(
    archive: Archive, sources: Sequence[Source], timemap: str, ask: Ask, at: datetime, most: int | None = None
) -> Imported:
    """Add every memento of the TimeMap, the oldest first; what came of it. Raises NotFetched where there is no TimeMap.

    A memento that cannot be had is told as a fault, and the next is asked for. One that is here already is not asked
    for again; where its archive keeps it by another second than its TimeMap says, that shows only in its answer.
    """
    imported = Imported(timemap)
    original, mementos = await _all(timemap, ask)
    note = canonical({"timemap": timemap, "original": original, "mementos": len(mementos)}).decode()
    importer = Importer(archive, sources, at, imported, note)
    ending = "crashed"
    try:
        for memento in mementos[:most]:
            if importer.has(memento.original or original, memento.at):
                imported.known += 1
                continue
            answer = await _answer(memento, original, ask, imported, at)
            if answer is not None:
                importer.add([answer])
        ending = "done"
    finally:
        importer.close(ending)
    return imported


async def _all(timemap: str, ask: Ask) -> tuple[str, list[Memento]]:
    """The page, and every moment that the TimeMap and those it leads to have."""
    waiting, seen = [timemap], set[str]()
    found: dict[str, Memento] = {}
    original: str | None = None
    while waiting and len(seen) < PAGES:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        page = await _timemap(url, ask)
        original = original or page.original
        found |= {memento.url: memento for memento in page.mementos}
        waiting += [joined for one in page.further if (joined := urls.join(url, one)) and urls.is_web(joined)]
    parsed = urls.parse(original or "")
    if parsed is None or not urls.is_web(parsed):
        raise NotFetched(f"{timemap} is no TimeMap: it names no original page")
    return urls.without_fragment(parsed), sorted(found.values(), key=lambda memento: (memento.at, memento.url))


async def _timemap(url: str, ask: Ask) -> TimeMap:
    reply = await ask(url)
    if reply.status != 200:
        raise NotFetched(f"{url} answers {reply.status}")
    text = reply.body.decode("utf-8", "replace")
    found = parse_timemap(text)
    return found if found.original or found.mementos else parse_cdx(text, url)


async def _answer(memento: Memento, original: str, ask: Ask, imported: Imported, now: datetime) -> Answer | None:
    """The memento as an answer; None where it cannot be had."""
    try:
        reply = await _follow(memento, ask)
    except NotFetched as error:
        imported.fault(str(error))
        return None
    at = moment_of(reply.header("Memento-Datetime")) or memento.at
    if not EARLIEST <= at <= now + timedelta(days=1):
        imported.fault(f"{memento.url}: {at.isoformat()} is no time at which this could be seen")
        return None
    if reply.header("Memento-Datetime") is None and reply.status >= 400:
        imported.fault(f"{memento.url} answers {reply.status}, and not as a memento")
        return None
    return Answer(memento.original or original, at, reply.status, _headers(reply), reply.body, reply.flaw)


async def _follow(memento: Memento, ask: Ask) -> Response:
    """The memento's own answer: an archive may lead to the exact moment first; a redirect that is kept is one."""
    url = as_received(memento.url)
    for _ in range(HOPS):
        reply = await ask(url)
        location = reply.header("Location")
        if not 300 <= reply.status < 400 or location is None or reply.header("Memento-Datetime") is not None:
            return reply
        url = urls.join(url, location) or url
    raise NotFetched(f"{memento.url}: more than {HOPS} redirects")


def _headers(reply: Response) -> tuple[tuple[str, str], ...]:
    """The headers of the answer that is kept: those handed on, else the few that speak of it."""
    handed = tuple(
        (name[len(_ORIGINAL) :], value) for name, value in reply.headers if name.lower().startswith(_ORIGINAL)
    )
    own = tuple((name, _WRAPPED.sub("", value)) for name, value in reply.headers if name.lower() in _OWN)
    known = {name.lower() for name, _ in handed}
    return handed + tuple((name, value) for name, value in own if name.lower() not in known)

"""Leave to ask: the robots.txt in force for an origin, in memory, in the archive, or asked for now (RFC 9309)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from sqlite3 import Connection

from archiver import urls
from archiver.crawl.hosts import Host, Standing
from archiver.crawl.tools import Tools
from archiver.derive import Derived
from archiver.errors import EvidenceError, NotFound
from archiver.frontier import pace, robots, scope
from archiver.model import Address, Capture, Role, Source
from archiver.store import bodies, evidence, hosts, plan

ROBOTS_DAY = timedelta(days=1)  # RFC 9309 section 2.4: not to be used longer than 24 hours
ROBOTS_FRESH = ROBOTS_DAY / 2  # then it is asked for anew: a copy of today can stand in for one that cannot be had
ROBOTS_RETRY = timedelta(hours=1)
ROBOTS_HOPS = 5  # RFC 9309 section 2.3.1.2


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture as committed, with the new body that shows it (None: none, or one known before).

    `derived`: what it means, written down right behind it; None where it has still to be read.
    """

    capture: Capture
    body: bytes | None
    derived: asyncio.Future[Derived | None]


Ask = Callable[[plan.Due, str, Host], Awaitable[Kept]]
"""Wait for the host's turn and ask: what, by which rule, whom."""


class Leave:
    """What robots.txt lets one source ask of each origin."""

    def __init__(self, tools: Tools, source: Source, host: Callable[[str], Host], ask: Ask) -> None:
        self._tools, self._source, self._host, self._ask = tools, source, host, ask

    async def standing(self, host: Host, url: str) -> Standing:
        """The robots.txt in force for the URL's origin."""
        origin = urls.origin(url)
        async with host.reading_robots:
            now, known = self._tools.clock.now(), host.standing.get(origin)
            standing = known or self._stored(origin)
            if standing is None or not now < standing.until <= now + ROBOTS_DAY:  # later: by a wrong clock
                host.located = False
                standing = await self._fresh(origin, standing)
                self._heed(host, standing, 0.0)
            elif known is None:  # an earlier process may have ended just behind it
                self._heed(host, standing, max((now - standing.at).total_seconds(), 0.0))
            host.standing[origin] = standing
            return standing

    def _heed(self, host: Host, standing: Standing, passed: float) -> None:
        """What a robots.txt asks of us holds from the request on that fetched it, so many seconds ago."""
        asked = standing.robots.delay(self._tools.config.agent.name)
        delay = pace.delay(self._source.delay, asked)
        if self._source.polite and asked is not None and passed < delay:
            next_at = self._tools.clock.now() + timedelta(seconds=delay - passed)
            host.state = replace(host.state, next_at=max(host.state.next_at, next_at), delay=delay)
            host.free_at = max(host.free_at or 0.0, self._tools.clock.monotonic() + delay - passed)

    def _stored(self, origin: str) -> Standing | None:
        """What the archive holds of the origin's robots.txt: what stood when an earlier process ended."""
        capture = self._last(f"{origin}/robots.txt", evidence.last_capture)
        if capture is None or capture.outcome == "moved":
            return None
        earlier = None
        if not _is_settled(capture):
            settled = self._last(f"{origin}/robots.txt", hosts.last_settled)
            earlier = self._as_stored(settled) if settled and settled.outcome != "moved" else None
        standing = self._as_stored(capture, earlier)
        return standing and replace(standing, told=True)

    def _last(self, url: str, find: Callable[[Connection, int], Capture | None]) -> Capture | None:
        """The capture that `find` finds of the URL, or of where it redirected to."""
        conn, capture = self._tools.archive.reader, None
        for _ in range(ROBOTS_HOPS + 1):
            address = evidence.find_address(conn, url)
            capture = find(conn, address.id) if address else None
            if capture is None or capture.location is None or not urls.is_web(capture.location):
                break
            url = urls.without_fragment(capture.location)
        return capture

    def _as_stored(self, capture: Capture, earlier: Standing | None = None) -> Standing | None:
        """What followed from a capture of the archive."""
        conn = self._tools.archive.reader
        try:
            body = bodies.get(conn, capture.body_id) if capture.outcome in ("ok", "same") and capture.body_id else None
        except (EvidenceError, NotFound):  # damaged, or redacted: `verify` tells, and we ask anew
            return None
        return self._as_standing(capture, body, earlier)

    async def _fresh(self, origin: str, earlier: Standing | None) -> Standing:
        """Ask for robots.txt, following its redirects; each hop is a capture."""
        url, address = f"{origin}/robots.txt", None
        for _ in range(ROBOTS_HOPS + 1):
            address = await self._address(url, address)
            due = plan.due_address(self._tools.archive.reader, address.id, self._tools.clock.now())
            if earlier is None:  # nothing that a 304 could stand for
                due = replace(due, etag=None, last_modified=None)
            kept = await self._ask(due, "allow: robots.txt itself", self._host(address.host))
            if kept.capture.location is None or not urls.is_web(kept.capture.location):
                break
            url = urls.without_fragment(kept.capture.location)
        if kept.capture.outcome == "same":  # of a body that was erased meanwhile, we must have all again
            return self._as_stored(kept.capture, earlier) or await self._fresh(origin, None)
        return self._as_standing(kept.capture, kept.body, earlier)

    async def _address(self, url: str, found_on: Address | None) -> Address:
        """The address of a robots.txt, or of what it redirects to: a page, where that is one of the source's."""
        at = self._tools.clock.now()
        is_page = urls.path(url) != "/robots.txt" and scope.decide(self._source, url, 1).ok
        role: Role = "page" if is_page else "robots"

        def find_or_add(conn: Connection) -> Address:
            finder = found_on.id if found_on else None
            added = evidence.add_address(conn, self._source.id, url, role, int(is_page), finder, at, due=is_page)
            return added or evidence.known_address(conn, url)

        return await self._tools.archive.aio(find_or_add)

    def _as_standing(self, capture: Capture, body: bytes | None, earlier: Standing | None) -> Standing:
        """What is in force after this capture, and until when it need not be asked for again."""
        came = capture.outcome in ("ok", "same") and not _is_cut(capture)
        fresh = robots.parse(body, capture.address.url) if came else None
        age = (capture.at - earlier.good_at).total_seconds() if earlier and earlier.good_at else None
        rules = robots.standing(
            capture.outcome, capture.status, fresh, earlier.robots if earlier and earlier.good_at else None, age
        )
        settled = _is_settled(capture)
        good_at = capture.at if settled else earlier.good_at if earlier else None
        return Standing(rules, capture.at, capture.at + (ROBOTS_FRESH if settled else ROBOTS_RETRY), good_at)


def _is_settled(capture: Capture) -> bool:
    """Whether the site told us what it lets us ask: a file, or that there is none."""
    refused = capture.outcome == "refused" and capture.status != robots.NOT_NOW
    return refused or (capture.outcome in ("ok", "same", "gone", "moved") and not _is_cut(capture))


def _is_cut(capture: Capture) -> bool:
    """Whether the connection ended before the file did."""
    return capture.flaw == "truncated"

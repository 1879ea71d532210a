"""Asking for one address: robots, then waiting, then fetching; and what came is committed before anyone reads it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from sqlite3 import Connection
from zoneinfo import ZoneInfo

from archiver import urls
from archiver.crawl.hosts import Host, Standing
from archiver.crawl.render import rendering_of
from archiver.crawl.tools import Tools
from archiver.errors import EvidenceError, NotFound
from archiver.extract import sniff
from archiver.frontier import identity, outcome, pace, robots, scope
from archiver.model import Address, Capture, Failure, FailureKind, Outcome, Rendering, Request, Response, Role, Source
from archiver.store import bodies, evidence, plan, unread

PATIENCE = 120.0
"""Seconds a lane waits for its host; longer (Retry-After, quiet hours), and it is left for a later run. The host's
delay between two requests is waited for in any case: a run that did not would never come to the second."""
BARE_EVERY = 10
"""Every tenth request goes without validators: some servers answer 304 whatever has changed."""
ROBOTS_DAY = timedelta(days=1)  # RFC 9309 section 2.4: not to be used longer than 24 hours
ROBOTS_RETRY = timedelta(hours=1)
ROBOTS_HOPS = 5  # RFC 9309 section 2.3.1.2


class HostPaused(Exception):
    """The host wants us to wait longer than a run waits; `until` says how long."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} is left alone until {until.isoformat()}")
        self.until = until


class Stopped(Exception):
    """We were told to stop while waiting for a host's turn; nothing was asked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture as committed, with the new body that shows it (None: none, or one known before)."""

    capture: Capture
    body: bytes | None


class Asker:
    """Asks for addresses on behalf of one run of one source."""

    def __init__(
        self,
        tools: Tools,
        source: Source,
        run_id: Callable[[], Awaitable[int]],
        stopping: asyncio.Event,
        tell: Callable[["Kept"], None],
    ) -> None:
        self._tools, self._source, self._run_id, self._stopping = tools, source, run_id, stopping
        self._tell = tell  # whom to tell of everything that is kept, robots.txt too
        self._sibling: bodies.Sibling | None = None  # what a page's first body may be packed against

    async def ask(self, due: plan.Due) -> None:
        """Ask for the address and keep what came. Raises HostPaused or Stopped where nothing was asked."""
        host = self._host(due.address.host)
        standing = await self._standing(host, due.address.url)
        decision = self._decide(standing.robots, due.address.url)
        if not decision.allowed:
            await self._wait(host, due, paced=False)
            barred = Failure(due.address.url, self._tools.clock.now(), "robots", decision.rule)
            await self._keep(due, barred, decision.rule, host, None, conditional=False)
            return
        kept = await self._request(due, decision.rule, host, standing.robots)
        if kept.capture.failure == "reset":
            later = replace(due, last_asked=kept.capture.at, failures=due.failures + 1)
            await self._request(later, decision.rule, host, standing.robots)

    def _decide(self, rules: robots.Robots, url: str) -> robots.Decision:
        if self._source.permission:
            return robots.permitted(self._source.permission)
        return rules.decide(url, self._tools.config.agent.name)

    def _host(self, name: str) -> Host:
        """The host of that name, in the state that an earlier run left it in."""

        def as_left() -> plan.HostState:
            stored = plan.host_state(self._tools.archive.reader, name)
            return stored or plan.HostState(name, self._tools.clock.now(), self._source.delay)

        return self._tools.hosts.of(name, polite=self._source.polite, state=as_left)

    async def _request(self, due: plan.Due, rule: str, host: Host, rules: robots.Robots | None) -> Kept:
        """Wait for the host's turn, ask, keep. What a browser asks for to show the page is of the same visit."""
        async with host.turn:
            await self._wait(host, due)
            question = self._question(due)
            reply = await self._tools.fetch(question, private=self._source.private)
            conditional = question.etag is not None or question.last_modified is not None
            what = outcome.classify(reply, conditional)
            rendering = await rendering_of(self._tools, self._source, due, reply, what, rules)
            asked_as = "; ".join(f"asked with {name}: {value}" for name, value in question.headers)
            return await self._keep(
                due, reply, rule, host, rules, conditional=conditional, rendering=rendering, asked_as=asked_as
            )

    def _question(self, due: plan.Due) -> Request:
        headers = (identity.API_HEADER,) if identity.is_api(due.address.url, self._source) else ()
        if due.body_id is None or due.asked % BARE_EVERY == BARE_EVERY - 1:
            return Request(due.address.url, headers=headers)
        return Request(due.address.url, due.etag, due.last_modified, headers=headers)

    async def _wait(self, host: Host, due: plan.Due, *, paced: bool = True) -> None:
        """Until the host may be asked; and never one address twice in a second, by which captures are told apart."""
        while True:
            if self._stopping.is_set():
                raise Stopped
            now = self._tools.clock.now()
            twice = 0.0 if due.last_asked is None else (due.last_asked - now).total_seconds() + 1.0
            pause, turn = self._patience(host, now) if paced and self._source.polite else (0.0, 0.0)
            seconds = max(twice, pause, turn)
            if seconds <= 0:
                return
            if max(twice, pause) > PATIENCE or turn > max(PATIENCE, host.state.delay):
                raise HostPaused(host.name, now + timedelta(seconds=seconds))
            await self._sleep(seconds)

    def _patience(self, host: Host, now: datetime) -> tuple[float, float]:
        """Seconds until the host may be asked: for its pauses and our quiet hours, and for its pace."""
        quiet = pace.quiet_until(self._tools.config.quiet, now, ZoneInfo(self._tools.config.zone))
        pause = max(pace.wait(None, host.state.paused_until, now), pace.wait(None, quiet, now))
        if host.free_at is not None:
            return pause, host.free_at - self._tools.clock.monotonic()
        return pause, pace.wait(host.state.next_at, None, now)

    async def _sleep(self, seconds: float) -> None:
        """Sleep, or less where we are told to stop."""
        sleeping = asyncio.ensure_future(self._tools.clock.sleep(seconds))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({sleeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sleeping, stopping):
            task.cancel()

    async def _keep(
        self,
        due: plan.Due,
        reply: Response | Failure,
        rule: str,
        host: Host,
        rules: robots.Robots | None,
        *,
        conditional: bool,
        rendering: Rendering | None = None,
        asked_as: str = "",
    ) -> Kept:
        """Commit what came: capture and rendering, a provisional next visit, the host's pace, and that it must be read.

        `conditional`: validators were sent, so that a 304 is an answer. `asked_as`: what else our question said.
        """
        what = outcome.classify(reply, conditional)
        failure, detail = outcome.failure(reply, conditional)
        body = reply.body if isinstance(reply, Response) and what != "same" else None
        kind = sniff.kind(body, due.address.role) if body is not None else None
        state = self._pace(host, reply, what, failure, rules)
        if rendering is not None and rendering.busy is not None:
            state = self._pace(host, rendering.busy, outcome.classify(rendering.busy, False), None, rules)
        visit = evidence.Visit(
            address=due.address,
            run_id=await self._run_id(),
            reply=reply,
            outcome=what,
            failure=failure,
            detail="; ".join(filter(None, (detail, asked_as))) or None,
            location=outcome.location(reply) if isinstance(reply, Response) and what == "moved" else None,
            robots=rule,
            body_kind=kind,
            same_as=due.body_id if what == "same" else None,
            sibling=self._sibling if kind == "html" else None,
            rendering=rendering,
        )

        is_template = kind == "html" and what == "ok" and due.body_id is None

        def keep(conn: Connection) -> tuple[Capture, bodies.Sibling | None]:
            capture = evidence.add_capture(conn, visit)
            plan.asked(conn, capture, due, reply, rhythm=self._source.every)
            plan.save_host(conn, state)
            unread.note(conn, capture.id)
            return capture, bodies.as_sibling(conn, capture.body_id, body) if is_template else None

        capture, sibling = await self._tools.archive.aio(keep)
        self._sibling = sibling or self._sibling
        kept = Kept(capture, rendering.body if rendering else body)
        self._tell(kept)
        return kept

    def _pace(
        self,
        host: Host,
        reply: Response | Failure,
        what: Outcome,
        failure: FailureKind | None,
        rules: robots.Robots | None,
    ) -> plan.HostState:
        """The host's pace after this answer."""
        state, now = host.state, self._tools.clock.now()
        asked = rules.delay(self._tools.config.agent.name) if rules else None
        before = pace.HostPace(state.next_at, state.paused_until, state.failures, state.delay)
        after = pace.after_reply(
            before,
            what,
            reply.status if isinstance(reply, Response) else None,
            outcome.retry_after(reply, now),
            now,
            delay=pace.delay(self._source.delay, asked, reply.elapsed),
            failure=failure,
        )
        host.state = replace(
            state, next_at=after.next_at, paused_until=after.paused_until, failures=after.failures, delay=after.delay
        )
        if what != "barred":
            host.free_at = self._tools.clock.monotonic() + after.delay
        return host.state

    # robots.txt -----------------------------------------------------------------------------------------

    async def _standing(self, host: Host, url: str) -> Standing:
        """The robots.txt in force for the URL's origin: in memory, in the archive, or asked for now."""
        origin = urls.origin(url)
        async with host.reading_robots:
            now = self._tools.clock.now()
            standing = host.standing.get(origin) or self._stored(origin)
            if standing is None or standing.until <= now:
                standing = await self._ask_robots(origin, standing)
                self._heed(host, standing)
            host.standing[origin] = standing
            return standing

    def _heed(self, host: Host, standing: Standing) -> None:
        """What a fresh robots.txt asks of us holds from the request on that fetched it."""
        asked = standing.robots.delay(self._tools.config.agent.name)
        if self._source.polite and asked is not None:
            delay = pace.delay(self._source.delay, asked)
            next_at = self._tools.clock.now() + timedelta(seconds=delay)
            host.state = replace(host.state, next_at=max(host.state.next_at, next_at), delay=delay)
            host.free_at = max(host.free_at or 0.0, self._tools.clock.monotonic() + delay)

    def _stored(self, origin: str) -> Standing | None:
        """What the archive holds of the origin's robots.txt, if a day has not passed."""
        conn = self._tools.archive.reader
        address = evidence.find_address(conn, f"{origin}/robots.txt")
        capture = evidence.last_capture(conn, address.id) if address else None
        if capture is None or capture.outcome == "moved":
            return None
        try:
            body = bodies.get(conn, capture.body_id) if capture.outcome in ("ok", "same") and capture.body_id else None
        except (EvidenceError, NotFound):  # damaged, or redacted: `verify` tells, and we ask anew
            return None
        return self._as_standing(capture, body, None)

    async def _ask_robots(self, origin: str, earlier: Standing | None) -> Standing:
        """Ask for robots.txt, following its redirects; each hop is a capture."""
        url, address = f"{origin}/robots.txt", None
        for _ in range(ROBOTS_HOPS + 1):
            address = await self._robots_address(url, address)
            due = plan.due_address(self._tools.archive.reader, address.id, self._tools.clock.now())
            if earlier is None:  # nothing that a 304 could stand for
                due = replace(due, etag=None, last_modified=None)
            kept = await self._request(due, "allow: robots.txt itself", self._host(address.host), None)
            if kept.capture.location is None or not urls.is_web(kept.capture.location):
                break
            url = urls.without_fragment(kept.capture.location)
        body = kept.body
        if kept.capture.outcome == "same" and kept.capture.body_id is not None:
            body = bodies.get(self._tools.archive.reader, kept.capture.body_id)
        return self._as_standing(kept.capture, body, earlier)

    async def _robots_address(self, url: str, found_on: Address | None) -> Address:
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
        fresh = robots.parse(body, capture.address.url) if capture.outcome in ("ok", "same") else None
        age = (capture.at - earlier.good_at).total_seconds() if earlier and earlier.good_at else None
        rules = robots.standing(
            capture.outcome, capture.status, fresh, earlier.robots if earlier and earlier.good_at else None, age
        )
        settled = fresh is not None or capture.outcome in ("gone", "refused", "moved")
        good_at = capture.at if settled else earlier.good_at if earlier else None
        return Standing(rules, capture.at + (ROBOTS_DAY if settled else ROBOTS_RETRY), good_at, capture.id)

"""Asking for one address: robots, then waiting, then fetching; and what came is committed before anyone reads it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from sqlite3 import Connection
from zoneinfo import ZoneInfo

from archiver import urls
from archiver.crawl.hosts import Host, Standing
from archiver.crawl.leave import Kept, Leave
from archiver.crawl.render import rendering_of
from archiver.crawl.tools import Tools
from archiver.derive import Derived
from archiver.extract import sniff
from archiver.frontier import identity, outcome, pace, robots
from archiver.model import Capture, Failure, FailureKind, Outcome, Rendering, Request, Response, Source
from archiver.store import evidence, hosts, issues, plan, unread
from archiver.store.hosts import HostState
from archiver.store.siblings import Siblings

WORDS = 300
"""Characters of what is told of a bug of ours."""
PATIENCE = 120.0
"""Seconds a lane waits for its host; longer (Retry-After, quiet hours), and it is left for a later run. The host's
delay between two requests is waited for in any case: a run that did not would never come to the second."""
BARE_EVERY = 10
"""Every tenth request goes without validators: some servers answer 304 whatever has changed."""


class HostPaused(Exception):
    """The host wants us to wait longer than a run waits; `until` says how long."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} is left alone until {until.isoformat()}")
        self.until = until


class TooSoon(Exception):
    """The address was asked at a moment that is still to come: the machine's clock was set back. It waits for it."""

    def __init__(self, url: str, until: datetime) -> None:
        super().__init__(f"{url} was asked just before {until.isoformat()}")
        self.until = until


class Stopped(Exception):
    """We were told to stop while waiting for a host's turn; nothing was asked."""


class Asker:
    """Asks for addresses on behalf of one run of one source."""

    def __init__(
        self,
        tools: Tools,
        source: Source,
        run_id: Callable[[], Awaitable[int]],
        stopping: asyncio.Event,
        tell: Callable[[Kept], None],
        derive: Callable[[plan.Due, datetime], Callable[[Connection, Capture], Derived | None]],
    ) -> None:
        self._tools, self._source, self._run_id, self._stopping = tools, source, run_id, stopping
        self._tell = tell  # whom to tell of everything that is kept, robots.txt too
        self._derive = derive  # what to do right behind, with the capture that was due then
        self._lying: dict[str, bool] = {}  # hosts, and whether a 304 of theirs says nothing
        self._leave = Leave(tools, source, self._host, self._ask_robots)
        self._siblings = Siblings()

    async def ask(self, due: plan.Due) -> None:
        """Ask for the address and keep what came. Raises HostPaused, TooSoon or Stopped where nothing was asked."""
        if due.last_asked is not None and due.last_asked > self._tools.clock.now() + timedelta(seconds=PATIENCE):
            raise TooSoon(due.address.url, due.last_asked + timedelta(seconds=1))
        host = self._host(due.address.host)
        standing = await self._leave.standing(host, due.address.url)
        decision = self._decide(standing.robots, due.address.url)
        if not decision.allowed:
            await self._bar(due, decision.rule, host, standing)
            return
        kept = await self._request(due, decision.rule, host, standing.robots)
        if kept.capture.failure == "reset":
            later = replace(due, last_asked=kept.capture.at, failures=due.failures + 1)
            await self._request(later, decision.rule, host, standing.robots)

    async def _bar(self, due: plan.Due, rule: str, host: Host, standing: Standing) -> None:
        """Keep that robots.txt barred us. Where it could not be had, once: the rest waits until it is asked for again.

        Raises HostPaused in that case.
        """
        passing = robots.is_passing(rule)
        if not (passing and standing.told):
            await self._wait(host, due, paced=False)
            barred = Failure(due.address.url, self._tools.clock.now(), "robots", rule)
            await self._keep(due, barred, rule, host, None, conditional=False)
        if passing:
            standing.told = True
            raise HostPaused(host.name, standing.until)

    def _decide(self, rules: robots.Robots, url: str) -> robots.Decision:
        if self._source.permission:
            return robots.permitted(self._source.permission)
        return rules.decide(url, self._tools.config.agent.name)

    def _host(self, name: str) -> Host:
        """The host of that name, in the state that an earlier run left it in."""

        def as_left() -> HostState:
            now = self._tools.clock.now()
            stored = hosts.host_state(self._tools.archive.reader, name)
            return HostState(name, now, self._source.delay) if stored is None else _as_set(stored, now)

        return self._tools.hosts.of(name, polite=self._source.polite, state=as_left)

    async def _request(self, due: plan.Due, rule: str, host: Host, rules: robots.Robots | None) -> Kept:
        """Wait for the host's turn, ask, keep. What a browser asks for to show the page is of the same visit."""
        async with host.turn:
            await self._wait(host, due)
            question = self._question(due)
            conditional = question.etag is not None or question.last_modified is not None

            async def show(reply: Response | Failure) -> Rendering | None:
                what = outcome.classify(reply, conditional)
                showing = asyncio.ensure_future(rendering_of(self._tools, self._source, due, reply, what, rules))
                await asyncio.wait({showing})
                if (error := showing.exception()) is None:
                    return showing.result()
                ours.append(error)  # a bug in showing a page must not cost what was sent
                words = f"{type(error).__name__}: {error}"[:WORDS]
                return Rendering("failed", self._tools.clock.now(), "", 0.0, None, words)

            ours: list[BaseException] = []

            reply, rendering = await self._fetch(question, due, host, show)
            asked_as = "; ".join(f"asked with {name}: {value}" for name, value in question.headers)
            kept = await self._keep(
                due, reply, rule, host, rules, conditional=conditional, rendering=rendering, asked_as=asked_as
            )
        for error in ours:
            raise error
        return kept

    async def _ask_robots(self, due: plan.Due, rule: str, host: Host) -> Kept:
        return await self._request(due, rule, host, None)

    async def _fetch(
        self,
        question: Request,
        due: plan.Due,
        host: Host,
        show: Callable[[Response | Failure], Awaitable[Rendering | None]],
    ) -> tuple[Response | Failure, Rendering | None]:
        """The answer, once nobody else asks at the host's IP address, and there is room for one more request; and what
        a browser shows of it, which takes as long as it takes and counts for what it asks.
        """
        tools = self._tools
        if not self._source.polite:
            reply = await tools.fetch(question, private=self._source.private)
            return reply, await show(reply)
        await self._locate(host, urls.host(due.address.url))
        peer = tools.hosts.peer(host)
        async with peer.turn:
            await self._sleep(peer.wait(host.name, tools.clock.monotonic()))
            async with tools.hosts.room:
                await self._wait(host, due)  # quiet hours may have begun, or we are told to stop
                tools.hosts.count(host)
                reply = await tools.fetch(question, private=self._source.private)
            rendering = await show(reply)
            tools.hosts.count(host, rendering.requests if rendering else 0)
            answer = reply if isinstance(reply, Response) else None
            status, asked = answer.status if answer else None, outcome.retry_after(reply, tools.clock.now())
            peer.last = host.name
            peer.free_at = tools.clock.monotonic() + pace.shared(tools.config.shared, reply.elapsed, status, asked)
        if tools.locate is None and answer is not None and answer.ip:
            host.state = replace(host.state, peer=answer.ip)
        return reply, rendering

    async def _locate(self, host: Host, name: str) -> None:
        """Look up where the host is, when it is first asked and whenever its robots.txt is asked for anew."""
        if self._tools.locate is None or host.located:
            return
        host.located = True
        found = await self._tools.locate(name)
        host.state = replace(host.state, peer=found or host.state.peer)

    def _question(self, due: plan.Due) -> Request:
        headers = (identity.API_HEADER,) if identity.is_api(due.address.url, self._source) else ()
        if due.body_id is None or due.asked % BARE_EVERY == BARE_EVERY - 1 or self._lies(due.address.host):
            return Request(due.address.url, headers=headers)
        return Request(due.address.url, due.etag, due.last_modified, headers=headers)

    def _lies(self, host: str) -> bool:
        """Whether the host was found to say 304 of what had changed; as it was known when the run first asked it."""
        if host not in self._lying:
            self._lying[host] = issues.is_said_to_lie(self._tools.archive.reader, self._source.id, host)
        return self._lying[host]

    async def _wait(self, host: Host, due: plan.Due, *, paced: bool = True) -> None:
        """Until the host may be asked; and never one address twice in a second, by which captures are told apart."""
        while True:
            if self._stopping.is_set():
                raise Stopped
            now = self._tools.clock.now()
            twice = 0.0 if due.last_asked is None else (due.last_asked - now).total_seconds() + 1.0
            twice = twice if twice < PATIENCE else 0.0  # the clock was set back: only robots.txt comes here then
            pause, turn = self._patience(host, now) if paced and self._source.polite else (0.0, 0.0)
            seconds = max(twice, pause, turn)
            if seconds <= 0:
                return
            if max(twice, pause) > PATIENCE or turn > max(PATIENCE, host.state.delay):
                raise HostPaused(host.name, now + timedelta(seconds=seconds))
            await self._sleep(seconds)

    def _patience(self, host: Host, now: datetime) -> tuple[float, float]:
        """Seconds until the host may be asked: for its pauses and our quiet hours, and for its pace."""
        host.state = _as_set(host.state, now)
        quiet = pace.quiet_until(self._tools.config.quiet, now, ZoneInfo(self._tools.config.zone))
        pause = max(pace.wait(None, moment, now) for moment in (host.state.paused_until, quiet, self._spent(host, now)))
        if host.free_at is not None:
            return pause, host.free_at - self._tools.clock.monotonic()
        return pause, pace.wait(host.state.next_at, None, now)

    def _spent(self, host: Host, now: datetime) -> datetime | None:
        """When the next day begins, where the host was asked as often today as it may be."""
        if self._source.budget is None:
            return None
        begin, end = pace.day(now, ZoneInfo(self._tools.config.zone))
        earlier = partial(hosts.asked_since, self._tools.archive.reader)
        return end if self._tools.hosts.asked(host, begin, earlier) >= self._source.budget else None

    async def _sleep(self, seconds: float) -> None:
        """Sleep, or less where we are told to stop."""
        if seconds <= 0:
            return
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
            siblings=self._siblings if kind == "html" else None,
            rendering=rendering,
        )

        first = body if kind == "html" and what == "ok" and due.body_id is None else None
        done: list[Capture] = []

        def keep(conn: Connection) -> Capture:
            capture = evidence.add_capture(conn, visit)
            plan.asked(conn, capture, due, reply, rhythm=self._source.every)
            hosts.save_host(conn, state)
            unread.note(conn, capture.id)
            done.append(capture)
            if first is not None:
                self._siblings.learn(conn, capture.body_id, first)
            return capture

        keeping = self._tools.archive.aio(keep)  # first of all: what comes now may fail
        conclude = self._derive(due, reply.at)

        deriving = self._tools.archive.aio(lambda conn: conclude(conn, done[0]) if done else None, behind=True)
        kept = Kept(await keeping, rendering.body if rendering else body, deriving)
        self._tell(kept)
        return kept

    def _pace(
        self,
        host: Host,
        reply: Response | Failure,
        what: Outcome,
        failure: FailureKind | None,
        rules: robots.Robots | None,
    ) -> HostState:
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


def _as_set(state: HostState, now: datetime) -> HostState:
    """The state with no moment later than it is ever set: later is what a clock set that was ahead."""
    next_at, paused_until = pace.at_most(state.next_at, state.paused_until, state.delay, now)
    if (next_at, paused_until) == (state.next_at, state.paused_until):
        return state
    return replace(state, next_at=next_at, paused_until=paused_until)

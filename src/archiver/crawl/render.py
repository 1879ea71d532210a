"""Showing pages in a browser, within the visit that fetched them.

The browser gets the page as it was sent and has no network: what the page asks for beside itself comes here, is decided
on (`frontier.subrequests`), and is fetched as everything is fetched. So a rendering is made of what was sent, tells of
itself who asks, obeys robots.txt, goes to no private address, and costs each script one request an hour.
"""

import asyncio
import math
from collections import OrderedDict
from dataclasses import replace
from typing import Protocol

from archiver import urls
from archiver.browser import Sheet
from archiver.clock import Clock
from archiver.config import Config
from archiver.crawl.tools import Fetch, Tools
from archiver.errors import EvidenceError, NotFound
from archiver.extract import sniff
from archiver.extract.decode import decode
from archiver.frontier import outcome, subrequests
from archiver.frontier.pace import BUSY, FIRST_PAUSE, LONGEST_PAUSE
from archiver.frontier.robots import Robots
from archiver.model import Failure, Outcome, Rendering, Request, Response, Source, Subrequest
from archiver.store import bodies, plan, renderings

MOST = 100
"""Requests of one page, beside itself."""
MOST_BYTES = 30_000_000
"""Bytes of what one page is given."""
FRESH = 3600.0
"""Seconds for which a script that was fetched serves every page that asks for it."""
SHELF = 64_000_000
"""Bytes of scripts that are kept at hand; those least used go first."""


class Answer(Protocol):
    """What a page gets for what it asks for."""

    async def __call__(self, request: Subrequest) -> Response | None:
        """The answer; None: it gets none."""
        ...


class Browser(Protocol):
    """Something that shows pages, and raises nothing for what they do."""

    async def render(self, sheet: Sheet, answer: Answer) -> Rendering:
        """What it makes of the page; `answer` is asked for what the page wants beside itself."""
        ...


async def rendering_of(
    tools: Tools, source: Source, due: plan.Due, reply: Response | Failure, what: Outcome, rules: Robots | None
) -> Rendering | None:
    """What a browser makes of what came, where the source wants its pages rendered and this is one.

    A page that is the same as before is rendered anew: its scripts may have other things to say. `rules`: the
    robots.txt of its origin; None: that is being asked for.
    """
    wanted = source.render and due.address.role == "page" and rules is not None
    if tools.render is None or not wanted or not isinstance(reply, Response):
        return None
    page = reply
    if what == "same" and due.body_id is not None:
        conn = tools.archive.reader
        try:
            body = bodies.get(conn, due.body_id)
        except (EvidenceError, NotFound):  # damaged, or redacted: `verify` tells
            return None
        content_type = renderings.sent_as(conn, due.address.id, due.body_id)
        page = replace(reply, headers=(("Content-Type", content_type),) if content_type else (), body=body)
    if what not in ("ok", "same") or page.flaw is not None or sniff.kind(page.body, "page") != "html":
        return None
    rules = None if source.permission else rules
    return await tools.render(page, rules, language=source.language, private=source.private)


class Renderer:
    """What renders the pages of every source of this process."""

    def __init__(self, browser: Browser, fetch: Fetch, config: Config, clock: Clock) -> None:
        self._browser, self._fetch, self._config, self._clock = browser, fetch, config, clock
        self._scripts = Scripts(clock)
        self._resting: dict[str, float] = {}  # hosts that want to be left alone, and until when (monotonic)

    async def __call__(self, page: Response, rules: Robots | None, *, language: str, private: bool) -> Rendering:
        """What a browser makes of the page. Returns when nothing is under way any more."""
        agent = self._config.agent
        # As we read it: a browser takes unnamed UTF-8 for Latin.
        decoded = decode(page.body, page.header("content-type"))
        body = decoded.utf8 or decoded.text.encode("utf-8", "replace")
        sheet = Sheet(page.url, body, agent.header, language, self._config.languages[language].zone)
        errands = Errands(
            self._fetch, self._clock, self._scripts, self._resting, sheet.url, rules, agent.name, private=private
        )
        rendering = await self._browser.render(sheet, errands)
        await errands.finish()
        return errands.told_of(rendering)


class Scripts:
    """The scripts that were fetched lately, by URL."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Response]] = OrderedDict()
        self._size = 0

    def get(self, url: str) -> Response | None:
        """The script, where it is fresh."""
        found = self._kept.get(url)
        if found is None or self._clock.monotonic() - found[0] > FRESH:
            return None
        self._kept.move_to_end(url)
        return found[1]

    def put(self, script: Response) -> None:
        """Keep it at hand."""
        self._drop(script.url)
        self._kept[script.url] = self._clock.monotonic(), script
        self._size += len(script.body)
        while self._size > SHELF:
            self._drop(next(iter(self._kept)))

    def _drop(self, url: str) -> None:
        found = self._kept.pop(url, None)
        self._size -= len(found[1].body) if found else 0


class Errands:
    """What one page asks for beside itself: decided on, fetched, counted."""

    def __init__(
        self,
        fetch: Fetch,
        clock: Clock,
        scripts: Scripts,
        resting: dict[str, float],
        page: str,
        rules: Robots | None,
        agent: str,
        *,
        private: bool,
    ) -> None:
        self._fetch, self._clock, self._scripts, self._resting, self._page = fetch, clock, scripts, resting, page
        self._rules, self._agent, self._private = rules, agent, private
        self._known: dict[tuple[str, str | None], asyncio.Task[Response | None]] = {}
        self._asked = self._bytes = 0
        self._trouble: str | None = None  # the first thing that the text may hang on, and did not come
        self._busy: Response | None = None

    async def __call__(self, request: Subrequest) -> Response | None:
        """The answer; None: it gets none."""
        fate = subrequests.decide(self._page, request, self._rules, self._agent)
        if fate.what == "blank":
            return subrequests.blank(request, self._clock.now())
        if fate.what == "refuse" or self._busy is not None:
            return None
        if request.kind == "script" and (known := self._scripts.get(request.url)):
            return known
        if self._rests(request):
            return None
        asked = (request.url, request.accept)
        if asked not in self._known:  # a page that asks again and again is told the same
            if self._asked >= MOST or self._bytes >= MOST_BYTES:
                self._note(f"it asks for more than {MOST} things, or {MOST_BYTES} bytes")
                return None
            self._asked += 1
            self._known[asked] = asyncio.create_task(self._ask(request))
        return await asyncio.shield(self._known[asked])  # the page may be gone before it comes

    async def finish(self) -> None:
        """Return when nothing is under way any more: a request is never broken off. Raises what one of them raised."""
        await asyncio.gather(*self._known.values())

    def told_of(self, rendering: Rendering) -> Rendering:
        """The rendering with what we know of it: what it took, and whether something was missing."""
        found = replace(rendering, requests=self._asked, busy=self._busy)
        if self._trouble is None or found.outcome != "done":
            return found
        return replace(found, outcome="cut", detail=self._trouble)

    async def _ask(self, request: Subrequest) -> Response | None:
        """The reply as far as the page gets it; what is wrong with it is noted where the text may hang on it."""
        reply = await self._fetch(Request(request.url, accept=request.accept), private=self._private)
        matters = subrequests.matters(self._page, request)
        if isinstance(reply, Failure):
            if matters and reply.kind != "unsafe":
                self._note(f"{request.url}: {reply.kind}: {reply.detail}")
            return None
        self._bytes += len(reply.body)
        if matters and (reply.status >= 500 or reply.status in BUSY or reply.flaw):
            self._note(f"{request.url}: {reply.flaw or reply.status}")
        if reply.status in BUSY:
            self._leave(urls.lane(request.url), reply)
            if subrequests.is_own(self._page, request):
                self._busy = reply
        if request.kind == "script" and reply.status == 200 and not reply.flaw:
            self._scripts.put(reply)
        return reply

    def _rests(self, request: Subrequest) -> bool:
        """Whether it would go to a host that has said, to this page or another, that it wants to be left alone."""
        host = urls.lane(request.url)
        rests = self._resting.get(host, -math.inf) > self._clock.monotonic()
        if rests and subrequests.matters(self._page, request):
            self._note(f"{request.url}: {host} wants to be left alone")
        return rests

    def _leave(self, host: str, reply: Response) -> None:
        """Ask the host for nothing, for as long as it says."""
        now, asked = self._clock.monotonic(), outcome.retry_after(reply, self._clock.now())
        span = min(FIRST_PAUSE if asked is None else asked, LONGEST_PAUSE)
        for rested in [name for name, until in self._resting.items() if until <= now]:
            del self._resting[rested]
        self._resting[host] = now + span

    def _note(self, trouble: str) -> None:
        self._trouble = self._trouble or trouble[:300]

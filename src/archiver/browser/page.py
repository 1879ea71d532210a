"""One page in one tab: given what was sent, asked for nothing else than it wants, and read off when it rests."""

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archiver import urls
from archiver.browser import scripts
from archiver.browser.pipe import Gone, Pipe, Refused, Silent
from archiver.model import RenderOutcome, Response, Subrequest

Answer = Callable[[Subrequest], Awaitable[Response | None]]
"""What a page gets for what it asks for; None: nothing."""

WIDTH, HEIGHT = 1280, 5000
"""A window as high as a long page: what loads when it comes into sight, loads."""
TICK = 0.1
LAST_WORD = 1.0
"""Seconds in which a browser that refuses what we ask of a page says what became of the page."""
LONG_URL = 300
_KEPT_FROM_PAGE = re.compile(
    r"set-cookie2?|content-(?:encoding|length|security-policy.*)|transfer-encoding|connection|keep-alive|alt-svc"
    r"|strict-transport-security|www-authenticate|clear-site-data|report.*|nel|refresh|cross-origin-.*|access-control-.*",
    re.IGNORECASE,
)
"""Headers that a page does not get to see: they are about the wire, set cookies, or bring in more requests."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one page."""

    seconds: float = 20.0  # to come to rest, once it is there
    answer: float = 10.0  # for its scripts to let the browser answer us
    quiet: float = 0.5  # without a request under way and without a change, and it rests
    still: float = (
        3.0  # of either alone: pages that poll, and clocks that tick, rest too, once they have what they want
    )
    html: int = 10_000_000  # characters
    requests: int = 1_000  # of all kinds, answered or not


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be shown, and to whom."""

    url: str
    body: bytes = field(repr=False)  # HTML in UTF-8, whatever it says of itself
    agent: str
    language: str = "sv"
    zone: str = "Europe/Stockholm"


class Shown(NamedTuple):
    """What came of it."""

    outcome: RenderOutcome
    html: str | None = None
    detail: str | None = None


async def show(pipe: Pipe, sheet: Sheet, answer: Answer, limits: Limits) -> Shown:
    """The sheet as its reader sees it, in a tab without a past that leaves nothing behind. Raises Gone."""
    context = (await pipe.call("Target.createBrowserContext", {"disposeOnDetach": True}))["browserContextId"]
    tab: _Tab | None = None
    try:
        tab = _Tab(pipe, await _open(pipe, context), sheet, answer, limits)
        return await tab.show()
    except Silent:
        return Shown("failed", None, "the page does not answer: a script of it does not come to an end")
    except Refused as error:
        return (tab and await tab.last_word()) or Shown("failed", None, f"the browser: {error}")
    finally:
        if tab is not None:
            await tab.close()
        await pipe.call("Target.disposeBrowserContext", {"browserContextId": context})


class _Place(NamedTuple):
    session: str
    frame: str  # the page's own, as against those in it


async def _open(pipe: Pipe, context: str) -> _Place:
    wanted = {"url": "about:blank", "browserContextId": context, "width": WIDTH, "height": HEIGHT}
    target = (await pipe.call("Target.createTarget", wanted))["targetId"]
    attached = await pipe.call("Target.attachToTarget", {"targetId": target, "flatten": True})
    return _Place(attached["sessionId"], target)


class _Tab:
    """A tab with one page in it."""

    def __init__(self, pipe: Pipe, place: _Place, sheet: Sheet, answer: Answer, limits: Limits) -> None:
        self._pipe, self._place, self._sheet, self._answer, self._limits = pipe, place, sheet, answer, limits
        self._ears: dict[str, Callable[[dict[str, Any]], None]] = {
            "Fetch.requestPaused": self._asked,
            "Page.frameNavigated": self._navigated,
            "Page.loadEventFired": self._has_loaded,
            "Page.javascriptDialogOpening": self._speaks,
            "Inspector.targetCrashed": lambda _: self._stop("failed", "the page crashed its tab"),
        }
        self._acts: set[asyncio.Task[None]] = set()
        self._under_way = 0  # requests
        self._count = 0
        self._quiet_since = asyncio.get_running_loop().time()
        self._late = 0.0  # when something came that was longer under way than a page is quiet
        self._is_given = self._is_there = self._is_loaded = False
        self._world = 0  # ours, in the page; once it is there
        self._ended = asyncio.Event()
        self.end: Shown | None = None  # before it came to rest
        pipe.listen(place.session, self._hear)

    async def show(self) -> Shown:
        """Give it the page, and read it off when it rests. Raises Gone, Silent, Refused."""
        await self._prepare()
        went = await self._call("Page.navigate", {"url": self._sheet.url})
        if self.end is None and went.get("errorText"):
            return Shown("failed", None, f"the browser: {went['errorText']}")
        world = {"frameId": self._place.frame, "worldName": "archiver"}
        self._world = (await self._call("Page.createIsolatedWorld", world))["executionContextId"]
        await self._run(scripts.WATCH)
        cut = await self._rest()
        if self.end is not None:
            return self.end
        html = await self._run(scripts.READ_OFF % self._limits.html)
        if not isinstance(html, str):
            return Shown("failed", None, f"the page has over {self._limits.html} characters")
        return Shown("cut", html, cut) if cut else Shown("done", html)

    async def last_word(self) -> Shown | None:
        """How the page ended, where what was asked of it is refused: that may be told a moment later."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORD):
                await self._ended.wait()
        return self.end

    async def close(self) -> None:
        """Stop listening, and whatever was still being answered."""
        self._pipe.forget(self._place.session)
        for act in self._acts:
            act.cancel()
        if self._acts:
            await asyncio.wait(self._acts)

    async def _prepare(self) -> None:
        """Who is asking, from where; and every request comes to us."""
        sheet = self._sheet
        who = {"userAgent": sheet.agent, "acceptLanguage": sheet.language}
        for method, params in (
            ("Page.enable", {}),
            ("Inspector.enable", {}),
            ("Emulation.setUserAgentOverride", who),
            ("Emulation.setTimezoneOverride", {"timezoneId": sheet.zone}),
            ("Emulation.setLocaleOverride", {"locale": sheet.language.replace("-", "_")}),
            ("Network.setBypassServiceWorker", {"bypass": True}),
            ("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}),
        ):
            await self._call(method, params)

    async def _rest(self) -> str | None:
        """Wait until the page rests or is ended; why it was cut, where it would not rest."""
        loop, limits = asyncio.get_running_loop(), self._limits
        until = loop.time() + limits.seconds
        while self.end is None:
            if loop.time() >= until:
                return f"no rest in {limits.seconds:g} s"
            if self._is_loaded:
                still = float(await self._run(scripts.STILL))
                quiet = loop.time() - self._quiet_since
                rests = min(still, quiet) >= limits.quiet or max(still, quiet) >= limits.still
                is_shown = loop.time() - self._late >= limits.quiet  # what is slow may be the text
                if rests and is_shown and not self._under_way:
                    return None
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._ended.wait()
        return None

    async def _run(self, script: str) -> Any:  # noqa: ANN401
        """What the script comes to, in our own world of the page."""
        params = {"expression": script, "contextId": self._world, "returnByValue": True}
        told = await self._call("Runtime.evaluate", params)
        if "exceptionDetails" in told:
            raise Refused("the page cannot be read off")
        return told["result"].get("value")

    async def _call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        return await self._pipe.call(method, params, self._place.session, self._limits.answer)

    def _stop(self, outcome: RenderOutcome, detail: str) -> None:
        self.end = self.end or Shown(outcome, None, detail)
        self._ended.set()

    # what the page does ---------------------------------------------------------------------------------

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        if method in self._ears:
            self._ears[method](params)

    def _asked(self, params: dict[str, Any]) -> None:
        """Something is asked for: the page itself once, and what it wants beside."""
        self._count += 1
        if self._count > self._limits.requests:
            self._stop("failed", f"the page asks for more than {self._limits.requests} things")
            return
        is_page = params.get("resourceType") == "Document"
        if is_page and params.get("frameId") == self._place.frame and not self._is_given:
            self._is_given = True
            self._begin(self._fulfil(params, 200, [("Content-Type", "text/html; charset=utf-8")], self._sheet.body))
        elif is_page:  # another page in its place, or one in a frame, whose text is no text of this one
            if params.get("frameId") == self._place.frame:
                self._stop("left", f"the page wanted to go to {params['request']['url'][:LONG_URL]}")
            self._begin(self._fulfil(params, 204, [], b""))
        else:
            self._under_way += 1
            self._begin(self._serve(params))

    def _navigated(self, params: dict[str, Any]) -> None:
        if params["frame"].get("parentId") is None:
            if self._is_there:
                self._stop("left", f"the page went to {params['frame'].get('url', '')[:LONG_URL]}")
            self._is_there = self._is_given

    def _has_loaded(self, _: dict[str, Any]) -> None:
        self._is_loaded = self._is_there

    def _speaks(self, _: dict[str, Any]) -> None:
        self._begin(self._tell("Page.handleJavaScriptDialog", {"accept": False}))

    # what it gets ---------------------------------------------------------------------------------------

    def _begin(self, act: Coroutine[Any, Any, None]) -> None:
        task: asyncio.Task[None] = asyncio.create_task(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _serve(self, params: dict[str, Any]) -> None:
        """Have it answered, and hand the answer on."""
        request = params["request"]
        asked = {name.lower(): str(value) for name, value in request["headers"].items()}
        kind, method, url = str(params["resourceType"]).lower(), str(request["method"]), urls.parse(request["url"])
        allowed = [("Access-Control-Allow-Origin", asked.get("origin", "*"))]
        allowed += [("Access-Control-Allow-Credentials", "true"), ("Access-Control-Expose-Headers", "*")]
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            if method == "OPTIONS" and "access-control-request-method" in asked:
                headers = asked.get("access-control-request-headers", "*")
                await self._fulfil(params, 204, [*allowed, ("Access-Control-Allow-Headers", headers)], b"")
                return
            reply = await self._answer(Subrequest(kind, method, url, asked.get("accept"))) if url else None
            if reply is None:
                await self._tell("Fetch.failRequest", _of(params) | {"errorReason": "BlockedByClient"})
            else:
                told = [(name, value) for name, value in reply.headers if not _KEPT_FROM_PAGE.fullmatch(name)]
                await self._fulfil(params, reply.status, [*told, *allowed], reply.body)
        finally:
            self._under_way -= 1
            self._quiet_since = clock()
            if self._quiet_since - began > self._limits.quiet:
                self._late = self._quiet_since

    async def _fulfil(self, params: dict[str, Any], status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        answer = {
            "responseCode": status,
            "responseHeaders": [{"name": name, "value": value} for name, value in headers],
            "body": base64.b64encode(body).decode("ascii"),
        }
        try:
            await self._pipe.call("Fetch.fulfillRequest", _of(params) | answer, self._place.session)
        except Refused:  # it takes no such answer
            await self._tell("Fetch.failRequest", _of(params) | {"errorReason": "Failed"})
        except Gone:
            return

    async def _tell(self, method: str, params: dict[str, Any]) -> None:
        """Tell the browser; where the request or the page is no more by now, nobody waits for it."""
        with suppress(Gone, Refused):
            await self._pipe.call(method, params, self._place.session)


def _of(params: dict[str, Any]) -> dict[str, Any]:
    return {"requestId": params["requestId"]}

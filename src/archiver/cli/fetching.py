"""Pages fetched for a person who asked for them: as the crawler would, robots.txt first, and at a host's own pace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from archiver import urls
from archiver.clock import Clock, SystemClock
from archiver.config import Config, ready_to_ask
from archiver.errors import ConfigError, NotFetched
from archiver.fetch import Fetcher, Limits
from archiver.frontier import outcome, pace, robots
from archiver.frontier.scope import is_loopback
from archiver.model import Failure, Rendering, Request, Response

HOPS = 5
PATIENCE = 600.0
"""Seconds that a person is kept waiting for a host that wants to be left alone."""
_BEGAN = datetime.fromtimestamp(0, UTC)


def make_fetcher(config: Config, clock: Clock) -> Fetcher:
    """The fetcher that the configuration asks for."""
    limits = Limits(
        body=config.caps.file,
        page=config.caps.page,
        wire=config.caps.file,
        connect=config.timeouts.connect,
        read=config.timeouts.read,
        total=config.timeouts.total,
    )
    return Fetcher(config.agent.header, clock=clock, limits=limits, proxy=config.proxy)


async def fetch_politely(config: Config, target: str, *, render: bool = False) -> tuple[Response, Rendering | None]:
    """The page at the URL, redirects followed, and with `render` what a browser makes of it.

    Raises NotFetched with the reason; ConfigError before we are named, or where a browser is wanted and there is none.
    """
    url = urls.parse(target)
    if url is None or not urls.is_web(url):
        raise NotFetched(f"{target} is not an http or https URL")
    clock = SystemClock()
    fetcher = make_fetcher(config, clock)
    guest = _Guest(config, fetcher, urls.host(url), clock, tell=_tell)
    try:
        for _ in range(HOPS + 1):
            reply = await guest.ask(url)
            onward = outcome.location(reply) if outcome.classify(reply, False) == "moved" else None
            if onward is None:
                rules = guest.policies[urls.origin(url)]
                return reply, await _rendered(config, fetcher, reply, rules) if render else None
            url = urls.without_fragment(onward)
        raise NotFetched(f"{target}: more than {HOPS} redirects")
    finally:
        await fetcher.aclose()


def _tell(host: str, seconds: float) -> None:
    import click

    click.echo(f"{host} wants to be left alone for {seconds:.0f} s: waiting.", err=True)


class Asked:
    """Asks for one URL after another of a host that a person named: robots.txt obeyed, so many seconds between two."""

    def __init__(self, config: Config, clock: Clock, delay: float, named: str) -> None:
        self._fetcher = make_fetcher(config, clock)
        self._guest = _Guest(config, self._fetcher, urls.host(urls.parse(named) or named), clock, delay)

    async def __call__(self, target: str) -> Response:
        """One answer; redirects are the caller's. Raises NotFetched, ConfigError before we are named."""
        url = urls.parse(target)
        if url is None or not urls.is_web(url):
            raise NotFetched(f"{target} is not an http or https URL")
        return await self._guest.ask(url)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._fetcher.aclose()


async def _rendered(config: Config, fetcher: Fetcher, page: Response, rules: robots.Robots) -> Rendering:
    """What a browser makes of the page. What it asks for may be private only where the page is."""
    from archiver.cli.rendering import started

    source = config.source_of(page.url)
    language = source.language if source else "sv"
    async with started(config, fetcher, SystemClock()) as renderer:
        return await renderer(page, rules, language=language, private=is_loopback(urls.host(page.url)))


class _Guest:
    """Asks on behalf of a person who named a host: that host may be a private one, where it redirects to may not.

    A host is left alone for as long as it wants to be: Crawl-delay and Retry-After hold here too.
    """

    def __init__(
        self,
        config: Config,
        fetcher: Fetcher,
        named: str,
        clock: Clock,
        delay: float = 0.0,
        tell: Callable[[str, float], None] | None = None,
    ) -> None:
        """`delay`: seconds between two requests to a host; `tell`: whom to tell that a host wants more."""
        self._config, self._fetch, self._named = config, fetcher, named
        self._clock, self._delay, self._tell = clock, delay, tell
        self.policies: dict[str, robots.Robots] = {}  # by origin
        self._paces: dict[str, pace.HostPace] = {}  # by host; as of its last answer, by the monotonic clock

    async def ask(self, url: str) -> Response:
        """The answer, if we have said who we are and robots.txt lets us ask."""
        origin = urls.origin(url)
        if origin not in self.policies:
            self.policies[origin] = await self._policy(origin)
        decision = self.policies[origin].decide(url, self._config.agent.name)
        if not decision.allowed:
            raise NotFetched(f"{url}: robots.txt bars us ({decision.rule})")
        return await self._answer(url)

    async def _policy(self, origin: str) -> robots.Robots:
        """The robots.txt in force at the origin: RFC 9309 section 2.3.1, with its five redirects."""
        url = f"{origin}/robots.txt"
        for _ in range(HOPS + 1):
            reply = await self._answer(url)
            what = outcome.classify(reply, False)
            onward = outcome.location(reply) if what == "moved" else None
            if onward is None or not urls.is_web(onward):
                break
            url = urls.without_fragment(onward)
        fresh = robots.parse(reply.body, url) if what == "ok" and reply.flaw != "truncated" else None
        return robots.standing(what, reply.status, fresh, None, None)

    async def _answer(self, url: str) -> Response:
        if unsaid := ready_to_ask(self._config, url):
            raise ConfigError(unsaid)
        await self._wait(url)
        reply = await self._fetch(Request(url), private=urls.host(url) == self._named)
        self._note(urls.lane(url), reply)
        if isinstance(reply, Failure):
            raise NotFetched(f"{url} could not be fetched: {reply.kind}: {reply.detail}")
        return reply

    async def _wait(self, url: str) -> None:
        """Until the host may be asked again. Raises NotFetched where that is too long for a person."""
        host, state = urls.lane(url), self._paces.get(urls.lane(url))
        if state is None or is_loopback(urls.host(url)):
            return
        rules = self.policies.get(urls.origin(url))
        asked = rules.delay(self._config.agent.name) if rules else None
        delay = timedelta(seconds=pace.delay(self._delay, asked))
        seconds = pace.wait(state.next_at + delay, state.paused_until, self._now)
        if seconds > PATIENCE:
            raise NotFetched(f"{host} wants to be left alone for {seconds:.0f} s: {url} is not asked for")
        if seconds >= 1 and self._tell is not None:
            self._tell(host, seconds)
        if seconds > 0:
            await self._clock.sleep(seconds)

    def _note(self, host: str, reply: Response | Failure) -> None:
        """How the host wants to be treated after this reply."""
        what, now = outcome.classify(reply, False), self._now
        failure, _ = outcome.failure(reply, False)
        status = reply.status if isinstance(reply, Response) else None
        asked = outcome.retry_after(reply, self._clock.now())
        before = self._paces.get(host, pace.HostPace(now))
        self._paces[host] = pace.after_reply(before, what, status, asked, now, delay=0.0, failure=failure)

    @property
    def _now(self) -> datetime:
        """A moment of the monotonic clock."""
        return _BEGAN + timedelta(seconds=self._clock.monotonic())

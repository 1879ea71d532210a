"""One page fetched for a person who asked for it: as the crawler would, robots.txt first."""

from archiver import urls
from archiver.clock import Clock, SystemClock
from archiver.config import Config, ready_to_ask
from archiver.errors import ConfigError, NotFetched
from archiver.fetch import Fetcher, Limits
from archiver.frontier import outcome, robots
from archiver.frontier.scope import is_loopback
from archiver.model import Failure, Rendering, Request, Response

HOPS = 5


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
    fetcher = make_fetcher(config, SystemClock())
    guest = _Guest(config, fetcher, urls.host(url))
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


async def _rendered(config: Config, fetcher: Fetcher, page: Response, rules: robots.Robots) -> Rendering:
    """What a browser makes of the page. What it asks for may be private only where the page is."""
    from archiver.cli.rendering import started

    source = config.source_of(page.url)
    language = source.language if source else "sv"
    async with started(config, fetcher, SystemClock()) as renderer:
        return await renderer(page, rules, language=language, private=is_loopback(urls.host(page.url)))


class _Guest:
    """Asks on behalf of a person who named a host: that host may be a private one, where it redirects to may not."""

    def __init__(self, config: Config, fetcher: Fetcher, named: str) -> None:
        self._config, self._fetch, self._named = config, fetcher, named
        self.policies: dict[str, robots.Robots] = {}  # by origin

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
        fresh = robots.parse(reply.body, url) if what == "ok" else None
        return robots.standing(what, reply.status, fresh, None, None)

    async def _answer(self, url: str) -> Response:
        if unsaid := ready_to_ask(self._config, url):
            raise ConfigError(unsaid)
        reply = await self._fetch(Request(url), private=urls.host(url) == self._named)
        if isinstance(reply, Failure):
            raise NotFetched(f"{url} could not be fetched: {reply.kind}: {reply.detail}")
        return reply

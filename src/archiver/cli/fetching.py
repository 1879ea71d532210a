"""One page fetched for a person who asked for it: as the crawler would, robots.txt first."""

from archiver import urls
from archiver.clock import Clock, SystemClock
from archiver.config import Config
from archiver.errors import NotFetched
from archiver.fetch import Fetcher, Limits
from archiver.frontier import outcome, robots
from archiver.frontier.scope import is_loopback
from archiver.model import Failure, Rendering, Request, Response

HOPS = 5


def make_fetcher(config: Config, clock: Clock) -> Fetcher:
    """The fetcher that the configuration asks for."""
    limits = Limits(
        body=config.caps.file,
        wire=config.caps.file,
        connect=config.timeouts.connect,
        read=config.timeouts.read,
        total=config.timeouts.total,
    )
    return Fetcher(config.agent.header, clock=clock, limits=limits, proxy=config.proxy)


async def fetch_politely(config: Config, target: str, *, render: bool = False) -> tuple[Response, Rendering | None]:
    """The page at the URL, redirects followed, and with `render` what a browser makes of it.

    Raises NotFetched with the reason; ConfigError where a browser is wanted and there is none.
    """
    url = urls.parse(target)
    if url is None or not urls.is_web(url):
        raise NotFetched(f"{target} is not an http or https URL")
    fetcher = make_fetcher(config, SystemClock())
    policies: dict[str, robots.Robots] = {}
    try:
        for _ in range(HOPS + 1):
            reply = await _ask(config, fetcher, url, policies)
            onward = outcome.location(reply) if outcome.classify(reply, False) == "moved" else None
            if onward is None:
                return reply, await _rendered(config, fetcher, reply, policies[urls.origin(url)]) if render else None
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


async def _ask(config: Config, fetcher: Fetcher, url: str, policies: dict[str, robots.Robots]) -> Response:
    """One answer, if robots.txt lets us ask. A person named the host: private addresses are theirs to ask for."""
    origin = urls.origin(url)
    if origin not in policies:
        policies[origin] = await _policy(fetcher, origin)
    decision = policies[origin].decide(url, config.agent.name)
    if not decision.allowed:
        raise NotFetched(f"{url}: robots.txt bars us ({decision.rule})")
    return await _answer(fetcher, url)


async def _policy(fetcher: Fetcher, origin: str) -> robots.Robots:
    """The robots.txt in force at the origin: RFC 9309 section 2.3.1, with its five redirects."""
    url = f"{origin}/robots.txt"
    for _ in range(HOPS + 1):
        reply = await _answer(fetcher, url)
        what = outcome.classify(reply, False)
        onward = outcome.location(reply) if what == "moved" else None
        if onward is None or not urls.is_web(onward):
            break
        url = urls.without_fragment(onward)
    fresh = robots.parse(reply.body, url) if what == "ok" else None
    return robots.standing(what, reply.status, fresh, None, None)


async def _answer(fetcher: Fetcher, url: str) -> Response:
    reply = await fetcher(Request(url), private=True)
    if isinstance(reply, Failure):
        raise NotFetched(f"{url} could not be fetched: {reply.kind}: {reply.detail}")
    return reply

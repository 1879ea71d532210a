"""One page fetched for a person who asked for it: as the crawler would, robots.txt first."""

from archiver import urls
from archiver.clock import Clock, SystemClock
from archiver.config import Config
from archiver.errors import ArchiverError
from archiver.fetch import Fetcher, Limits
from archiver.frontier import robots
from archiver.model import Failure, Request, Response

HOPS = 5


class NotFetched(ArchiverError):
    """The page could not be had: robots.txt bars it, or there was no answer."""


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


async def fetch_politely(config: Config, target: str) -> Response:
    """The page at the URL, redirects followed. Raises NotFetched with the reason."""
    url = urls.parse(target)
    if url is None or not urls.is_web(url):
        raise NotFetched(f"{target} is not an http or https URL")
    fetcher = make_fetcher(config, SystemClock())
    try:
        for _ in range(HOPS):
            reply = await _ask(config, fetcher, url)
            there = reply.header("location")
            onward = urls.join(url, there) if 300 <= reply.status < 400 and there else None
            if onward is None:
                return reply
            url = onward
        raise NotFetched(f"{target}: more than {HOPS} redirects")
    finally:
        await fetcher.aclose()


async def _ask(config: Config, fetcher: Fetcher, url: str) -> Response:
    """One answer, if robots.txt lets us ask. A person named the host: private addresses are theirs to ask for."""
    policy = await fetcher(Request(f"{urls.origin(url)}/robots.txt"), private=True)
    rules = robots.parse(policy.body) if isinstance(policy, Response) and policy.status == 200 else robots.ALLOW_ALL
    decision = rules.decide(url, config.agent.name)
    if not decision.allowed:
        raise NotFetched(f"{url}: robots.txt says {decision.rule}")
    reply = await fetcher(Request(url), private=True)
    if isinstance(reply, Failure):
        raise NotFetched(f"{url}: {reply.kind}: {reply.detail}")
    return reply

"""The configuration: a folder of TOML files, read and checked whole, as values of the model.

`load` reports every mistake at once, and nothing starts before there is none. A municipality, a CMS and a language
are one file each (docs/add-a-municipality.md).
"""

from pathlib import Path

from archiver import urls
from archiver.config import checks
from archiver.config.loading import load
from archiver.config.municipalities import Municipality, find, municipalities, source_id, source_toml
from archiver.config.nearest import no_such
from archiver.config.values import Agent, Caps, Config, Timeouts
from archiver.errors import Mistake
from archiver.frontier.scope import is_loopback
from archiver.model import Source

__all__ = [
    "Agent",
    "Caps",
    "Config",
    "Municipality",
    "Timeouts",
    "find",
    "load",
    "municipalities",
    "no_such",
    "packaged",
    "ready_to_ask",
    "ready_to_crawl",
    "source_id",
    "source_toml",
]


def ready_to_crawl(config: Config, source: Source) -> list[Mistake]:
    """What must still be said before a source is crawled. Nothing for hosts of this very machine.

    Nor for a test through a proxy of this machine, which `polite = false` declares: any other proxy there may well
    lead out.
    """
    if checks.is_at_home(source) or (not source.polite and checks.is_nearby(source, config.proxy)):
        return []
    return _unsaid(config)


def ready_to_ask(config: Config, url: str) -> list[Mistake]:
    """What must still be said before one URL is asked for. Nothing for this very machine, or for a source's test."""
    source = config.source_of(url)
    if is_loopback(urls.host(url)) or (source is not None and not ready_to_crawl(config, source)):
        return []
    return _unsaid(config)


def _unsaid(config: Config) -> list[Mistake]:
    """Who we are, as far as it is not said."""
    why = "say how to reach you before asking other people's servers"
    contact = {"agent.url": config.agent.url, "agent.mail": config.agent.mail}
    return [Mistake("archiver.toml", key, why) for key, value in contact.items() if not value]


def packaged() -> Path:
    """The folder of the configuration that came with the program: in the package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "packaged_config"
    return inside if inside.is_dir() else package.parents[1] / "config"

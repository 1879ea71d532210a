"""The configuration: a folder of TOML files, read and checked whole, as values of the model.

`load` reports every mistake at once, and nothing starts before there is none. A municipality, a CMS and a language
are one file each (docs/add-a-municipality.md).
"""

from pathlib import Path

from archiver.config import checks
from archiver.config.loading import load
from archiver.config.municipalities import Municipality, find, municipalities, source_id, source_toml
from archiver.config.nearest import no_such
from archiver.config.values import Agent, Caps, Config, Timeouts
from archiver.errors import Mistake
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
    "ready_to_crawl",
    "source_id",
    "source_toml",
]


def ready_to_crawl(config: Config, source: Source) -> list[Mistake]:
    """What must still be said before public hosts are asked: who we are. None for hosts of this very machine."""
    if checks.is_nearby(source, config.proxy):
        return []
    why = "say how to reach you before asking other people's servers"
    contact = {"agent.url": config.agent.url, "agent.mail": config.agent.mail}
    return [Mistake("archiver.toml", key, why) for key, value in contact.items() if not value]


def packaged() -> Path:
    """The folder of the configuration that came with the program: in the package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "packaged_config"
    return inside if inside.is_dir() else package.parents[1] / "config"

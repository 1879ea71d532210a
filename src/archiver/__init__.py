"""Archive municipal web pages as evidence, and read what changed.

    from archiver import open_archive          for programs: the archive, read-only (docs/python.md)

A map of this package, from the words inwards to the doors (the import rule is `tests/test_layers.py`):

    words     errors, digests, model, urls      what everything else speaks of
    core      frontier/   what to fetch, and when          pure: values in, values out
              extract/    what a body says                 pure
              diff/       how two documents differ         pure
              publish/    how it looks                     pure
              pack, proof how bodies are packed; how a run is sealed       pure
    edges     config/, fetch/, browser/, pool/, store/      files, sockets, processes, the database
    stories   derive, then crawl, redact, verify           the order of events
    doors     schedule, demo/, room/, api/, cli/           where people and programs come in
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.api import open_archive

__all__ = ["__version__", "open_archive"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """`open_archive`, loaded when it is asked for: `import archiver` alone loads nothing."""
    if name == "open_archive":
        from archiver.api import open_archive  # noqa: PLC0415

        return open_archive
    raise AttributeError(f"module 'archiver' has no attribute {name!r}")

"""Archive municipal web pages as evidence, and read what changed.

A map of this package, from the words inwards to the doors (the import rule is `tests/test_layers.py`):

    words     errors, digests, model, urls      what everything else speaks of
    core      frontier/   what to fetch, and when          pure: values in, values out
              extract/    what a body says                 pure
              diff/       how two documents differ         pure
              publish/    how it looks                     pure
              pack, proof how bodies are packed; how a run is sealed       pure
    edges     config/, fetch/, browser/, pool/, store/      files, sockets, processes, the database
    stories   derive, then crawl, redact, verify           the order of events
    doors     schedule, demo/, room/, cli/                 where people and programs come in
"""

__version__ = "0.1.0"

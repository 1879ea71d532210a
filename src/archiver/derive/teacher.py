"""By which rules a capture is read: its era's, with what the source's own pages had taught by then."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from archiver.config import Config
from archiver.config.merging import merge
from archiver.model import Rules, Source
from archiver.store import settling


class Teacher:
    """What the pages of a source have taught, as rules: asked for each capture."""

    def __init__(self, conn: sqlite3.Connection, config: Config, source: Source) -> None:
        self._conn, self._config, self._source = conn, config, source
        self._known: dict[tuple[str, int | None, str | None], Rules] = {}

    def rules_for(self, at: datetime, capture_id: int | None = None) -> Rules:
        """The rules of a capture's time: its era's, with what the site's pages had taught us when it was made.

        `capture_id`: None for one that is being made.
        """
        rules = self._config.rules_for(self._source, at)
        if not (rules.profile.learn or self._source.detects):
            return rules
        taught = settling.taught_at(self._conn, self._source.id, at, capture_id)
        key = (rules.sha256, taught.furniture_id, taught.profile)
        if key not in self._known:
            self._known[key] = self._merged(rules, *taught)
        return self._known[key]

    def _merged(self, rules: Rules, furniture_id: int | None, detected: str | None) -> Rules:
        """The rules with what was learned. How pages are told apart stays as configured: their keys are kept."""
        own = profile = rules.profile
        if detected is not None and (self._source.id, detected) in self._config.rulebook:
            found = self._config.rulebook[self._source.id, detected].profile
            profile = replace(found, identity=own.identity, strip=own.strip, keep=own.keep)
        known = settling.furniture(self._conn, furniture_id) if furniture_id is not None else frozenset()
        lines = known if profile.learn else frozenset()
        return merge(profile, rules.language, lines, rules.others) if lines or profile is not own else rules

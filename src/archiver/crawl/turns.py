"""What comes next in a lane: ids of what is due, the most urgent first."""

from array import array
from collections.abc import Collection
from datetime import datetime, timedelta

from archiver.crawl.tools import Tools
from archiver.model import Source
from archiver.store import plan

BATCH = 32
"""How many due addresses a lane takes from the plan at a time."""
LOOK = timedelta(minutes=15)
"""How long an order of what is due holds; then what has become due since, and more urgent, comes between."""


class Turns:
    """The order of one lane. Only ids are in memory: a lane may have tens of thousands of addresses due."""

    def __init__(self, tools: Tools, source: Source, lane: str) -> None:
        self._tools, self._source, self._lane = tools, source, lane
        self._ids = array("q")  # the next one last
        self._looked_at: datetime | None = None

    def next(self, most: int, flying: Collection[int], run_id: int | None) -> list[plan.Due]:
        """At most so many that are due now and not under way; [] where nothing is.

        What `run_id` has asked is left to the next run.
        """
        now, conn = self._tools.clock.now(), self._tools.archive.reader
        if self._looked_at is None or not timedelta() <= now - self._looked_at < LOOK:
            self._ids = array("q")
        while True:
            fresh = not self._ids
            if fresh:
                ids = plan.queue(conn, self._source.id, self._lane, now, rhythm=self._source.every, skip=flying,
                                 run_id=run_id)  # fmt: skip
                self._ids, self._looked_at = array("q", reversed(ids)), now
            batch = [self._ids.pop() for _ in range(min(most, BATCH, len(self._ids)))]
            if found := plan.due_among(conn, [i for i in batch if i not in flying], now):
                return found
            if fresh and not self._ids:
                return []

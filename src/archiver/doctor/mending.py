"""Mending: each remedy by its name. None of them alters evidence."""

import asyncio
from collections.abc import Callable, Mapping

from archiver.derive import catch_up
from archiver.doctor.ailments import Ailment, Place
from archiver.pool import Pool
from archiver.store import Archive, evidence, open_archive, reading, upkeep

Remedy = Callable[[Place], None]


def treat(place: Place, ailment: Ailment) -> None:
    """Mend one. Raises KeyError for one that a person must mend, StoreError where the archive cannot be written to."""
    MENDS[ailment.mend or ""](place)


def _opened(place: Place) -> None:
    """Open it for writing and close it: SQLite plays the log in, and migrations and views are applied."""
    with open_archive(place.archive):
        pass


def _end_runs(place: Place) -> None:
    with open_archive(place.archive) as archive:
        archive.write(lambda conn: evidence.finish_crashed(conn, place.now))


def _rebuild_index(place: Place) -> None:
    with open_archive(place.archive) as archive:
        archive.write(reading.rebuild_indexes)


def _plan(place: Place) -> None:
    with open_archive(place.archive) as archive:
        archive.write(lambda conn: upkeep.plan_missing(conn, place.now))


def _free_hosts(place: Place) -> None:
    with open_archive(place.archive) as archive:
        archive.write(lambda conn: upkeep.free_hosts(conn, place.now))


def _read(place: Place) -> None:
    config = place.config
    if config is None:
        return

    async def read(archive: Archive, pool: Pool) -> None:
        for source in config.sources.values():
            await catch_up(archive, config, source, pool)

    with (
        open_archive(place.archive) as archive,
        Pool(config.rulebook, workers=config.workers, timeout=config.timeouts.reading) as pool,
    ):
        asyncio.run(read(archive, pool))


MENDS: Mapping[str, Remedy] = {
    "upgrade": _opened,
    "play-log": lambda place: upkeep.play_log(place.archive),
    "use-log": lambda place: upkeep.play_log(place.archive),
    "remove-half-made": lambda place: upkeep.remove_leavings(place.archive),
    "reindex": lambda place: upkeep.reindex(place.archive),
    "remake-schema": lambda place: upkeep.remake_schema(place.archive),
    "remove-orphans": lambda place: upkeep.remove_orphans(place.archive),
    "plan": _plan,
    "read": _read,
    "end-runs": _end_runs,
    "free-hosts": _free_hosts,
    "rebuild-index": _rebuild_index,
}

"""Looking: at the file from outside, at the database, at what is in it. Nothing is altered.

Each check is a function that tells what it finds; they stand in tables, in the order in which one ailment hides the
next: a file that cannot be opened has no rows to count. What a finding means stands in `ailments.KNOWN`.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta

from archiver.doctor.ailments import Ailment, Place, ailing
from archiver.errors import Damaged, StoreError
from archiver.store import copies, explained, schema, upkeep

ROOM = 256 << 20
"""Bytes of disk without which a crawl soon stops."""
LARGE_LOG = 256 << 20
"""Bytes of a log that some reader must be holding up."""
_WRONG_CLOCK = timedelta(days=1)
Check = Callable[[Place], Iterator[Ailment]]
Look = Callable[[Place, sqlite3.Connection], Iterator[Ailment]]


def examine(place: Place) -> Iterator[Ailment]:
    """All that is the matter."""
    if not place.archive.exists():
        yield ailing("no-archive", f"there is no archive at {place.archive}")
        return
    for check in OUTSIDE:
        yield from check(place)
    try:
        with explained(place.archive), closing(copies.open_plain(place.archive)) as conn:
            yield from _inside(place, conn)
    except Damaged as error:
        yield ailing("damaged", str(error))
    except StoreError as error:
        yield ailing("cannot-be-opened", str(error))


def _inside(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    schema.check_ours(conn)
    if not schema.is_made(conn):
        yield ailing("empty", f"{place.archive} is empty")
        return
    found = list(of_file(place, conn))
    yield from found
    if any(one.name in ("damaged", "index-damaged") for one in found):
        return  # what a damaged file says of its rows cannot be relied on
    if schema.waiting(conn):
        yield ailing("older-release", "the archive was made by an older release")
        return
    for look in INSIDE:
        yield from look(place, conn)


# From outside -------------------------------------------------------------------------------------------


def of_rights(place: Place) -> Iterator[Ailment]:
    """Whether the file and its folder may be written to."""
    for path, what in ((place.archive, "the file"), (place.archive.parent, "its folder")):
        if not os.access(path, os.W_OK):
            yield ailing("read-only", f"{what} {path} cannot be written to")


def of_disk(place: Place) -> Iterator[Ailment]:
    """Whether there is room to go on, and to write the file anew."""
    free, size = shutil.disk_usage(place.archive.parent).free, place.archive.stat().st_size
    if free < ROOM:
        yield ailing("disk-full", f"{free / 1e6:.0f} MB are free on the disk of {place.archive}")
    elif free < 2 * size:
        yield ailing("little-room", f"{free / 1e9:.1f} GB are free, and the archive has {size / 1e9:.1f} GB")


def of_lock(place: Place) -> Iterator[Ailment]:
    """Whether another archiver writes just now."""
    if upkeep.is_claimed(place.archive):
        yield ailing("being-written", "another archiver is writing to it")


def of_leavings(place: Place) -> Iterator[Ailment]:
    """What a crash left beside the file."""
    claimed, size = upkeep.is_claimed(place.archive), _size_of_log(place)
    if size and not claimed:
        yield ailing("log-left-behind", f"{place.archive.name}-wal holds {size / 1e6:.1f} MB that a crash left")
    elif size > LARGE_LOG:
        yield ailing("large-log", f"{place.archive.name}-wal has {size / 1e6:.0f} MB")
    left = upkeep.leavings(place.archive)
    if left and not claimed:
        names = ", ".join(path.name for path in left)
        yield ailing("half-made", f"{names}: left by a backup or a restore that was killed")


def _size_of_log(place: Place) -> int:
    """Bytes of SQLite's log beside the file; 0 where there is none."""
    log = place.archive.with_name(place.archive.name + "-wal")
    return log.stat().st_size if log.exists() else 0


# Inside -------------------------------------------------------------------------------------------------


def of_file(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """The pages of the file, its indexes, and how it is written to."""
    faults = [line for (line,) in conn.execute("PRAGMA integrity_check(20)") if line != "ok"]
    if faults and all(map(upkeep.is_of_index, faults)):
        yield ailing("index-damaged", f"{len(faults)} faults in indexes, the first: {faults[0]}")
    elif faults:
        yield ailing("damaged", f"{len(faults)} faults in the file, the first: {faults[0]}")
    (mode,) = conn.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        yield ailing("no-log", f"the file is in journal mode '{mode}'")


def of_schema(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Tables, triggers, views and indexes as this release has them."""
    faults = schema.missing_or_altered(conn)
    tables = [fault for fault in faults if fault.startswith("table ")]
    others = [fault for fault in faults if not fault.startswith("table ")] + schema.missing_indexes(conn)
    if tables:
        yield ailing("tables-altered", "; ".join(tables))
    if others:
        yield ailing("schema-altered", "; ".join(others))


def of_references(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Rows that point at rows that are not there."""
    for name, found in zip(("evidence-orphaned", "orphans"), upkeep.orphans(conn), strict=True):
        if found:
            rows = "; ".join(f"{count} rows of {table}" for table, count in found.items())
            yield ailing(name, f"{rows} point at rows that are not there")


def of_plan(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Addresses that no crawl would ever ask for."""
    (count,) = conn.execute(upkeep.UNPLANNED.format("count(*)")).fetchone()
    if count:
        yield ailing("unplanned", f"{count} addresses are in no plan")


def of_runs(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Runs that never ended."""
    runs = [str(row[0]) for row in conn.execute("SELECT id FROM runs WHERE finished_at IS NULL ORDER BY id")]
    if runs and not upkeep.is_claimed(place.archive):
        yield ailing("stuck-runs", f"runs without an ending: {', '.join(runs)}")


def of_reading(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Captures that wait to be read."""
    known = place.config.sources if place.config else {}
    waiting: dict[str, int] = dict(conn.execute(upkeep.WAITING).fetchall())
    ours = {name: count for name, count in waiting.items() if name in known}
    others = {name: count for name, count in waiting.items() if name not in known}
    if ours and not upkeep.is_claimed(place.archive):
        yield ailing("unread", _still_to_be_read(ours))
    if others and place.config:
        yield ailing("unread-unknown", _still_to_be_read(others))


def _still_to_be_read(counts: Mapping[str, int]) -> str:
    return "captures still to be read: " + ", ".join(f"{name} {count}" for name, count in counts.items())


def of_clock(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Times that lie ahead of this machine's clock."""
    limit = upkeep.to_text(place.now + _WRONG_CLOCK)
    (latest,) = conn.execute("SELECT max(captured_at) FROM captures").fetchone()
    if latest and latest > limit:
        clock = f"{place.now:%Y-%m-%dT%H:%M:%SZ}"
        yield ailing("clock", f"the latest capture says {latest}, and this machine's clock {clock}")
    (paused,) = conn.execute(upkeep.HOSTS_AHEAD.format("count(*)"), (limit,) * 2).fetchone()
    if paused:
        yield ailing("hosts-ahead", f"{paused} hosts are not to be asked before {limit}, or later")


def of_index(place: Place, _: sqlite3.Connection) -> Iterator[Ailment]:
    """The full-text indexes against their texts; only while nobody writes, and the file can be written to."""
    if _size_of_log(place):
        return  # to look would play the log in
    try:
        faults = upkeep.index_faults(place.archive)
    except StoreError:
        return
    if faults:
        yield ailing("index-out-of-step", "; ".join(faults))


def of_sources(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Sources that no file configures."""
    if place.config is None:
        return
    names = [str(row[0]) for row in conn.execute("SELECT id FROM sources ORDER BY id")]
    if lost := [name for name in names if name not in place.config.sources]:
        yield ailing("unconfigured", f"no file configures {', '.join(lost)}")


OUTSIDE: tuple[Check, ...] = (of_rights, of_disk, of_lock, of_leavings)
INSIDE: tuple[Look, ...] = (
    of_schema, of_references, of_plan, of_runs, of_reading, of_clock, of_index, of_sources,
)  # fmt: skip

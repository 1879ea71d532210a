"""Looking: at the file from outside, at the database, at what is in it. Nothing is altered.

Each check is a function that tells what it finds; they stand in tables, in the order in which one ailment hides the
next: a file that cannot be opened has no rows to count.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

from archiver.doctor.ailments import Ailment, Place
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
        yield Ailment(
            "no-archive",
            f"there is no archive at {place.archive}",
            "`archiver crawl` makes one; or name another by --archive, or `archiver restore` a backup",
        )
        return
    for check in OUTSIDE:
        yield from check(place)
    try:
        with explained(place.archive), closing(copies.open_plain(place.archive)) as conn:
            yield from _inside(place, conn)
    except Damaged as error:
        yield Ailment("damaged", str(error), _RESTORE)
    except StoreError as error:
        yield Ailment("cannot-be-opened", str(error), "the rest was not looked at")


def _inside(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    schema.check_ours(conn)
    if not schema.is_made(conn):
        yield Ailment("empty", f"{place.archive} is empty", "`archiver crawl` makes an archive of it")
        return
    found = list(of_file(place, conn))
    yield from found
    if any(one.name in ("damaged", "index-damaged") for one in found):
        return  # what a damaged file says of its rows cannot be relied on
    if schema.waiting(conn):
        yield Ailment(
            "older-release",
            "the archive was made by an older release",
            "it is brought up to date when it is next opened for writing; back it up before",
            "upgrade",
        )
        return
    for look in INSIDE:
        yield from look(place, conn)


_RESTORE = (
    "what was committed before may be in the last backup: `archiver restore BACKUP --replace` renames this file and"
    " keeps it. Do not write to it; `archiver backup --unverified` copies it as it is"
)


def of_rights(place: Place) -> Iterator[Ailment]:
    """Whether the file and its folder may be written to."""
    for path, what in ((place.archive, "the file"), (place.archive.parent, "its folder")):
        if not os.access(path, os.W_OK):
            yield Ailment(
                "read-only",
                f"{what} {path} cannot be written to",
                "reading and `archiver backup` work; for a crawl, mend the rights",
            )


def of_disk(place: Place) -> Iterator[Ailment]:
    """Whether there is room to go on, and to write the file anew."""
    free, size = shutil.disk_usage(place.archive.parent).free, place.archive.stat().st_size
    if free < ROOM:
        yield Ailment(
            "disk-full",
            f"{free / 1e6:.0f} MB are free on the disk of {place.archive}",
            "make room: a write that finds none stops the crawl; what was committed stays",
        )
    elif free < 2 * size:
        yield Ailment(
            "little-room",
            f"{free / 1e9:.1f} GB are free, and the archive has {size / 1e9:.1f} GB",
            "enough to crawl; an erasure, `compact` and a backup on this disk need twice the archive's size",
            harmless=True,
        )


def of_lock(place: Place) -> Iterator[Ailment]:
    """Whether another archiver writes just now."""
    if upkeep.is_claimed(place.archive):
        yield Ailment(
            "being-written",
            "another archiver is writing to it",
            "nothing is wrong; what it leaves for later is not counted here, and nothing can be mended now",
            harmless=True,
        )


def of_leavings(place: Place) -> Iterator[Ailment]:
    """What a crash left beside the file."""
    claimed = upkeep.is_claimed(place.archive)
    log = place.archive.with_name(place.archive.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    if size and not claimed:
        yield Ailment(
            "log-left-behind",
            f"{log.name} holds {size / 1e6:.1f} MB that a crash left",
            "committed rows are in it: never remove it, nor put another file in the archive's place. It is"
            " played in when the archive is next opened for writing",
            "play-log",
        )
    elif size > LARGE_LOG:
        yield Ailment(
            "large-log",
            f"{log.name} has {size / 1e6:.0f} MB",
            "some program has been reading for long and holds it up; end that one",
        )
    left = upkeep.leavings(place.archive)
    if left and not claimed:
        names = ", ".join(path.name for path in left)
        yield Ailment(
            "half-made",
            f"{names}: left by a backup or a restore that was killed",
            "no archive was ever made of them",
            "remove-half-made",
        )


def of_file(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """The pages of the file, its indexes, and how it is written to."""
    faults = [line for (line,) in conn.execute("PRAGMA integrity_check(20)") if line != "ok"]
    in_index = [line for line in faults if upkeep.is_of_index(line)]
    if faults and len(in_index) == len(faults):
        yield Ailment(
            "index-damaged",
            f"{len(faults)} faults in indexes, the first: {faults[0]}",
            "the rows are whole; indexes are made anew from them",
            "reindex",
        )
    elif faults:
        yield Ailment("damaged", f"{len(faults)} faults in the file, the first: {faults[0]}", _RESTORE)
    (mode,) = conn.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        yield Ailment(
            "no-log",
            f"the file is in journal mode '{mode}'",
            "readers and the crawl wait for each other; the archive is meant to be in mode 'wal'",
            "use-log",
        )


def of_schema(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Tables, triggers, views and indexes as this release has them."""
    faults = schema.missing_or_altered(conn)
    tables = [fault for fault in faults if fault.startswith("table ")]
    others = [fault for fault in faults if not fault.startswith("table ")] + schema.missing_indexes(conn)
    if tables:
        yield Ailment("tables-altered", "; ".join(tables), _RESTORE)
    if others:
        yield Ailment(
            "schema-altered",
            "; ".join(others),
            "triggers keep evidence from being altered, views are what people query: both are made again as"
            " they should be; `archiver verify` says whether something was altered meanwhile",
            "remake-schema",
        )


def of_references(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Rows that point at rows that are not there."""
    evidence, others = upkeep.orphans(conn)
    if evidence:
        yield Ailment(
            "evidence-orphaned",
            "; ".join(f"{n} rows of {table}" for table, n in evidence.items()) + " point at rows that are not there",
            _RESTORE,
        )
    if others:
        yield Ailment(
            "orphans",
            "; ".join(f"{n} rows of {table}" for table, n in others.items()) + " point at rows that are not there",
            "they are of what was read or planned: they are removed, and their pages read again",
            "remove-orphans",
        )


def of_plan(_: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Addresses that no crawl would ever ask for."""
    (count,) = conn.execute(upkeep.UNPLANNED.format("count(*)")).fetchone()
    if count:
        yield Ailment("unplanned", f"{count} addresses are in no plan", "no crawl would ask for them", "plan")


def of_reading(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Captures that wait to be read."""
    known = set(place.config.sources) if place.config else set()
    waiting = dict(conn.execute(upkeep.WAITING).fetchall())
    ours, others = (
        {n: c for n, c in waiting.items() if n in known},
        {n: c for n, c in waiting.items() if n not in known},
    )
    if ours and not upkeep.is_claimed(place.archive):
        yield Ailment(
            "unread",
            "captures still to be read: " + ", ".join(f"{n} {c}" for n, c in ours.items()),
            "a crash, or a rebuild that was stopped; the next crawl reads them too",
            "read",
        )
    if others and place.config:
        yield Ailment(
            "unread-unknown",
            "captures still to be read: " + ", ".join(f"{n} {c}" for n, c in others.items()),
            "no file configures these sources any more, so nobody can read them: bring the file back",
        )


def of_runs(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Runs that never ended."""
    runs = [str(row[0]) for row in conn.execute("SELECT id FROM runs WHERE finished_at IS NULL ORDER BY id")]
    if runs and not upkeep.is_claimed(place.archive):
        yield Ailment(
            "stuck-runs",
            f"runs without an ending: {', '.join(runs)}",
            "they crashed; they are ended and sealed, as the next crawl would",
            "end-runs",
        )


def of_clock(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Times that lie ahead of this machine's clock."""
    limit = upkeep.to_text(place.now + _WRONG_CLOCK)
    (latest,) = conn.execute("SELECT max(captured_at) FROM captures").fetchone()
    if latest and latest > limit:
        yield Ailment(
            "clock",
            f"the latest capture says {latest}, and this machine's clock {place.now:%Y-%m-%dT%H:%M:%SZ}",
            "one of the two was wrong; set the clock right. Captures are evidence, and keep the time they have",
        )
    (paused,) = conn.execute(upkeep.HOSTS_AHEAD.format("count(*)"), (limit,) * 3).fetchone()
    if paused:
        yield Ailment(
            "hosts-ahead",
            f"{paused} hosts are not to be asked before {limit}, or later",
            "a clock that was wrong, or a server that asked for so long a rest",
            "free-hosts",
        )


def of_index(place: Place, _: sqlite3.Connection) -> Iterator[Ailment]:
    """The full-text indexes against their texts; only while nobody writes, and the file can be written to."""
    log = place.archive.with_name(place.archive.name + "-wal")
    is_waiting = log.exists() and log.stat().st_size > 0  # to look would play the log in
    faults = [] if is_waiting else upkeep.index_faults(place.archive)
    if faults:
        yield Ailment(
            "index-out-of-step",
            "; ".join(faults),
            "searches miss words, or find words that are gone; it is made anew from the texts",
            "rebuild-index",
        )


def of_sources(place: Place, conn: sqlite3.Connection) -> Iterator[Ailment]:
    """Sources that no file configures."""
    known = set(place.config.sources) if place.config else None
    if known is None:
        return
    lost = [row[0] for row in conn.execute("SELECT id FROM sources ORDER BY id") if row[0] not in known]
    if lost:
        yield Ailment(
            "unconfigured",
            f"no file configures {', '.join(lost)}",
            "what is kept of them stays and is shown; they are not crawled, and cannot be read again",
            harmless=True,
        )


OUTSIDE: tuple[Check, ...] = (of_rights, of_disk, of_lock, of_leavings)
INSIDE: tuple[Look, ...] = (
    of_schema,
    of_references,
    of_plan,
    of_runs,
    of_reading,
    of_clock,
    of_index,
    of_sources,
)

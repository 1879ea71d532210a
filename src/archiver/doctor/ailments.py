"""What a doctor speaks of, and what each ailment means: the table of all that may be the matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from archiver.config import Config


@dataclass(frozen=True, slots=True)
class Place:
    """What is examined: the archive's file, and the configuration where it holds together."""

    archive: Path
    now: datetime
    config: Config | None = None


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is the matter."""

    name: str  # 'log-left-behind'
    says: str  # what is the matter, with numbers
    advice: str  # what it means, and the way on
    mend: str | None = None  # the name in MENDS of what mends it; None: a person must
    harmless: bool = False  # worth knowing, and no reason for an exit code


class Known(NamedTuple):
    """What is always said of an ailment: what it means, what mends it, and whether it is no harm."""

    advice: str
    mend: str | None = None
    harmless: bool = False


def ailing(name: str, says: str) -> Ailment:
    """The ailment of that name, as it was found here."""
    return Ailment(name, says, *KNOWN[name])


_RESTORE = (
    "what was committed before may be in the last backup: `archiver restore BACKUP --replace` renames this file and"
    " keeps it. Do not write to it; `archiver backup --unverified` copies it as it is"
)
KNOWN: Mapping[str, Known] = {
    # of the configuration
    "configuration": Known("`archiver check` lists every mistake; nothing starts before"),
    # from outside
    "no-archive": Known("`archiver crawl` makes one; or name another by --archive, or `archiver restore` a backup"),
    "read-only": Known("reading and `archiver backup` work; for a crawl, mend the rights"),
    "disk-full": Known("make room: a write that finds none stops the crawl; what was committed stays"),
    "little-room": Known(
        "enough to crawl; an erasure, `compact` and a backup on this disk need twice the archive's size", harmless=True
    ),
    "being-written": Known(
        "nothing is wrong; what it leaves for later is not counted here, and nothing can be mended now", harmless=True
    ),
    "log-left-behind": Known(
        "committed rows are in it: never remove it, nor put another file in the archive's place. It is"
        " played in when the archive is next opened for writing",
        "play-log",
    ),
    "large-log": Known("some program has been reading for long and holds it up; end that one"),
    "half-made": Known("no archive was ever made of them", "remove-half-made"),
    # the file
    "cannot-be-opened": Known("the rest was not looked at"),
    "empty": Known("`archiver crawl` makes an archive of it"),
    "damaged": Known(_RESTORE),
    "index-damaged": Known("the rows are whole; indexes are made anew from them", "reindex"),
    "no-log": Known("readers and the crawl wait for each other; the archive is meant to be in mode 'wal'", "use-log"),
    "older-release": Known("it is brought up to date when it is next opened for writing; back it up before", "upgrade"),
    # what is in it
    "tables-altered": Known(_RESTORE),
    "schema-altered": Known(
        "triggers keep evidence from being altered, views are what people query: both are made again as"
        " they should be; `archiver verify` says whether something was altered meanwhile",
        "remake-schema",
    ),
    "evidence-orphaned": Known(_RESTORE),
    "orphans": Known(
        "they are of what was read or planned: they are removed, and their pages read again", "remove-orphans"
    ),
    "unplanned": Known("no crawl would ask for them", "plan"),
    "stuck-runs": Known("they crashed; they are ended and sealed, as the next crawl would", "end-runs"),
    "unread": Known("a crash, or a rebuild that was stopped; the next crawl reads them too", "read"),
    "unread-unknown": Known("no file configures these sources any more, so nobody can read them: bring the file back"),
    "clock": Known("one of the two was wrong; set the clock right. Captures are evidence, and keep the time they have"),
    "hosts-ahead": Known("a clock that was wrong, or a server that asked for so long a rest", "free-hosts"),
    "index-out-of-step": Known(
        "searches miss words, or find words that are gone; it is made anew from the texts", "rebuild-index"
    ),
    "unconfigured": Known(
        "what is kept of them stays and is shown; they are not crawled, and cannot be read again", harmless=True
    ),
}
"""By name, in the order in which they are looked for."""

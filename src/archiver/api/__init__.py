"""The archive for programs: read-only, one object, records instead of tables.

    from archiver import open_archive

    with open_archive("archive.db") as archive:
        for change in archive.changes(municipality="Gislaved", class_="silent-edit", since="2026-03-01"):
            print(change.url, change.last_seen_before, change.seen_after, change.summary)

What is hidden, withheld, erased or under embargo is in none of the answers, nor who is named as responsible: all of it
comes through the public views (`store/views.sql`), and a record's fields are their columns, name for name.

archive.py     what can be asked
records.py     what comes back: pages, captures, revisions, changes; details.py: what belongs to them
desk.py        the connection, and where records get more
comparing.py   two captures side by side
streams.py     records one by one; frames.py: as a table of pandas or polars
moments.py     days and times as people write them

`archiver.store.open_archive` is another: it opens the file for writing, and is the house's own (docs/decisions/0028).
"""

from archiver.api.archive import ReadOnlyArchive, open_archive
from archiver.api.comparing import Diff
from archiver.api.details import (
    Absence,
    Block,
    Claim,
    Coverage,
    Event,
    Gap,
    Hit,
    Hunk,
    LinkEdit,
    Municipality,
)
from archiver.api.records import Capture, Change, Page, Revision, Snapshot
from archiver.api.streams import Records, as_dict

__all__ = [
    "Absence",
    "Block",
    "Capture",
    "Change",
    "Claim",
    "Coverage",
    "Diff",
    "Event",
    "Gap",
    "Hit",
    "Hunk",
    "LinkEdit",
    "Municipality",
    "Page",
    "ReadOnlyArchive",
    "Records",
    "Revision",
    "Snapshot",
    "as_dict",
    "open_archive",
]

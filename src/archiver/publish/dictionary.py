"""The data dictionary: every public view and every column of it, in fixed order, with type and meaning.

A name means the same in every view that has it; where it does not, the view says so itself. `tests/test_dictionary.py`
holds this to the views of the database. Pure.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from archiver.model.lists import (
    Doubt,
    LinkOp,
    Meaning,
    Op,
    Outcome,
    Precision,
    Rel,
    Role,
    Sign,
    State,
    Verdict,
    Witness,
)

Type = Literal["string", "integer", "number", "boolean", "date", "datetime"]
"""Types of a Table Schema (https://specs.frictionlessdata.io/table-schema/#types-and-formats). What a page says of its
own dates is a string: it keeps the precision it was printed with."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what stands in it, and the closed list it is from, if any."""

    type: Type
    meaning: str
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One public view: what a row is, its columns in order, what tells its rows apart, and the time it is cut by."""

    row: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    time: str | None = None  # the column that --since and --until are about
    own: dict[str, Column] | None = None  # columns that mean something else here


_PRINTED = "as the page states it, to the precision it was printed with; null: it states none"

COLUMNS: dict[str, Column] = {
    # which page
    "municipality": Column("string", "name of the municipality"),
    "code": Column("string", "kommunkod, four digits"),
    "county": Column("string", "county"),
    "source_id": Column("string", "the source: the stem of its configuration file"),
    "section": Column("string", "section of the site as configured; '' where it lies in none"),
    "page_id": Column("integer", "the page, whatever its addresses; stays when the archive is read anew"),
    "url": Column("string", "an address of the page"),
    "kind": Column("string", "what the page is", get_args(Role)),
    "page_kind": Column("string", "what the page is", get_args(Role)),
    # captures and revisions
    "capture_id": Column("integer", "the capture; cited as c123"),
    "capture_before": Column("integer", "the last capture of the old state"),
    "capture_after": Column("integer", "the first capture of the new state"),
    "captured_at": Column("datetime", "when we received the answer, UTC"),
    "revision_id": Column("integer", "the revision that a change led to"),
    "revision": Column("integer", "number of the revision among the page's, from 1"),
    "revisions": Column("integer", "number of the page's latest revision"),
    "document_id": Column("integer", "what was read; equal where the same was read"),
    "state": Column("string", "what we saw of it last", (*get_args(State), "suspect")),
    "state_before": Column("string", "state before the change", get_args(State)),
    "state_after": Column("string", "state after the change", get_args(State)),
    "last_seen_before": Column("datetime", "when the old state was last seen: the change came after it, UTC"),
    "seen_after": Column("datetime", "when the new state was first seen: the change came before it, UTC"),
    "since": Column("datetime", "when this state was first seen, UTC"),
    "checked": Column("datetime", "when it was last seen, UTC"),
    "visits": Column("integer", "captures that showed this state"),
    "first_seen": Column("datetime", "when it was first seen, UTC"),
    "last_seen": Column("datetime", "when it was last seen, UTC"),
    # what it said
    "language": Column("string", "language of the text, ISO 639-1"),
    "legible": Column("string", "how much of it could be read", ("yes", "partly", "scanned", "locked", "no")),
    "title": Column("string", "the page's title"),
    "published": Column("string", f"date of publication {_PRINTED}"),
    "updated": Column("string", f"date of the last update {_PRINTED}"),
    "reviewed": Column("string", f"date of the last review {_PRINTED}"),
    "http_last_modified": Column("string", "the server's Last-Modified header as sent; kept, never believed"),
    "words": Column("integer", "words of the main text"),
    "text": Column("string", "the main text, one block a line; null while it is under embargo"),
    "full_text": Column("string", "all text beside furniture and notices, one block a line; null under embargo"),
    "body_sha256": Column("string", "SHA-256 of the decoded bytes of the answer"),
    "leaf": Column("string", "digest of the capture's whole record, a leaf of its run's Merkle tree"),
    # what changed
    "classes": Column("string", "what sort of change: words of docs/changes.md, with a space between"),
    "kinds": Column("string", "what differs: words of docs/changes.md, with a space between"),
    "reasons": Column("string", "why it may matter: names of config/significance.toml, with a space between"),
    "points": Column("integer", "sum of the points of its reasons"),
    "class": Column("string", "the class of change"),
    "reason": Column("string", "the facts that make it so, in words"),
    "words_added": Column("integer", "words added to the text; null: the text did not change"),
    "words_removed": Column("integer", "words removed from the text; null: the text did not change"),
    "links_added": Column("integer", "links added; null: no link changed"),
    "links_removed": Column("integer", "links removed; null: no link changed"),
    "title_before": Column("string", "title before"),
    "title_after": Column("string", "title after"),
    "published_before": Column("string", f"before: date of publication {_PRINTED}"),
    "published_after": Column("string", f"after: date of publication {_PRINTED}"),
    "updated_before": Column("string", f"before: date of the last update {_PRINTED}"),
    "updated_after": Column("string", f"after: date of the last update {_PRINTED}"),
    "reviewed_before": Column("string", f"before: date of the last review {_PRINTED}"),
    "reviewed_after": Column("string", f"after: date of the last review {_PRINTED}"),
    "summary": Column("string", "one line"),
    "returns_to": Column("integer", "number of an earlier revision with this very text"),
    "event_id": Column("integer", "what happened to many pages at once, if this is part of it"),
    "hunk_id": Column("integer", "the words added or removed"),
    "position": Column("integer", "place in order, from 0"),
    "op": Column("string", "what was done", tuple(dict.fromkeys((*get_args(Op), *get_args(LinkOp))))),
    "block_before": Column("string", "the block before, in which they stood; null: none, or under embargo"),
    "block_after": Column("string", "the block after, in which they stand; null: none, or under embargo"),
    # links
    "target": Column("string", "where the link leads"),
    "target_before": Column("string", "where it led before"),
    "text_before": Column("string", "what it said before"),
    "rel": Column("string", "what sort of link", get_args(Rel)),
    "part": Column("string", "main text, or what stands around it", ("main", "rest")),
    "note": Column("string", "what assistive texts and file notes say of the link"),
    "heading": Column("string", "the heading it stands under"),
    "target_fate": Column("string", "what came when its target was last asked for", get_args(Outcome)),
    "outcome": Column("string", "what came of asking", get_args(Outcome)),
    "status": Column("integer", "HTTP status; null: no answer"),
    # absences
    "absence_id": Column("integer", "one episode of not being there"),
    "sign": Column("string", "the latest sign of absence", get_args(Sign)),
    "first_missed": Column("datetime", "the first visit that did not find it, UTC"),
    "confirmed": Column("datetime", "the visit that confirmed it, UTC"),
    "last_missed": Column("datetime", "the last visit that did not find it, UTC"),
    "back": Column("datetime", "the visit that found it again, UTC; null: none did"),
    "misses": Column("integer", "visits that did not find it"),
    "still_linked": Column("boolean", "whether a current page still links to it"),
    "last_text": Column("string", "the text it was last seen with; null under embargo"),
    # claims
    "meaning": Column("string", "what the page says of itself", get_args(Meaning)),
    "witness": Column("string", "where it says so", get_args(Witness)),
    "rule": Column("string", "the rule of ours that read it"),
    "label": Column("string", "the label as printed"),
    "raw": Column("string", "the value as printed; '' where the label had none"),
    "value": Column("string", "the value as understood; null: not understood"),
    "precision": Column("string", "how precise it is", get_args(Precision)),
    "place": Column("string", "where on the page it stood"),
    "believed": Column("boolean", "whether it is the page's date"),
    "doubt": Column("string", "why it is not believed", get_args(Doubt)),
    "profile": Column("string", "the profile it was read by"),
    "reader": Column("integer", "number of the reading code"),
    "rules_sha256": Column("string", "digest of the rules it was read by"),
    "said": Column("string", "the date as it came: kept, never believed"),
    "said_on": Column("string", "the address that said so"),
    # looking, and not looking
    "day": Column("date", "day, UTC"),
    "asked": Column("integer", "requests made or barred"),
    "answered": Column("integer", "of these: an answer, or that nothing had changed"),
    "moved": Column("integer", "of these: redirected"),
    "gone": Column("integer", "of these: not there"),
    "refused": Column("integer", "of these: refused"),
    "failed": Column("integer", "of these: no whole answer"),
    "barred": Column("integer", "not asked, because robots.txt bars it"),
    "bad": Column("integer", "answers that were not taken for the page"),
    "from_time": Column("datetime", "well seen then, UTC"),
    "to_time": Column("datetime", "well seen again then, and not between, UTC"),
    "days": Column("number", "days between"),
    "obstacles": Column("string", f"what came instead: {', '.join((*get_args(Verdict)[1:], *get_args(Outcome)[2:]))}"),
    "pages": Column("integer", "pages it concerns"),
    "id": Column("integer", "number of the entry"),
    "level": Column("string", "hidden, closed to all but the keeper, or destroyed", ("hidden", "withheld", "erased")),
    "acted_at": Column("datetime", "when it was done, UTC"),
    "whole": Column("boolean", "all of it, not a span"),
    "imported": Column("boolean", "the word of another archive, not an observation of ours"),
    "run_id": Column("integer", "the run"),
    "file": Column("string", "the file, or the address, it came from"),
    "about": Column("string", "its SHA-256 and what else is known of it, JSON"),
    "imported_at": Column("datetime", "when it was taken in, UTC"),
    "captures": Column("integer", "answers it brought"),
    "lifts": Column("integer", "the entry that this one undoes"),
}  # fmt: skip

_WHERE = ("municipality", "code", "section", "page_id", "url")
_CHANGE = (
    "revision_id", "municipality", "code", "section", "page_id", "page_kind", "url", "revision", "state_before",
    "state_after", "last_seen_before", "seen_after", "classes", "kinds", "reasons", "points", "words_added",
    "words_removed", "links_added", "links_removed", "title_before", "title_after", "published_before",
    "published_after", "updated_before", "updated_after", "reviewed_before", "reviewed_after", "summary", "returns_to",
    "event_id", "capture_before", "capture_after", "imported",
)  # fmt: skip
_GONE = (
    "absence_id", *_WHERE, "sign", "state", "last_seen_before", "first_missed", "confirmed", "last_missed", "back",
    "misses", "still_linked", "title", "updated", "last_text", "capture_before", "capture_after",
)  # fmt: skip
_ABSENT = {
    "state": Column("string", "gone still, or back", ("gone", "back")),
    "url": Column("string", "the address that was not found"),
    "updated": Column("string", f"date of the last update {_PRINTED}, when last seen"),
    "capture_before": Column("integer", "the last capture that showed it"),
    "capture_after": Column("integer", "the first that did not"),
}
_EVENTS = {"kind": Column("string", "what happened", ("site-wide", "bulk-stamp", "migration"))}


def _changes(row: str, *first: str) -> View:
    return View(row, (*first, *_CHANGE), ("revision_id", *first[:1]), "seen_after")


VIEWS: dict[str, View] = {
    "current_pages": View(
        "the latest state of a page",
        ("municipality", "code", "county", "section", "page_id", "kind", "url", "state", "revisions", "since",
         "checked", "visits", "title", "published", "updated", "reviewed", "legible", "words", "text", "full_text",
         "document_id", "capture_id"),
        ("page_id",), "checked",
    ),
    "snapshots": View(
        "a good capture with what the page said then",
        ("capture_id", *_WHERE, "captured_at", "revision", "kind", "language", "title", "published", "updated",
         "reviewed", "http_last_modified", "words", "text", "full_text", "body_sha256", "leaf", "imported"),
        ("capture_id",), "captured_at",
        {"kind": Column("string", "what the bytes are: html, pdf, docx …")},
    ),
    "page_changes": _changes("a change of a page, with the window it fell in"),
    "change_text": View(
        "words that a change added, removed or moved",
        ("hunk_id", "revision_id", *_WHERE, "seen_after", "position", "op", "text", "block_before", "block_after"),
        ("hunk_id",), "seen_after",
        {"text": Column("string", "the words"), "op": Column("string", "what was done", get_args(Op))},
    ),
    "silent_edits": _changes("a change of the text while the page's own update date stood still"),
    "touched_dates": _changes("an update date that moved while nothing else changed"),
    "date_anomalies": _changes(
        "a date that went backwards, or a publication date altered afterwards", "class", "reason"),
    "flaps": _changes("a change back to an earlier text"),
    "replaced_files": _changes("a file exchanged behind the same address"),
    "disappearances": View("a confirmed absence of a page", _GONE, ("absence_id",), "first_missed", _ABSENT),
    "returns": View("an absence that ended", _GONE, ("absence_id",), "first_missed", _ABSENT),
    "link_edits": View(
        "a link added, removed, renamed or pointed elsewhere",
        ("revision_id", *_WHERE, "seen_after", "position", "op", "rel", "target", "target_before", "text",
         "text_before", "note", "target_fate"),
        ("revision_id", "position"), "seen_after",
        {"text": Column("string", "what the link says"), "op": Column("string", "what was done", get_args(LinkOp))},
    ),
    "link_history": View(
        "a link on a page, while it stood there",
        ("municipality", "code", "page_id", "target", "rel", "text", "first_seen", "last_seen"),
        ("page_id", "target", "rel"), "first_seen", {"text": Column("string", "what the link says")},
    ),
    "page_links": View(
        "a link of a page as it is now",
        (*_WHERE, "position", "part", "rel", "text", "note", "target", "heading"),
        ("page_id", "position"), None, {"text": Column("string", "what the link says")},
    ),
    "dead_links": View(
        "a link of a page as it is now, whose target was gone when last asked for",
        (*_WHERE, "target", "rel", "text", "outcome", "status", "asked"),
        ("page_id", "target", "text"), "asked",
        {"asked": Column("datetime", "when its target was last asked for, UTC"),
         "text": Column("string", "what the link says")},
    ),
    "provenance": View(
        "a statement of a page about itself, believed or not",
        ("page_id", "revision", "document_id", "meaning", "witness", "rule", "label", "raw", "value", "precision",
         "place", "believed", "doubt", "profile", "language", "reader", "rules_sha256"),
        ("page_id", "revision", "place", "meaning", "rule"), None,
        {"language": Column("string", "the language pack it was read by")},
    ),
    "hearsay": View(
        "what others say of a page's dates: its server, a sitemap, a feed",
        ("page_id", "municipality", "code", "url", "witness", "said", "said_on", "first_seen", "last_seen"),
        ("page_id", "url", "witness", "said", "said_on"), "first_seen",
    ),
    "bulk_stamps": View(
        "a day that twenty pages or more of a source give as their update date", ("source_id", "updated", "pages"),
        ("source_id", "updated"), None, {"updated": Column("string", "the day, as the pages state it")},
    ),
    "events_by_site": View(
        "something that happened to many pages at once",
        ("event_id", "municipality", "code", "kind", "first_seen", "last_seen", "pages", "summary"),
        ("event_id",), "first_seen", _EVENTS,
    ),
    "coverage": View(
        "a day of a source: how often we asked, and what came of it; a day without a row is one we did not look on",
        ("source_id", "municipality", "code", "day", "asked", "answered", "moved", "gone", "refused", "failed",
         "barred", "bad"),
        ("source_id", "day"), "day",
    ),
    "gaps": View(
        "a stretch in which a page was not well seen",
        ("page_id", "url", "from_time", "to_time", "days", "obstacles"), ("page_id", "url", "from_time"), "from_time",
    ),
    "imports": View(
        "a file or an archive that answers were taken in from",
        ("run_id", "municipality", "code", "file", "about", "imported_at", "captures", "first_seen", "last_seen"),
        ("run_id",), "imported_at",
    ),
    "redaction_log": View(
        "what was hidden, withheld or erased, and why; not what it said",
        ("id", "url", "body_sha256", "level", "reason", "acted_at", "whole", "lifts"), ("id",), "acted_at",
        {"reason": Column("string", "why, as a code"),
         "url": Column("string", "the address all of whose answers it is about; null: it is about one answer")},
    ),
}  # fmt: skip
"""Every view that is exported, in the order of a release. `open_pages`, `open_revisions` and `inner_text` are what the
others are made of."""


def columns_of(name: str) -> dict[str, Column]:
    """The columns of a view in their order."""
    view = VIEWS[name]
    return {column: (view.own or {}).get(column) or COLUMNS[column] for column in view.columns}

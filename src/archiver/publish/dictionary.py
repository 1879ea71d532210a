"""The data dictionary: every public view with its columns in fixed order, and what a row of it is.

`tests/story/test_export.py` holds it to the views of the database. Pure.
"""

from dataclasses import dataclass
from typing import get_args

from archiver.model.lists import LinkOp, Op, State
from archiver.publish.columns import COLUMNS, PRINTED, Column, Type

__all__ = ["COLUMNS", "VIEWS", "Column", "Type", "View", "columns_of"]


@dataclass(frozen=True, slots=True)
class View:
    """One public view: what a row is, its columns in order, what tells its rows apart, and the time it is cut by."""

    row: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    time: str | None = None  # the column that --since and --until are about
    own: dict[str, Column] | None = None  # columns that mean something else here


_WHERE = ("municipality", "code", "section", "page_id", "url")
_CHANGE = (
    "revision_id", "municipality", "code", "section", "page_id", "page_kind", "url", "revision", "state_before",
    "state_after", "last_seen_before", "seen_after", "classes", "kinds", "reasons", "points", "words_added",
    "words_removed", "links_added", "links_removed", "title_before", "title_after", "published_before",
    "published_after", "updated_before", "updated_after", "reviewed_before", "reviewed_after", "summary", "returns_to",
    "event_id", "folded", "capture_before", "capture_after", "imported",
)  # fmt: skip
_GONE = (
    "absence_id", *_WHERE, "sign", "state", "last_seen_before", "first_missed", "confirmed", "last_missed", "back",
    "misses", "still_linked", "title", "updated", "last_text", "capture_before", "capture_after",
)  # fmt: skip
_ABSENT = {
    "state": Column("string", "gone still, or back", ("gone", "back")),
    "url": Column("string", "the address that was not found"),
    "updated": Column("string", f"date of the last update {PRINTED}, when last seen"),
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
         "reviewed", "http_last_modified", "words", "text", "full_text", "body_sha256", "rendered_sha256", "leaf",
         "imported"),
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
    "personnel_changes": View(
        "somebody who left, joined or changed places in a list of people, never by name",
        ("revision_id", *_WHERE, "last_seen_before", "seen_after", "position", "op", "role", "party", "former"),
        ("revision_id", "position"), "seen_after",
        {"op": Column("string", "what was done", ("left", "joined", "role", "party"))},
    ),
    "moves": View(
        "an address that showed a page and led elsewhere",
        (*_WHERE, "moved_to", "to_page", "last_seen_before", "seen_after", "last_seen", "status", "visits"),
        ("page_id", "url", "moved_to", "to_page"), "seen_after",
        {"visits": Column("integer", "captures that were led there")},
    ),
    "unlinked_documents": View(
        "a document that is there and that no page links to any more",
        (*_WHERE, "title", "since", "checked", "last_linked"), ("page_id",), "last_linked",
    ),
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
        (*_WHERE, "position", "part", "rel", "text", "note", "target", "heading", "target_fate"),
        ("page_id", "position"), None, {"text": Column("string", "what the link says")},
    ),
    "seen_urls": View(
        "a URL that pages of a source linked to, on whatever host, asked for or not",
        ("source_id", "municipality", "code", "url", "host", "first_seen", "last_seen", "pages", "asked"),
        ("source_id", "url"), "first_seen",
        {"url": Column("string", "the URL"), "pages": Column("integer", "pages that linked to it"),
         "asked": Column("boolean", "whether we asked for it")},
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
        ("event_id", "municipality", "code", "kind", "first_seen", "last_seen", "pages", "seen", "summary"),
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
    "page_history": View(
        "a state of a page, while it lasted",
        (*_WHERE, "revision", "state", "moved_to", "last_seen_before", "first_seen", "last_seen", "visits", "status",
         "title", "published", "updated", "reviewed", "words", "http_last_modified", "body_sha256", "first_capture",
         "last_capture", "imported"),
        ("page_id", "revision"), "first_seen", {"state": Column("string", "what we saw", get_args(State))},
    ),
    "visits": View(
        "a request, whatever came of it",
        ("capture_id", *_WHERE, "captured_at", "outcome", "status", "failure", "location", "verdict", "robots",
         "elapsed_ms", "http_last_modified"),
        ("capture_id",), "captured_at", {"url": Column("string", "what was asked for")},
    ),
    "snapshot_blocks": View(
        "a block of a page as it was captured",
        ("capture_id", *_WHERE, "captured_at", "position", "part", "kind", "level", "text"),
        ("capture_id", "position"), "captured_at",
        {"kind": Column("string", "heading, paragraph, list-item, table-row …"),
         "text": Column("string", "the block's text, one line")},
    ),
    "shared_passages": View(
        "a passage that stands on pages of several municipalities",
        ("text", "words", "municipalities", "pages", "example_a", "example_b"), ("text",), None,
        {"text": Column("string", "the passage"), "words": Column("integer", "its words")},
    ),
    "annotated_changes": View(
        "what a person said of two captures",
        ("annotation_id", "municipality", "kommun", "section", "page_id", "url", "scheme", "code", "note",
         "annotated_at", "before_at", "after_at", "capture_before", "capture_after", "classes"),
        ("annotation_id",), "annotated_at",
        {"code": Column("string", "the code of the scheme"), "note": Column("string", "in words")},
    ),
    "imports": View(
        "a file or an archive that answers were taken in from",
        ("run_id", "municipality", "code", "file", "about", "imported_at", "captures", "first_seen", "last_seen"),
        ("run_id",), "imported_at",
    ),
    "redaction_log": View(
        "what was hidden, withheld or erased, and why; not what it said",
        ("id", "url", "body_sha256", "level", "reason", "acted_at", "whole", "lifts", "by_words", "words_in",
         "words_section"), ("id",), "acted_at",
        {"reason": Column("string", "why, as a code"),
         "level": Column("string", "hidden, closed to all but the keeper, or destroyed",
                         ("hidden", "withheld", "erased")),
         "url": Column("string", "the address all of whose answers it is about; null: about one answer, or by words")},
    ),
}  # fmt: skip
"""Every view that is exported, in the order of a release. `open_pages`, `open_revisions` and `inner_text` are what the
others are made of."""


def columns_of(name: str) -> dict[str, Column]:
    """The columns of a view in their order."""
    view = VIEWS[name]
    return {column: (view.own or {}).get(column) or COLUMNS[column] for column in view.columns}

"""What changed: the front page, its feed, and the same as CSV and JSON."""

import json
from dataclasses import replace
from itertools import groupby

from archiver.asking.cards import cards
from archiver.asking.selection import LISTED, NOISE, PERIODS, SHOWN_KINDS, Selection, chosen
from archiver.asking.terms import left_out
from archiver.room import feeds
from archiver.room.frame import Answer, Ask, Row, Unreadable
from archiver.room.pages import shared
from archiver.room.selected import in_words, selected, told
from archiver.room.tally import tally
from archiver.room.told import moment

A_PAGE = 25
IN_A_FEED = 50
IN_A_FILE = 1000
_COLUMNS = ("municipality", "code", "section", "url", "revision", "last_seen_before", "seen_after", "classes", "kinds",
            "reasons", "points", "words_added", "words_removed", "links_added", "links_removed", "title_before",
            "title_after", "published_before", "published_after", "updated_before", "updated_after", "reviewed_before",
            "reviewed_after", "capture_before", "capture_after")  # fmt: skip


def changes(ask: Ask) -> Answer:
    """The changes of a selection, newest first, a page at a time."""
    selection = selected(ask)
    before = _place(ask.one("before"))
    found = chosen(ask, selection, A_PAGE + 1, before)
    listed = cards(ask, found[:A_PAGE], technical=selection.technical)
    total = tally(ask, selection)
    days = [(day, list(rows)) for day, rows in groupby(listed, key=lambda row: f"{moment(row['seen_after']):%F}")]
    return ask.render(
        "changes.html",
        selection=selection,
        total=total,
        days=[(rows[0]["seen_after"], rows) for _, rows in days],
        heaviest=selection.heaviest,
        left_out=left_out(selection.words) if selection.words else (),
        listed=listed,
        counts=total["classes"],
        offered={"classes": LISTED, "noise": NOISE, "kinds": SHOWN_KINDS, "periods": _periods(selection)},
        sources=shared.sources(ask),
        sections=shared.sections(ask),
        older=_cursor(selection, listed[-1]) if len(found) > A_PAGE and listed else None,
        is_first=before is None,
        narrowed=_narrowed(ask, selection),
        feed=ask.feed("/changes.atom", selection.args),
        last=shared.last_run(ask),
        area="changes",
    )


def feed(ask: Ask) -> Answer:
    """A selection as an Atom feed (RFC 4287). An entry's id is made of its two captures and never changes."""
    selection = replace(selected(ask), heaviest=False)
    listed = cards(ask, chosen(ask, selection, IN_A_FEED), technical=selection.technical)
    title = ": ".join(part for part in (ask.told["changes_title"], told(ask, selection)) if part)
    return feeds.answer(ask, title, ask.url("/", selection.args), listed)


def as_csv(ask: Ask) -> Answer:
    """A selection as CSV, the newest thousand."""
    return shared.as_csv("changes", _COLUMNS, map(_flat, _for_a_file(ask)))


def as_json(ask: Ask) -> Answer:
    """A selection as JSON, with its words and links."""
    rows = [
        _flat(row) | {
            "passages": [[{"op": op, "text": text} for op, text in spans] for spans in row["passages"]],
            "links": [{k: v for k, v in link.items() if k != "revision_id"} for link in row["links"]],
            "compare": ask.origin + f"/compare/{row['capture_before']}..{row['capture_after']}",
        }
        for row in _for_a_file(ask)
    ]  # fmt: skip
    text = json.dumps({"changes": rows}, ensure_ascii=False, default=str)
    return Answer(text, 200, "application/json; charset=utf-8")


def _for_a_file(ask: Ask) -> list[Row]:
    selection = selected(ask)
    return cards(ask, chosen(ask, selection, IN_A_FILE), technical=selection.technical)


def _flat(row: Row) -> Row:
    told = {name: row[name] for name in _COLUMNS if name in row}
    return told | {"classes": " ".join(row["classes"]), "kinds": " ".join(k for k in row["kinds"] if k in SHOWN_KINDS)}


def _narrowed(ask: Ask, selection: Selection) -> list[tuple[str, str]]:
    """What the selection is narrowed by beside the fields that are always seen: in words, and the way without it."""
    found = []
    for name, value in selection.args:
        if name not in ("q", "m", "days", "order"):
            rest = [(n, v) for n, v in selection.args if (n, v) != (name, value)]
            found.append((in_words(ask, name, str(value)), ask.url("/", rest)))
    return found


def _periods(selection: Selection) -> list[int]:
    """Days back that are offered, and what was chosen by hand."""
    return sorted({*PERIODS, *([selection.days] if selection.days else [])})


def _cursor(selection: Selection, row: Row) -> str:
    return f"{row['points'] if selection.heaviest else row['seen_after']},{row['revision_id']}"


def _place(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    at, _, number = text.rpartition(",")
    if not (number.isascii() and number.isdigit() and len(number) < 19 and at):
        raise Unreadable("before", text, "2026-10-31T06:00:00Z,1")
    return at, int(number)

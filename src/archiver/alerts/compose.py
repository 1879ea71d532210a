"""Changes as one message: a subject, plain text, HTML, and JSON. Whatever a site said is drawn, and escaped. Pure.

The rows are those of the front page's cards (`asking.cards`): what the public views show, and nothing else.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from archiver.alerts.wording import WORDS, counted, moment
from archiver.model import Alert
from archiver.publish.visible import visible
from archiver.publish.words import BADGES, REASONS
from archiver.publish.words import WORDS as PUBLISHED

Row = Mapping[str, Any]
FORMAT = "archiver-alert/1"
"""The shape of the JSON: another number is another shape. Keys may be added under the same."""
_SUBJECT = 150
_LINKS = 10
_DATES = ("published", "updated", "reviewed")
_STATES = {"present": "back", "gone": "gone", "moved": "moved"}
_STYLE = {
    "added": ("ins", "background:#d8f3dc;color:#10331a;text-decoration:underline"),
    "removed": ("del", "background:#fde2e1;color:#4a0f0c;text-decoration:line-through"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, whichever way."""

    key: str  # the same at every try
    subject: str
    text: str
    html: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the changes."""

    key: str
    made_at: str
    room: str | None = None  # where the reading room is
    more: str | None = None  # the address there that shows the whole filter
    contact: str = ""  # whom to ask to be left alone
    test: bool = False


def compose(alert: Alert, rows: Sequence[Row], frame: Frame) -> Letter:
    """The message that tells of these changes."""
    shown, rest = rows[: alert.most], max(0, len(rows) - alert.most)
    changes = [_told(alert, row, frame) for row in shown]
    return Letter(
        frame.key,
        subject(alert, rows, test=frame.test),
        _text(alert, changes, rest, len(rows), frame),
        _html(alert, changes, rest, len(rows), frame),
        payload(alert, rows, frame),
    )


def subject(alert: Alert, rows: Sequence[Row], *, test: bool = False) -> str:
    """One line: of one change its place, title and classes; of several how many."""
    if len(rows) == 1:
        row = rows[0]
        names = ", ".join(_classes(alert, row))
        said = f"{row['municipality']}: {_title(row)}"
        said = _cut(said, _SUBJECT - len(names) - 3) + (f" ({names})" if names else "")
    else:
        said = f"{alert.title}: {counted(alert.lang, 'changes', len(rows))}"
    return _cut(visible(f"[{'prov' if alert.lang == 'sv' else 'test'}] {said}" if test else said), _SUBJECT)


def payload(alert: Alert, rows: Sequence[Row], frame: Frame) -> bytes:
    """The message for a program, as docs/alerts.md describes it: JSON in UTF-8."""
    told = {
        "format": FORMAT,
        "id": frame.key,
        "alert": alert.name,
        "title": alert.title,
        "test": frame.test,
        "made_at": frame.made_at,
        "count": len(rows),
        "changes": [_as_object(row, frame) for row in rows],
    }
    return json.dumps(told, ensure_ascii=True).encode("ascii")


def _as_object(row: Row, frame: Frame) -> dict[str, object]:
    event = row["event"]
    return {
        "municipality": row["municipality"],
        "code": row["code"],
        "section": row["section"],
        "title": _title(row),
        "url": row["url"],
        "state_before": row["state_before"],
        "state_after": row["state_after"],
        "last_seen_before": row["last_seen_before"],
        "seen_after": row["seen_after"],
        "classes": list(row["classes"]),
        "kinds": [kind for kind in row["kinds"] if kind != "responsible"],
        "reasons": [{"name": name, "points": points} for name, points in row["why"]],
        "points": row["points"],
        "dates": {name: {"before": row[f"{name}_before"], "after": row[f"{name}_after"]} for name in _DATES},
        "passages": [[{"op": op, "text": text} for op, text in runs] for runs in row["passages"]],
        "more_passages": row["more"],
        "links": [{key: value for key, value in link.items() if key != "revision_id"} for link in row["links"]],
        "people": [{key: value for key, value in edit.items() if key != "revision_id"} for edit in row["people"]],
        "event": {"kind": event["kind"], "pages": event["pages"]} if event else None,
        "embargo": bool(row["closed"]),
        "capture_before": row["capture_before"],
        "capture_after": row["capture_after"],
        "compare": permalink(row, frame),
    }


def permalink(row: Row, frame: Frame) -> str | None:
    """The comparison in the reading room, made of captures: no rebuild moves it. None where no room is known."""
    return f"{frame.room}/compare/{row['capture_before']}..{row['capture_after']}" if frame.room else None


@dataclass(frozen=True, slots=True)
class _Told:
    """One change in words."""

    title: str
    municipality: str
    url: str
    facts: tuple[str, ...]
    passages: tuple[tuple[tuple[str, str], ...], ...]
    behind: tuple[str, ...]
    link: str  # where to compare; a command where there is no room
    is_link: bool


def _told(alert: Alert, row: Row, frame: Frame) -> _Told:
    link = permalink(row, frame)
    return _Told(
        title=visible(_title(row)),
        municipality=visible(row["municipality"]),
        url=visible(row["url"]),
        facts=tuple(map(visible, _facts(alert, row))),
        passages=tuple(tuple((op, visible(text)) for op, text in runs) for runs in row["passages"]),
        behind=tuple(map(visible, _behind(alert, row))),
        link=link or f"archiver diff c{row['capture_before']} c{row['capture_after']}",
        is_link=link is not None,
    )


def _facts(alert: Alert, row: Row) -> Iterator[str]:
    """What stands before the words: the window, the classes, what became of the page."""
    words, zone = WORDS[alert.lang], ZoneInfo(alert.rhythm.zone)
    first, last = (moment(row[name], alert.lang, zone) for name in ("last_seen_before", "seen_after"))
    yield words["between"].format(first, last, alert.rhythm.zone)
    if names := _classes(alert, row):
        yield ", ".join(names)
    if row["event"] and row["folded"]:
        yield words["pages"].format(row["event"]["pages"])
    if row["state_after"] != row["state_before"]:
        yield words[_STATES[row["state_after"]]]


def _behind(alert: Alert, row: Row) -> Iterator[str]:
    """What stands after the words: links, people, title, the page's own dates, and why it may matter."""
    words, published = WORDS[alert.lang], PUBLISHED[alert.lang]
    if row["more"]:
        yield counted(alert.lang, "more", row["more"])
    if row["closed"]:
        yield words["embargo"]
    if "payload" in row["kinds"] and not row["passages"]:
        yield published["file_changed"]
    for link in row["links"][:_LINKS]:
        noun = "document" if link["rel"] == "attachment" else "link"
        yield f"{published[noun + '_' + link['op']]}: {link['text'] or published['no_text']}"
    if len(row["links"]) > _LINKS:
        yield counted(alert.lang, "more_links", len(row["links"]) - _LINKS)
    for edit in row["people"]:
        party = f" ({edit['party']})" if edit["party"] else ""
        former = f", {words['former'].format(edit['former'])}" if edit["former"] else ""
        yield f"{words[edit['op']]}: {edit['role'] or words['person']}{party}{former}"
    if row["state_before"] == row["state_after"]:
        for name in ("title", *_DATES):
            before, after = row[f"{name}_before"], row[f"{name}_after"]
            if before != after:
                yield f"{published[name]}: {before or published['none']} → {after or published['none']}"
    if "responsible" in row["kinds"]:
        yield published["responsible"]
    if row["why"]:
        at = 0 if alert.lang == "sv" else 1
        reasons = (f"{REASONS[name][at] if name in REASONS else name} ({points:+d})" for name, points in row["why"])
        yield f"{words['why']}: {', '.join(reasons)}"


def _classes(alert: Alert, row: Row) -> list[str]:
    at = 2 if alert.lang == "sv" else 3
    return [BADGES[name][at] for name in row["classes"] if name in BADGES]


def _title(row: Row) -> str:
    return str(row["title_after"] or row["title_before"] or row["url"])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(1, most - 1)].rstrip() + "…"


def _stop(alert: Alert, frame: Frame) -> str:
    words = WORDS[alert.lang]
    how = words["stop_ask"].format(frame.contact) if frame.contact else words["stop_self"]
    return f"{words['stop'].format(alert.title, alert.name)} {how}"


def _rest(alert: Alert, rest: int, frame: Frame) -> str:
    return counted(alert.lang, "rest", rest) + (f": {frame.more}" if frame.more else "") if rest else ""


def _text(alert: Alert, changes: Sequence[_Told], rest: int, count: int, frame: Frame) -> str:
    words = WORDS[alert.lang]
    head = [visible(alert.title), words["test"] if frame.test else counted(alert.lang, "changes", count), ""]
    body = [line for change in changes for line in (*_lines(change), "")]
    tail = [line for line in (_rest(alert, rest, frame), words["window"]) if line]
    return "\n".join([*head, *body, *tail, "", "-- ", _stop(alert, frame), ""])


def _lines(change: _Told) -> Iterable[str]:
    yield f"* {change.title}, {change.municipality}"
    yield f"  {change.url}"
    for fact in change.facts:
        yield f"  {fact}"
    for runs in change.passages:
        for sign, op in (("−", "removed"), ("+", "added")):
            if any(name == op for name, _ in runs):
                said = "".join(text for name, text in runs if name in ("same", op))
                yield f"  {sign} {' '.join(said.split())}"
    for line in change.behind:
        yield f"  {line}"
    yield f"  {change.link}"


def _html(alert: Alert, changes: Sequence[_Told], rest: int, count: int, frame: Frame) -> str:
    words = WORDS[alert.lang]
    lead = words["test"] if frame.test else counted(alert.lang, "changes", count)
    parts = [
        f'<!doctype html>\n<html lang="{alert.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(visible(alert.title))}</title></head>",
        '<body style="font-family:sans-serif;line-height:1.5;max-width:44em">',
        f"<h1 style='font-size:1.2em'>{escape(visible(alert.title))}</h1>\n<p>{escape(lead)}</p>",
        *(_card(change, words) for change in changes),
        *([f"<p>{escape(_rest(alert, rest, frame))}</p>"] if rest else []),
        f"<p>{escape(words['window'])}</p>\n<hr>\n<p><small>{escape(_stop(alert, frame))}</small></p>",
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _card(change: _Told, words: Mapping[str, str]) -> str:
    passages = "".join(f"<p>{''.join(_run(op, text) for op, text in runs)}</p>\n" for runs in change.passages)
    facts, behind = ("".join(f"{escape(line)}<br>\n" for line in lines) for lines in (change.facts, change.behind))
    link = f'<a href="{escape(change.link)}">{escape(words["compare"])}</a>'
    where = link if change.is_link else f"<code>{escape(change.link)}</code>"
    return (
        f"<h2 style='font-size:1em'>{escape(change.title)}, {escape(change.municipality)}</h2>\n"
        f"<p>{escape(change.url)}<br>\n{facts}</p>\n{passages}<p>{behind}{where}</p>"
    )


def _run(op: str, text: str) -> str:
    if op not in _STYLE:
        return escape(text)
    name, style = _STYLE[op]
    return f'<{name} style="{style}">{escape(text)}</{name}>'

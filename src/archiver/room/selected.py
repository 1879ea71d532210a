"""What a reader of the room chose: from the parameters of a URL, and in words."""

from contextlib import suppress

from archiver.asking.municipalities import find_held
from archiver.asking.selection import SHOWN_KINDS, Selection
from archiver.errors import NotFound
from archiver.publish.words import CLASSES, DOCUMENT_REMOVED
from archiver.room.frame import Ask, Unreadable
from archiver.room.template import badge


def selected(ask: Ask) -> Selection:
    """What the parameters say; what names nothing we know is left out. Raises Unreadable."""
    since, until = ask.day("since"), ask.day("until")
    if since and until and since > until:
        raise Unreadable("until", until, since)
    return Selection(
        words=ask.one("q"),
        op=ask.one("op") if ask.one("op") in ("added", "removed") else "",
        source=_source(ask, ask.one("m")),
        county=ask.one("county"),
        section=ask.one("section"),
        classes=tuple(c for c in ask.many("class") if c in CLASSES or c == DOCUMENT_REMOVED),
        kinds=tuple(k for k in ask.many("kind") if k in SHOWN_KINDS),
        days=ask.whole("days", 36_500) or None,
        since=since,
        until=until,
        weight=ask.whole("weight", 1000) or None,
        noise=ask.one("noise") == "1",
        technical=ask.one("technical") == "1",
        heaviest=ask.one("order") == "weight",
        event=ask.whole("event"),
        page=ask.whole("page"),
    )


def _source(ask: Ask, name: str) -> str:
    """By what the addresses of this room name a municipality; of one that is not here, what was asked for."""
    if not name:
        return ""
    with suppress(NotFound):
        held = find_held(ask.conn, name)
        return held.code or held.source
    return name


def told(ask: Ask, selection: Selection) -> str:
    """What a selection is narrowed to, in words; '' where nothing narrows it."""
    return ", ".join(in_words(ask, name, str(value)) for name, value in selection.args if name != "order")


def in_words(ask: Ask, name: str, value: str) -> str:
    """One parameter of a selection, as the reader reads it."""
    if name == "m":
        row = ask.row("SELECT municipality FROM sources WHERE :it IN (code, id)", it=value)
        return row["municipality"] if row else value
    if name == "days":
        return ask.told.counted("last_days", int(value))
    if name == "class":
        known = badge(value, ask.lang)
        return known[2] if known else value
    if name in ("kind", "op"):
        return ask.told[f"kind_{value}"] if name == "kind" else ask.told[value]
    said = ask.told.said(f"chosen_{name}")
    return said.format(value) if said else value

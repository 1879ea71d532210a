"""What a reader of the room chose, from the parameters of a URL."""

from archiver.asking.selection import DOCUMENT_REMOVED, SHOWN_KINDS, Selection
from archiver.publish.words import CLASSES
from archiver.room.frame import Ask, Unreadable


def selected(ask: Ask) -> Selection:
    """What the parameters say; what names nothing we know is left out. Raises Unreadable."""
    since, until = ask.day("since"), ask.day("until")
    if since and until and since > until:
        raise Unreadable("until", until, since)
    return Selection(
        words=ask.one("q"),
        op=ask.one("op") if ask.one("op") in ("added", "removed") else "",
        source=ask.one("m"),
        county=ask.one("county"),
        section=ask.one("section"),
        classes=tuple(c for c in ask.many("class") if c in CLASSES or c == DOCUMENT_REMOVED),
        kinds=tuple(k for k in ask.many("kind") if k in SHOWN_KINDS),
        days=ask.whole("days", 36_500) or None,
        since=since,
        until=until,
        weight=ask.whole("weight", 1000) or None,
        noise=ask.one("noise") == "1",
        heaviest=ask.one("order") == "weight",
        event=ask.whole("event"),
        page=ask.whole("page"),
    )

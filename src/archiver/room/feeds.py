"""Changes as an Atom feed (RFC 4287). Pure of time: what it says was updated is when we saw it."""

from xml.sax.saxutils import escape, quoteattr

from archiver.publish.visible import visible
from archiver.room.frame import Answer, Ask, Row
from archiver.room.template import badge, render
from archiver.room.told import ZONE

ATOM = "application/atom+xml; charset=utf-8"
_TAG = "tag:archiver.invalid,2026:compare"
"""Tag URIs (RFC 4151) of changes: made of captures, so that neither a move of the room nor a rebuild alters them."""


def answer(ask: Ask, title: str, page: str, rows: list[Row]) -> Answer:
    """A feed of changes; `page` is the room's page that shows the same."""
    here = ask.origin + ask.here()[len(ask.base) :]
    shown = ask.origin + page[len(ask.base) :]
    updated = max((row["seen_after"] for row in rows), default="1970-01-01T00:00:00Z")
    entries = "".join(_entry(ask, row) for row in rows)
    return Answer(
        f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{ask.lang}">
<id>{_text(here)}</id>
<title>{_text(f"{title} · archiver")}</title>
<updated>{updated}</updated>
<author><name>archiver</name></author>
<link rel="self" type="application/atom+xml" href={quoteattr(here)}/>
<link rel="alternate" type="text/html" href={quoteattr(shown)}/>
{entries}</feed>
""",
        200,
        ATOM,
    )


def _entry(ask: Ask, row: Row) -> str:
    pair = f"{row['capture_before']}..{row['capture_after']}"
    names = [found[2] for name in row["classes"] if (found := badge(name, ask.lang))]
    title = row["title_after"] or row["title_before"] or row["url"]
    told = f"{row['municipality']}: {title}" + (f" ({', '.join(names)})" if names else "")
    body = render("entry.html", ask=ask, t=ask.told, lang=ask.lang, c=row, zone=ZONE)
    categories = "".join(f"<category term={quoteattr(name)}/>" for name in row["classes"])
    return f"""<entry>
<id>{_TAG}:{pair}</id>
<title>{_text(told)}</title>
<updated>{row["seen_after"]}</updated>
<link rel="alternate" type="text/html" href={quoteattr(f"{ask.origin}/compare/{pair}")}/>
{categories}
<content type="html">{_text(body)}</content>
</entry>
"""


def _text(text: str) -> str:
    """Text for XML: escaped, and without what XML 1.0 has no place for."""
    return escape("\n".join(visible(line) for line in text.splitlines()))

"""A selection as an alert: the file that whoever runs the archive writes, ready to be pasted."""

import json
from dataclasses import replace

from archiver.asking.selection import Selection
from archiver.errors import NotFound
from archiver.room.frame import Answer, Ask
from archiver.room.pages import shared
from archiver.room.selected import selected, told

NAME = {"sv": "min-bevakning", "en": "my-alert"}
"""What the file is called until somebody calls it something else."""
_TO = "namn@example.org"
"""Nobody's address (RFC 2606 §3), until somebody writes another."""


def alert(ask: Ask) -> Answer:
    """How one is told of what is new in a selection. Days, order, a single event and what may be ours fall away."""
    chosen = replace(
        selected(ask), days=None, since=None, until=None, event=None, heaviest=False, technical=False
    )  # fmt: skip
    url, page = _page(ask, chosen.page) if chosen.page else (None, "")
    narrowed = (page, told(ask, replace(chosen, page=None)))
    title = ", ".join(word for word in narrowed if word) or ask.told["alert_of_all"]
    name = NAME[ask.lang]
    feed = ask.feed("/changes.atom", chosen.args)
    return ask.render(
        "alert.html",
        title=title,
        name=name,
        what=ask.told["watch_page" if url else "be_told"],
        file=as_toml(name, title, ask.lang, chosen, url),
        back=ask.url("/", chosen.args),
        feed=feed,
        last=shared.last_run(ask),
        area="changes",
    )


def as_toml(name: str, title: str, lang: str, chosen: Selection, page: str | None) -> str:
    """The file of config/alerts/ for a selection: told by mail, every morning, until somebody writes another rhythm."""
    head = [f"# config/alerts/{name}.toml", f"title = {_quoted(title)}", f"lang  = {_quoted(lang)}",
            f"to    = [{_quoted(_TO)}]", 'every = "day"', 'at    = "07:00"']  # fmt: skip
    said = {
        "words": chosen.words, "op": chosen.op if chosen.words else "", "municipality": chosen.source,
        "county": chosen.county, "section": chosen.section, "page": page, "classes": list(chosen.classes),
        "kinds": list(chosen.kinds), "weight": chosen.weight, "noise": chosen.noise,
    }  # fmt: skip
    narrowed = [f"{key} = {_value(value)}" for key, value in said.items() if value]
    return "\n".join([*head, *(["", "[filter]", *narrowed] if narrowed else [])]) + "\n"


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_quoted, value))}]"
    return _quoted(value) if isinstance(value, str) else str(value).lower()


def _quoted(text: str) -> str:
    """A basic string (TOML 1.0): JSON's, but for DEL, which JSON leaves as it is and TOML forbids."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _page(ask: Ask, page: int) -> tuple[str, str]:
    """A page's address, and what it is called."""
    row = ask.row("SELECT url, title FROM current_pages WHERE page_id = :page", page=page)
    if row is None:
        raise NotFound(f"there is no page {page}")
    return row["url"], row["title"] or row["url"]

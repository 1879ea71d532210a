"""Articles in a small shorthand, dressed in the markup of three content management systems.

The shorthand has a block a line: '## ' and '### ' headings, '- ' list items, '| a | b' table rows (the first one
names the columns), '? question | answer' accordion, '! ' a fact box (its first line is its heading), anything else a
paragraph. Inside a line `[words](/address "note")` is a link.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from itertools import groupby

MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
          "november", "december")  # fmt: skip
_LINK = re.compile(r'\[([^\]]+)\]\(([^)\s]+)(?: "([^"]*)")?\)')
_PREFIXES = {"## ": "heading", "### ": "subheading", "- ": "item", "| ": "row", "? ": "question", "! ": "fact"}


@dataclass(frozen=True, slots=True)
class Article:
    """One page as its editor thinks of it."""

    path: str
    title: str
    body: str
    published: str | None = None  # ISO day, or day and time
    updated: str | None = None
    reviewed: str | None = None
    stamp: str = ""  # how the page prints its dates: a name in its theme's `stamps`
    caption: str = ""  # of a picture above the title


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page of a site."""

    name: str  # 'Sjöberga kommun'
    base: str  # 'http://127.0.0.1:8000'
    menu: tuple[tuple[str, str], ...]  # (path, words)
    banner: str = ""
    nonce: str = ""  # differs with every page and day, as real pages do


@dataclass(frozen=True, slots=True)
class Theme:
    """One CMS's markup, as templates."""

    page: str
    paragraph: str
    heading: str
    items: str
    item: str
    table: str
    question: str
    fact: str
    outside: str  # a link to another site
    file: str  # a link to a document
    banner: str
    figure: str
    stamps: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # (above the text, below it)


class Day:
    """A date that prints itself: `format(Day('2026-02-24'), 'long')` is '24 februari 2026'."""

    def __init__(self, iso: str | None) -> None:
        self._iso = iso or ""

    def __format__(self, form: str) -> str:
        if not self._iso:
            return ""
        moment = datetime.fromisoformat(self._iso)
        return _FORMS[form](moment)


_FORMS: Mapping[str, Callable[[datetime], str]] = {
    "iso": lambda d: d.date().isoformat(),
    "time": lambda d: d.isoformat(),
    "long": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "short": lambda d: f"{d.day:02} {MONTHS[d.month - 1][:3]} {d.year}",
    "clock": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year} kl. {d.hour:02}.{d.minute:02}",
}


def dress(article: Article, theme: Theme, frame: Frame) -> str:
    """The whole HTML page."""
    above, below = theme.stamps.get(article.stamp, ("", ""))
    dates = {"p": Day(article.published), "u": Day(article.updated), "r": Day(article.reviewed)}
    return theme.page.format(
        **dates,
        title=escape(article.title),
        site=escape(frame.name),
        url=frame.base + article.path,
        path=article.path,
        nonce=frame.nonce,
        meta=_meta(article, dates),
        menu="\n".join(f'<li><a href="{path}">{escape(words)}</a></li>' for path, words in frame.menu),
        banner=theme.banner.format(escape(frame.banner)) if frame.banner else "",
        figure=theme.figure.format(escape(article.caption)) if article.caption else "",
        above=above.format(**dates),
        below=below.format(**dates),
        body="\n".join(_render(article.body, theme)),
    )


def _meta(article: Article, dates: Mapping[str, Day]) -> str:
    """The dates as WordPress themes put them in the head."""
    rows = [("pubdate", article.published, "p"), ("moddate", article.updated, "u")]
    return "\n".join(f'<meta name="{name}" content="{dates[key]:iso}">' for name, value, key in rows if value)


def _render(body: str, theme: Theme) -> Iterator[str]:
    lines = [line.strip() for line in body.strip().splitlines() if line.strip()]
    for kind, group in groupby(lines, _kind):
        rows = [line[line.index(" ") + 1 :] if kind != "paragraph" else line for line in group]
        yield from _BLOCKS[kind](rows, theme)


def _kind(line: str) -> str:
    return next((kind for prefix, kind in _PREFIXES.items() if line.startswith(prefix)), "paragraph")


def _inline(text: str, theme: Theme) -> str:
    """A line's words and links."""
    out, done = [], 0
    for match in _LINK.finditer(text):
        words, target, note = escape(match[1]), match[2], escape(match[3] or "")
        out.append(escape(text[done : match.start()], quote=False))
        if target.endswith(".pdf"):
            out.append(theme.file.format(target=target, words=words, note=note))
        elif target.startswith("http"):
            out.append(theme.outside.format(target=target, words=words))
        else:
            out.append(f'<a href="{target}">{words}</a>')
        done = match.end()
    return "".join([*out, escape(text[done:], quote=False)])


def _each(template: Callable[[Theme], str], level: int = 0) -> "Callable[[list[str], Theme], Iterator[str]]":
    return lambda rows, theme: (template(theme).format(_inline(row, theme), level=level) for row in rows)


def _list(rows: list[str], theme: Theme) -> Iterator[str]:
    yield theme.items.format("\n".join(theme.item.format(_inline(row, theme)) for row in rows))


def _table(rows: list[str], theme: Theme) -> Iterator[str]:
    def cells(row: str, tag: str) -> str:
        return "".join(f"<{tag}>{_inline(cell.strip(), theme)}</{tag}>" for cell in row.split("|"))

    head, *rest = rows
    body = "\n".join(f"<tr>{cells(row, 'td')}</tr>" for row in rest)
    yield theme.table.format(head=cells(head, "th"), body=body)


def _questions(rows: list[str], theme: Theme) -> Iterator[str]:
    for number, row in enumerate(rows, 1):
        question, _, answer = row.partition(" | ")
        yield theme.question.format(n=number, question=escape(question), answer=_inline(answer, theme))


def _fact(rows: list[str], theme: Theme) -> Iterator[str]:
    words = "\n".join(f"<p>{_inline(row, theme)}</p>" for row in rows[1:])
    yield theme.fact.format(heading=escape(rows[0]), words=words)


_BLOCKS: Mapping[str, Callable[[list[str], Theme], Iterator[str]]] = {
    "paragraph": _each(lambda t: t.paragraph),
    "heading": _each(lambda t: t.heading, 2),
    "subheading": _each(lambda t: t.heading, 3),
    "item": _list,
    "row": _table,
    "question": _questions,
    "fact": _fact,
}

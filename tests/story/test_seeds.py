"""The two seed pages: their structure in a CMS's markup reads to exactly their dates, title, blocks and links."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.config import load, packaged
from archiver.extract import choose, read
from archiver.extract.page.links import kind
from archiver.model import Facts, Reading

AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SEEDS = Path(__file__).parents[1] / "seeds"
CONFIG = load(packaged())


def reading_of(body: str, url: str) -> Reading:
    facts = Facts(url=url, at=AT, content_type="text/html; charset=utf-8")
    found = read(body.encode(), facts, choose(body.encode(), facts, CONFIG.readers))
    assert isinstance(found, Reading)
    return found


@pytest.mark.parametrize("name", ["nyhet", "styrning"])
def test_a_page_in_the_form_of_a_seed_reads_to_exactly_what_it_says(name: str) -> None:
    expected = json.loads((SEEDS / f"{name}.json").read_text("utf-8"))

    found = reading_of((SEEDS / f"{name}.html").read_text("utf-8"), expected["url"])

    document = found.document
    assert document is not None
    assert (found.verdict, found.profile, document.language) == ("good", "sitevision", "sv")
    assert {n: getattr(document, n) for n in ("title", "published", "updated", "reviewed", "created")} == {
        n: expected[n] for n in ("title", "published", "updated", "reviewed", "created")
    }
    assert [[b.kind, b.level, b.text] for b in document.blocks if b.part == "main"] == expected["blocks"]
    links = [[k.target, k.text, kind(k, expected["url"]), k.note] for k in document.links if k.part == "main"]
    assert links == expected["links"]
    claims = [[c.meaning, c.label, c.raw, c.value, c.precision, c.witness, c.believed] for c in document.claims]
    assert claims == expected["claims"]


# the real texts, in whatever markup ------------------------------------------------------------------

DATES = re.compile(r"(Publiceringsdatum|Senast uppdaterad|Publicerad|Sidan uppdaterades senast):\s*(.*)")
SITEVISION = '<meta name="generator" content="Sitevision 10.2">'
WORDPRESS = '<meta name="generator" content="WordPress 6.5">'
Markup = Callable[[list[str], str], str]


def _title_as_h1(line: str, title: str, otherwise: str = "p") -> str:
    tag = "h1" if line == title else otherwise
    return f"<{tag}>{html.escape(line)}</{tag}>"


def _page(body: str, title: str, head: str = "") -> str:
    whole = f"<head><title>{html.escape(title)}</title>{head}</head><body>{body}</body>"
    return f'<!DOCTYPE html><html lang="sv">{whole}</html>'


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    """The text, and the box of dates at its foot."""
    foot = next(i for i, line in enumerate(lines) if i > 5 and (line == "Sidinformation" or DATES.match(line)))
    return lines[:foot], lines[foot:]


def div_per_line(lines: list[str], title: str) -> str:
    return _page("<main>" + "".join(_title_as_h1(line, title, "div") for line in lines) + "</main>", title)


def paragraphs(lines: list[str], title: str) -> str:
    return _page("<main>" + "".join(_title_as_h1(line, title) for line in lines) + "</main>", title)


def everything_in_an_article(lines: list[str], title: str) -> str:
    return _page("<article>" + "".join(_title_as_h1(line, title) for line in lines) + "</article>", title)


def no_landmarks_at_all(lines: list[str], title: str) -> str:
    return _page("".join(_title_as_h1(line, title) for line in lines), title)


def line_breaks(lines: list[str], title: str) -> str:
    text, foot = _split(lines)
    body = "".join(_title_as_h1(line, title) for line in text)
    return _page(f"<main>{body}<p>{'<br>'.join(map(html.escape, foot))}</p></main>", title)


def portlets(lines: list[str], title: str) -> str:
    text, foot = _split(lines)
    body = "".join(_title_as_h1(line, title) for line in text)
    inner = (
        f'<div class="sv-text-portlet sv-use-margins"><div class="sv-text-portlet-content">{body}</div></div>'
        f'<div class="sv-script-portlet"><div>{"".join(f"<div>{html.escape(line)}</div>" for line in foot)}</div></div>'
    )
    return _page(f'<div class="sv-layout pagecontent" id="svid10_1"><main>{inner}</main></div>', title, SITEVISION)


def definitions(lines: list[str], title: str) -> str:
    text, foot = _split(lines)
    rows, waiting = [], ""
    for line in foot:
        found = DATES.match(line)
        if found:
            rows.append(f"<dt>{found[1]}:</dt>" + (f"<dd>{found[2]}</dd>" if found[2] else ""))
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", line):
            rows.append(f"<dd>{line}</dd>")
        else:
            waiting += f"<h2>{html.escape(line)}</h2>"
    body = "".join(_title_as_h1(line, title) for line in text)
    return _page(f"<main>{body}{waiting}<dl>{''.join(rows)}</dl></main>", title, SITEVISION)


def dates_in_the_footer(lines: list[str], title: str) -> str:
    text, foot = _split(lines)
    body = "".join(_title_as_h1(line, title) for line in text)
    return _page(f"<main>{body}</main><footer>{''.join(f'<p>{line}</p>' for line in foot)}</footer>", title)


def spans_in_a_box(lines: list[str], title: str) -> str:
    text, foot = _split(lines)
    body = "".join(_title_as_h1(line, title) for line in text)
    box = "".join(f"<span>{html.escape(line)}</span>\n" for line in foot)
    return _page(f'<div id="content">{body}<div class="page-info">{box}</div></div>', title, WORDPRESS)


def table_rows(lines: list[str], title: str) -> str:
    text, foot = _split(lines)
    joined = re.sub(r":\n(?=\d{4})", ": ", "\n".join(foot)).splitlines()
    rows = "".join(
        f"<tr><th>{m[1]}</th><td>{m[2]}</td></tr>" if (m := DATES.match(line)) else f"<tr><td>{line}</td></tr>"
        for line in joined
    )
    return _page(f"<main>{''.join(_title_as_h1(x, title) for x in text)}<table>{rows}</table></main>", title)


def time_elements(lines: list[str], title: str) -> str:
    text, foot = _split(lines)
    stamped = [re.sub(r"(\d{4}-\d\d-\d\d)", r'<time datetime="\1">\1</time>', html.escape(line)) for line in foot]
    body = "".join(_title_as_h1(line, title) for line in text)
    return _page(f"<main>{body}{''.join(f'<p>{line}</p>' for line in stamped)}</main>", title)


def title_of_the_head_only(lines: list[str], title: str) -> str:
    return _page("<main>" + "".join(f"<p>{html.escape(line)}</p>" for line in lines) + "</main>", title)


MARKUPS: list[Markup] = [
    div_per_line, paragraphs, everything_in_an_article, no_landmarks_at_all, line_breaks, portlets, definitions,
    dates_in_the_footer, spans_in_a_box, table_rows, time_elements, title_of_the_head_only,
]  # fmt: skip


@pytest.mark.corpus
@pytest.mark.parametrize("markup", MARKUPS, ids=lambda m: m.__name__)
@pytest.mark.parametrize("name", ["gallivare.txt", "gislaved.txt"])
def test_the_real_text_gives_its_dates_in_whatever_markup(corpus: Path, name: str, markup: Markup) -> None:
    expected = json.loads((corpus / "seeds" / "expected.json").read_text("utf-8"))[name]
    lines = [line.strip() for line in (corpus / "seeds" / name).read_text("utf-8").splitlines() if line.strip()]

    document = reading_of(markup(lines, expected["title"]), expected["url"]).document

    assert document is not None
    assert {n: getattr(document, n) for n in ("title", "published", "updated")} == {
        n: expected[n] for n in ("title", "published", "updated")
    }

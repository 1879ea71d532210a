"""Readings and tallies as a person reads them in a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from archiver.cli.console import Out
from archiver.crawl.tally import Tally
from archiver.extract.explain import Explanation
from archiver.extract.page.links import kind
from archiver.frontier import scope
from archiver.model import About, Block, Claim, Document, Reading, Source, Unread
from archiver.publish.visible import visible

if TYPE_CHECKING:
    from archiver.config import Config

LONGEST = 100
"""Characters of a line in an explanation."""
FIRST = 12
"""How many blocks and links are shown before the rest is a count."""
BLOCK_SIGNS = {"title": "#", "heading": "#", "list-item": "•", "table-row": "|", "quote": ">", "caption": "~"}


def show_reading(url: str, reading: Reading | Unread, config: "Config") -> None:
    """Print what was read of a page and why: verdict, dates with witnesses, first blocks, links."""
    out = Out(soft_wrap=True)
    _say(out, url, "bold")
    if isinstance(reading, Unread):
        _say(out, f"unread     {reading.why}: {reading.detail}", "red")
        return
    _say(out, f"verdict    {reading.verdict}{f' ({reading.reason})' if reading.reason else ''}")
    _say(out, f"profile    {reading.profile}")
    if reading.document is not None:
        _show_document(out, url, reading.document, config.source_of(url))
    for notice in reading.notices:
        _say(out, f"notice     {notice.text}", "yellow")


def _say(out: Out, text: str, style: str = "") -> None:
    """A line; what came from a site is drawn, and steers neither the terminal nor us."""
    out.print(Text(visible(text), style=style))


def _show_document(out: Out, url: str, document: Document, source: Source | None) -> None:
    _say(out, f"title      {document.title or '(none)'}")
    for meaning in ("published", "updated", "reviewed", "created", "responsible"):
        _say(out, f"{meaning:11} {getattr(document, meaning) or '–'}")
    for claim in document.claims:
        _show_claim(out, claim)
    _show_about(out, document.about)
    _say(out, "")
    if document.legible != "yes":
        _say(out, f"legible: {document.legible} ({document.kind})", "yellow")
    _say(out, f"{document.words} words in the main text; language {document.language or '–'}", "dim")
    for block in document.blocks[:FIRST]:
        _show_block(out, block)
    if len(document.blocks) > FIRST:
        _say(out, f"  … and {len(document.blocks) - FIRST} more blocks", "dim")
    _show_links(out, url, document, source)


def _show_block(out: Out, block: Block) -> None:
    line = Text(visible(f"  {BLOCK_SIGNS.get(block.kind, ' ')} {block.text}"), "dim" if block.part == "rest" else "")
    if block.page is not None:
        line.append(f"  p. {block.page}", "dim")
    out.print(line)


def _show_about(out: Out, about: About) -> None:
    said = (
        ("about", about.description),
        ("breadcrumb", " › ".join(about.breadcrumb)),
        ("address", about.canonical),
        ("number", about.page_id),
        ("made with", about.generator),
        ("cms", f"{about.cms} ({', '.join(about.marks)})" if about.cms else None),
        *((f"og:{name}", value) for name, value in about.shared),
    )
    for name, value in said:
        if value:
            _say(out, f"{name:11} {value}", "dim" if name.startswith("og:") else "")


def _show_claim(out: Out, claim: Claim) -> None:
    label = f"“{claim.label}” " if claim.label else ""
    word = "believed" if claim.believed else f"doubted: {claim.doubt}"
    text = f"  {claim.meaning}: {label}{claim.raw or '(no value)'} → {claim.value or '–'}  [{claim.witness}; {word}]"
    _say(out, text, "green" if claim.believed else "dim")


def _show_links(out: Out, url: str, document: Document, source: Source | None) -> None:
    main = [link for link in document.links if link.part == "main"]
    hosts = scope.hosts(source) if source else ()
    _say(out, "")
    _say(out, f"{len(main)} links in the main text, {len(document.links) - len(main)} elsewhere", "dim")
    for link in main[:FIRST]:
        note = f"  ({link.note})" if link.note else ""
        _say(out, f"  [{kind(link, url, hosts)}] {link.text or '(no text)'} → {link.target}{note}")
    if len(main) > FIRST:
        _say(out, f"  … and {len(main) - FIRST} more", "dim")


def show_explanation(explanation: Explanation) -> None:
    """Print what was tried on the way to a reading."""
    out = Out(soft_wrap=True)
    _say(out, "")
    _say(out, f"read as {explanation.kind}, {explanation.encoding}", "bold")
    for name, marks in explanation.profiles.items():
        _say(out, f"  bears marks of {name}: {', '.join(marks)}")
    _say(out, "content area", "bold")
    for selector, number in explanation.content:
        _say(out, f"  {selector}: {number or 'no'} element{'' if number == 1 else 's'}", "" if number else "dim")
    _say(out, "titles", "bold")
    for where, said in explanation.titles:
        _say(out, f"  {where}: {said}")
    _say(out, "lines", "bold")
    for fate in explanation.lines:
        why = f"  [{fate.why}]" if fate.why else ""
        _say(
            out,
            f"  {fate.part or 'out':4} {fate.kind:10} {fate.text[:LONGEST]}{why}",
            "" if fate.part == "main" else "dim",
        )


COLUMNS = ("asked", "new", "changed", "unchanged", "gone", "failed", "refused")
MORE = ("moved", "barred", "set_aside", "errors")


def show_tallies(tallies: Sequence[Tally]) -> None:
    """Print the summary table of a crawl, with the columns that hold anything, and why hosts were silent."""
    out = Out()
    more = [name for name in MORE if any(getattr(t, name) for t in tallies)]
    table = Table(box=None, pad_edge=False)
    table.add_column("source", style="bold", no_wrap=True)
    for name in (*COLUMNS, *more):
        table.add_column(name.replace("_", " "), justify="right")
    for tally in tallies:
        table.add_row(Text(tally.source), *(str(getattr(tally, name)) for name in (*COLUMNS, *more)))
    out.print(table)
    for tally in tallies:
        for host, why in tally.silent.items():
            _say(out, f"{tally.source}: {host} did not answer: {why}", "red")
        if not (tally.asked or tally.signposts or tally.barred) and tally.next_due is not None:
            _say(out, f"{tally.source}: nothing is due before {tally.next_due:%Y-%m-%d %H:%M} UTC", "dim")

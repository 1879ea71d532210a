"""Readings and tallies as a person reads them in a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archiver.crawl.tally import Tally
from archiver.extract.links import kind
from archiver.frontier import scope
from archiver.model import Claim, Document, Reading, Source, Unread

if TYPE_CHECKING:
    from archiver.config import Config

FIRST = 12
"""How many blocks and links are shown before the rest is a count."""
BLOCK_SIGNS = {"title": "#", "heading": "#", "list-item": "•", "table-row": "|", "quote": ">", "caption": "~"}


def show_reading(url: str, reading: Reading | Unread, config: "Config") -> None:
    """Print what was read of a page and why: verdict, dates with witnesses, first blocks, links."""
    out = Console(soft_wrap=True, highlight=False)
    if isinstance(reading, Unread):
        out.print(f"[red]unread[/]: {escape(reading.why)}: {escape(reading.detail)}")
        return
    out.print(f"[bold]{escape(url)}[/]")
    out.print(f"verdict    {reading.verdict}{escape(f' ({reading.reason})' if reading.reason else '')}")
    out.print(f"profile    {reading.profile}")
    if reading.document is not None:
        _show_document(out, url, reading.document, config.source_of(url))
    for notice in reading.notices:
        out.print(f"notice     {escape(notice.text)}", style="yellow")


def _show_document(out: Console, url: str, document: Document, source: Source | None) -> None:
    out.print(f"title      {escape(document.title or '(none)')}")
    for meaning in ("published", "updated", "reviewed", "created"):
        out.print(f"{meaning:10} {getattr(document, meaning) or '–'}")
    for claim in document.claims:
        _show_claim(out, claim)
    out.print(f"\n{document.words} words in the main text; language {document.language or '–'}", style="dim")
    for block in document.blocks[:FIRST]:
        sign = BLOCK_SIGNS.get(block.kind, " ")
        out.print(f"  {sign} {escape(block.text)}", style="dim" if block.part == "rest" else None)
    if len(document.blocks) > FIRST:
        out.print(f"  … and {len(document.blocks) - FIRST} more blocks", style="dim")
    _show_links(out, url, document, source)


def _show_claim(out: Console, claim: Claim) -> None:
    label = f"“{claim.label}” " if claim.label else ""
    word = "believed" if claim.believed else f"doubted: {claim.doubt}"
    text = f"  {claim.meaning}: {label}{claim.raw or '(no value)'} → {claim.value or '–'}  [{claim.witness}; {word}]"
    out.print(escape(text), style="green" if claim.believed else "dim")


def _show_links(out: Console, url: str, document: Document, source: Source | None) -> None:
    main = [link for link in document.links if link.part == "main"]
    hosts = scope.hosts(source) if source else ()
    out.print(f"\n{len(main)} links in the main text, {len(document.links) - len(main)} elsewhere", style="dim")
    for link in main[:FIRST]:
        note = f"  ({link.note})" if link.note else ""
        out.print(escape(f"  [{kind(link, url, hosts)}] {link.text or '(no text)'} → {link.target}{note}"))
    if len(main) > FIRST:
        out.print(f"  … and {len(main) - FIRST} more", style="dim")


COLUMNS = ("asked", "new", "changed", "unchanged", "gone", "failed", "refused")
MORE = ("moved", "barred", "set_aside", "errors")


def show_tallies(tallies: Sequence[Tally]) -> None:
    """Print the summary table of a crawl, with the columns that hold anything, and why hosts were silent."""
    out = Console(highlight=False)
    more = [name for name in MORE if any(getattr(t, name) for t in tallies)]
    table = Table(box=None, pad_edge=False)
    table.add_column("source", style="bold")
    for name in (*COLUMNS, *more):
        table.add_column(name.replace("_", " "), justify="right")
    for tally in tallies:
        table.add_row(tally.source, *(str(getattr(tally, name)) for name in (*COLUMNS, *more)))
    out.print(table)
    for tally in tallies:
        for host, why in tally.silent.items():
            out.print(f"{escape(tally.source)}: {escape(host)} did not answer: {escape(why)}", style="red")
        if not (tally.asked or tally.signposts or tally.barred) and tally.next_due is not None:
            out.print(f"{tally.source}: nothing is due before {tally.next_due:%Y-%m-%d %H:%M} UTC", style="dim")

"""`archiver changes`, `history`, `diff`: what changed, told in a terminal, as text, or to a program."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

import click

from archiver.cli.setting import Moment, Setting, one_form, print_csv, print_json, print_lines

if TYPE_CHECKING:
    from rich.console import Console

    from archiver.publish import Comparison

CLASSES = (
    "edit",
    "silent-edit",
    "touch",
    "date-regression",
    "backdated-publication",
    "late-date",
    "flap",
    "replaced-document",
    "unlinked-document",
    "relinked-document",
    "personnel",
    "bulk-stamp",
    "site-wide",
    "disappearance",
    "move",
    "return",
)
"""All but `technical`, which is ours: no list of changes shows it."""
KINDS = (
    "text",
    "personnel",
    "links",
    "attachments",
    "title",
    "published",
    "updated",
    "reviewed",
    "responsible",
    "payload",
    "state",
)


@click.command("changes")
@click.option("--since", type=Moment(), metavar="TIME", help="First seen at or after this time.")
@click.option(
    "--until", type=Moment(end_of_day=True), metavar="TIME", help="First seen before this time; a day counts whole."
)
@click.option("--source", metavar="NAME", help="Of one source, by the stem of its file.")
@click.option("--kommun", metavar="NAME", help="Of one municipality, by name or code.")
@click.option("--kind", type=click.Choice(KINDS), metavar="KIND", help=f"In which this changed: {', '.join(KINDS)}.")
@click.option(
    "--class", "class_", type=click.Choice(CLASSES), metavar="CLASS", help=f"Of this class: {', '.join(CLASSES)}."
)
@click.option("--event", type=click.IntRange(1), metavar="ID", help="Each page's part of one event.")
@click.option("--unfold", is_flag=True, help="Tell each page, also where the same happened to many at once.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many.  [default: all]")
@click.option("--json", "as_json", is_flag=True, callback=one_form, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, callback=one_form, help="A table for a spreadsheet.")
@click.pass_obj
def changes_command(
    setting: Setting,
    since: datetime | None,
    until: datetime | None,
    source: str | None,
    kommun: str | None,
    kind: str | None,
    class_: str | None,
    event: int | None,
    unfold: bool,
    limit: int | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """What changed, newest first: page, window of time, class, and the words themselves.

    A change happened somewhere between the two times it is given with: when the old state was last seen, and when the
    new one was first seen. Times are UTC. What happened to many pages at once is told once, with their number.
    """
    from archiver.cli.naming import code_of, known_source
    from archiver.store import queries

    with setting.reading() as conn:
        source, kommun = known_source(conn, source), code_of(conn, kommun)
        found = queries.changes(
            conn, since=since, until=until, source=source, kommun=kommun, kind=kind, class_=class_, event=event,
            unfold=unfold, limit=limit,
        )  # fmt: skip
        if as_json:
            print_lines(found)
            return
        if as_csv:
            print_csv(_flat(row) for row in found)
            return
        from archiver.cli.tell import tell_changes

        tell_changes(found, setting)


def _flat(row: dict[str, Any]) -> dict[str, object]:
    """A change as one line of a table: its words, each kind of edit in one cell, line by line."""
    window, dates = row["window"], row["dates"]
    words = {op: "\n".join(h["text"] for h in row["hunks"] if h["op"] == op) for op in ("removed", "added", "moved")}
    links = {f"links_{op}": "\n".join(k["target"] for k in row["link_edits"] if k["op"] == op) for op in LINK_EDITS}
    kept = {key: row[key] for key in _COLUMNS}
    listed = {key: " ".join(row[key]) for key in ("classes", "kinds", "reasons")}
    moved = {f"{name}_{end}": dates[name][end] for name in dates for end in ("before", "after")}
    ends = {key: window[key] for key in ("last_seen_before", "seen_after")}
    tried = "; ".join(f"{o['why']}: {o['visits']}" for o in window["not_seen"])
    event = row["event"] or {}
    many = {"not_seen": tried, "event": event.get("kind"), "event_pages": event.get("pages")}
    people = "\n".join(" ".join(filter(None, (p["op"], p["role"], p["party"]))) for p in row["personnel"])
    return {
        "municipality": kept.pop("municipality"), **ends, **kept, **listed, **many, **moved, **words, **links,
        "personnel": people,
    }  # fmt: skip


def _joined(words: object) -> str:
    return " ".join(map(str, words)) if isinstance(words, list) else ""


LINK_EDITS = ("removed", "added", "renamed", "retargeted")
_COLUMNS = (
    "municipality", "code", "section", "url", "revision", "state_before", "state_after", "title_before", "title_after",
    "points", "summary", "capture_before", "capture_after",
)  # fmt: skip


@click.command("history")
@click.argument("url")
@click.option("--since", type=Moment(), metavar="TIME", help="States seen at or after this time.")
@click.option("--until", type=Moment(end_of_day=True), metavar="TIME", help="First seen before this time.")
@click.option("--json", "as_json", is_flag=True, callback=one_form, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, callback=one_form, help="A table for a spreadsheet.")
@click.pass_obj
def history_command(
    setting: Setting, url: str, since: datetime | None, until: datetime | None, as_json: bool, as_csv: bool
) -> None:
    """Every state of the page at URL that we saw, the oldest first: from when to when, and what it said of itself."""
    from archiver.store import queries

    with setting.reading() as conn:
        rows = queries.history(conn, url, since=since, until=until)
    if as_json:
        print_lines(rows)
        return
    if as_csv:
        print_csv(row | {key: _joined(row[key]) for key in ("classes", "kinds", "reasons")} for row in rows)
        return
    from archiver.cli.tell import tell_history

    tell_history(url, rows)


@click.command("diff")
@click.argument("ends", nargs=-1, required=True, metavar="[URL] [A] [B]")
@click.option("--json", "as_json", is_flag=True, callback=one_form, help="One JSON object.")
@click.option("--csv", "as_csv", is_flag=True, callback=one_form, help="The words that changed, for a spreadsheet.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write one self-contained HTML file ('-': standard output).")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="With --html: write over FILE where it is there.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Of the HTML.")
@click.option("--whole", is_flag=True, help="Unchanged blocks too.")
@click.pass_obj
def diff_command(
    setting: Setting,
    ends: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    html_file: Path | None,
    overwrite: bool,
    language: str,
    whole: bool,
) -> None:
    """The words, links, dates and title that changed between A and B.

    \b
    archiver diff URL              the last two states of the page
    archiver diff URL 3 5          revisions 3 and 5
    archiver diff URL 2026-03-02 2026-03-04      the page as of the end of those days (UTC)
    archiver diff c120 c345        two captures, of whatever pages

    A..B says the same as A B. Coloured in a terminal, unified text in a pipe.
    """
    from archiver.cli.compare import comparison_of
    from archiver.cli.naming import two_ends

    url, before, after = two_ends(ends)
    if html_file is not None and (as_json or as_csv):
        raise click.UsageError("--html, --json and --csv are three forms: say one of them")
    if html_file is not None and str(html_file) != "-":
        setting.check_target(html_file, overwrite=overwrite)
    with setting.reading() as conn:
        comparison = comparison_of(conn, setting.config, url, before, after)
    if as_json:
        from archiver.publish.records import change_object

        print_json(change_object(comparison, whole=whole))
    elif as_csv:
        change = comparison.change
        print_csv({"op": h.op, "text": h.text, "before": h.before, "after": h.after} for h in change.hunks)
    elif html_file is not None:
        _write_html(comparison, html_file, cast("Literal['sv', 'en']", language), ZoneInfo(setting.config.zone))
    elif not comparison.change.differences:
        click.echo("Nothing that we compare differs between the two.", err=True)
    elif sys.stdout.isatty():
        _print_coloured(comparison, whole)
    else:
        _print_unified(comparison)


def _write_html(comparison: "Comparison", file: Path, language: "Literal['sv', 'en']", zone: ZoneInfo) -> None:
    from archiver.publish.html import page

    text = page(comparison, language, zone)
    if str(file) == "-":
        click.echo(text, nl=False)
    else:
        try:
            file.write_text(text, "utf-8")
        except OSError as error:
            raise click.FileError(str(file), error.strerror) from None
        click.echo(f"Wrote {file}", err=True)


def _print_coloured(comparison: "Comparison", whole: bool) -> None:
    from archiver.cli.console import Out
    from archiver.publish.terminal import lines

    print_pieces(Out(soft_wrap=True), lines(comparison, whole=whole))


def print_pieces(out: "Console", lines: Sequence[Sequence[tuple[str, str]]]) -> None:
    """Draw lines of styled pieces."""
    from rich.text import Text

    from archiver.publish.terminal import STYLES

    for line in lines:
        out.print(Text.assemble(*((text, STYLES[style]) for style, text in line)))


def _print_unified(comparison: "Comparison") -> None:
    from archiver.publish.unified import unified

    ends = [
        f"{comparison.url_of(e)} {e.captured_at:%Y-%m-%dT%H:%M:%SZ} c{e.capture_id}"
        for e in (comparison.before, comparison.after)
    ]
    click.echo(unified(ends[0], ends[1], comparison.change), nl=False)

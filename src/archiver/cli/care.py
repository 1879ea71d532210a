"""`archiver redact`, `lift`: what must not be shown."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

import click

from archiver.cli.bars import bar
from archiver.cli.setting import Setting, print_json
from archiver.publish.visible import visible

if TYPE_CHECKING:
    from sqlite3 import Connection

    from archiver.config import Config
    from archiver.model import Capture
    from archiver.pool import Pool
    from archiver.redact import Level, Order, Search, Words
    from archiver.store import Archive

_TOLD = 50
"""Hits that a preview tells one by one."""


@click.command("redact")
@click.argument("capture", metavar="[CAPTURE]", required=False)
@click.option("--span", metavar="A:B", help="Only these characters of the decoded text (hidden or withheld).")
@click.option("--address", "whole_address", is_flag=True, help="Every body of the capture's address, later ones too.")
@click.option("--page", "whole_page", is_flag=True, help="Of all addresses of the capture's page, later ones too.")
@click.option("--sent", is_flag=True, help="Of a rendered capture, the body as it was sent, and all made of it.")
@click.option("--words", metavar="WORDS", help="These words wherever they stand, now and later.")
@click.option("--pattern", metavar="REGEX", help="What this regular expression fits, wherever it stands.")
@click.option("--in", "source", metavar="SOURCE", help="With --words or --pattern: of this source only.")
@click.option("--section", metavar="NAME", help="And of this section of it.")
@click.option("--dry-run", is_flag=True, help="With --words or --pattern: say where they stand; alter nothing.")
@click.option("--level", type=click.Choice(["hidden", "withheld", "erased"]), default="hidden", show_default=True,
              help="Closed to the public, to all but the keeper, or destroyed.")  # fmt: skip
@click.option("--reason", metavar="CODE", help="Why, as a code: the log is public. Never the words.")
@click.option("--actor", metavar="NAME", help="Who decided.")
@click.option("--json", "as_json", is_flag=True, help="With --words or --pattern: one JSON object.")
@click.pass_obj
def redact_command(
    setting: Setting,
    capture: str | None,
    span: str | None,
    whole_address: bool,
    whole_page: bool,
    sent: bool,
    words: str | None,
    pattern: str | None,
    source: str | None,
    section: str | None,
    dry_run: bool,
    level: str,
    reason: str | None,
    actor: str | None,
    as_json: bool,
) -> None:
    """Hide, withhold or erase the body of a capture ('c123'), or words wherever they stand.

    \b
    archiver redact c123 --reason person --actor "Eva E"           all that this visit brought
    archiver redact --words "Anna Exempel" --dry-run               where do the words stand?
    archiver redact --words "Anna Exempel" --reason person --actor "Eva E"

    They are gone everywhere: text, index, changes, exports; pages are read again at once. Words are looked for in
    whatever comes later, too, until `archiver lift`. The log says that, why and by whom; not what. An erasure destroys
    bytes and cannot be undone.

    Of a capture that a browser rendered, the body that was sent goes too, with all that was ever made of it; but where
    other addresses send the same one (a shell that its scripts fill), only what was made of it here.
    """
    from archiver.redact import Order, Words

    if sum(given is not None for given in (capture, words, pattern)) != 1:
        raise click.UsageError("name a capture, or --words, or --pattern: one of them")
    missing = [] if dry_run else [name for name, given in (("--reason", reason), ("--actor", actor)) if not given]
    if missing:
        raise click.UsageError(f"Missing option '{missing[0]}': the log says why and who.")
    order = Order(cast("Level", level), reason or "", actor or "", span=_span(span))
    if capture is None:
        if span is not None or whole_address or whole_page or sent:
            raise click.UsageError("--span, --address, --page and --sent are of a capture, not of words")
        if section is not None and source is None:
            raise click.UsageError("--section is of a source: name it by --in")
        setting.chosen([source] if source else ())
        sought = Words("words", words, source, section) if words else Words("regex", pattern or "", source, section)
        _of_words(setting, sought, order, dry_run=dry_run, as_json=as_json)
        return
    if dry_run or source or section or as_json:
        raise click.UsageError("--dry-run, --in, --section and --json are of --words and --pattern")
    _check_span(span, level, whole=whole_address or whole_page)
    if level == "erased":
        _confirm("The bytes will be destroyed. Go on?")
    whole: Whole = "page" if whole_page else "address" if whole_address else None
    _said(asyncio.run(_redact(setting, capture, order, whole, sent=sent)))


@click.command("lift")
@click.argument("number", type=click.IntRange(1), metavar="N")
@click.option("--actor", required=True, metavar="NAME", help="Who decided.")
@click.pass_obj
def lift_command(setting: Setting, number: int, actor: str) -> None:
    """Undo redaction N, as `redaction_log` numbers them; its pages are read again.

    The log keeps both entries. An erasure cannot be undone: its bytes are gone; one of words ends, for what comes.
    """
    from archiver.clock import SystemClock
    from archiver.redact import lift

    async def undo() -> int:
        with _open(setting) as (archive, pool):
            return await lift(archive, setting.config, pool, number, actor, SystemClock().now())

    _said(asyncio.run(undo()))


def _said(count: int) -> None:
    click.echo(f"Done. {count} {'capture was' if count == 1 else 'captures were'} read again.")


@contextmanager
def _open(setting: Setting) -> "Iterator[tuple[Archive, Pool]]":
    from archiver.store import open_archive

    setting.existing_archive()
    with open_archive(setting.archive) as archive, _pool(setting.config) as pool:
        yield archive, pool


def _pool(config: "Config") -> "Pool":
    from archiver.pool import Pool

    return Pool(config.rulebook, workers=config.workers, timeout=config.timeouts.reading)


def _confirm(question: str) -> None:
    """Go on only with a yes. Asked on standard error: what is printed may be for a program."""
    if not click.confirm(question, err=True):
        raise click.Abort


def _check_span(span: str | None, level: str, *, whole: bool) -> None:
    if span is not None and whole:
        raise click.UsageError("--span is of one body; --address and --page are of all")
    if span is not None and level == "erased":
        raise click.UsageError("--span hides or withholds; an erasure is of the whole body")


def _span(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    start, _, end = text.partition(":")
    if not (start.isdigit() and end.isdigit() and int(start) < int(end)):
        raise click.BadParameter(f"{text!r} is not a span; write 120:140", param_hint="--span")
    return int(start), int(end)


def _of_words(setting: Setting, words: "Words", order: "Order", *, dry_run: bool, as_json: bool) -> None:
    from archiver.redact import check_words

    try:
        check_words(words)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if dry_run:
        _tell(asyncio.run(_look(setting, words)), order.level, as_json=as_json, count=None)
        return
    if order.level == "erased":
        found = asyncio.run(_look(setting, words))
        click.echo(f"{len({hit.capture.shown_id for hit in found.hits})} bodies have them.", err=True)
        _confirm("Their bytes will be destroyed, and those of whatever comes with them. Go on?")
    found, count = asyncio.run(_hide(setting, words, order))
    _tell(found, order.level, as_json=as_json, count=count)


async def _look(setting: Setting, words: "Words") -> "Search":
    from archiver.redact import search

    config = setting.config
    with setting.reading() as conn, _pool(config) as pool, bar("looking") as watch:
        return await search(conn, config, pool, words, watch)


async def _hide(setting: Setting, words: "Words", order: "Order") -> "tuple[Search, int]":
    from archiver.clock import SystemClock
    from archiver.redact import redact_words

    with _open(setting) as (archive, pool), bar("looking") as watch:
        return await redact_words(archive, setting.config, pool, words, order, SystemClock().now(), watch)


def _tell(found: "Search", level: str, *, as_json: bool, count: int | None) -> None:
    """What was found and done; `count`: captures read again, None where nothing was done."""
    if as_json:
        print_json({
            "looked_at": found.looked_at, "done": count is not None, "level": level, "read_again": count,
            "hits": [{"capture": f"c{h.capture.id}", "url": h.capture.address.url, "at": h.capture.at.isoformat(),
                      "places": h.places} for h in found.hits],
            "unread": [{"capture": f"c{c.id}", "url": c.address.url, "why": why} for c, why in found.unread],
        })  # fmt: skip
        return
    for hit in found.hits[:_TOLD]:
        click.echo(f"{hit.places:4}  c{hit.capture.id}  {hit.capture.at:%Y-%m-%d}  {hit.capture.address.url}")
    if len(found.hits) > _TOLD:
        click.echo(f"      and {len(found.hits) - _TOLD} more")
    for capture, why in found.unread[:_TOLD]:
        click.echo(visible(f"   ?  c{capture.id}  {capture.address.url}: {why}"))
    places = sum(hit.places for hit in found.hits)
    click.echo(
        f"{places} places in {len(found.hits)} of {found.looked_at} bodies; {len(found.unread)} could not be read."
    )
    if count is None:
        click.echo("Nothing was altered.")
    else:
        _said(count)


Whole = Literal["page", "address"] | None
"""Of what every body is meant; None: one body."""


async def _redact(setting: Setting, name: str, order: "Order", whole: Whole, *, sent: bool) -> int:
    from archiver.clock import SystemClock
    from archiver.redact import redact
    from archiver.store import queries, reading

    with _open(setting) as (archive, pool):
        capture = queries.resolve_capture(archive.reader, None, name)
        if whole:
            page_id = reading.page_of(archive.reader, capture.address.id) if whole == "page" else None
            known = reading.addresses_of(archive.reader, page_id) if page_id is not None else [capture.address.id]
            orders = [replace(order, address_id=address_id) for address_id in known]
        else:
            part = order.span is not None
            orders = [replace(order, body_id=_body_meant(archive.reader, capture, sent=sent, part=part))]
        at = SystemClock().now()
        return max([await redact(archive, setting.config, pool, one, at) for one in orders])


def _body_meant(conn: "Connection", capture: "Capture", *, sent: bool, part: bool) -> int:
    """The body that an order about the capture is about; a `part` of it is of what was read. Raises NotFound."""
    from archiver.errors import NotFound
    from archiver.store import redactions

    body_id = capture.body_id
    if capture.rendering is not None and body_id is not None and not sent:
        shared = redactions.senders(conn, body_id) > 1
        if shared and not part:
            click.echo("Other addresses send the same body; it is left as it is. --sent takes that too.", err=True)
        if shared or part:
            body_id = capture.shown_id
    if body_id is None:
        raise NotFound(f"capture {capture.id} brought no body: there is nothing to redact")
    return body_id

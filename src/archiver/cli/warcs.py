"""`archiver warc`: captures as WARC, for those who keep and replay pages with other tools."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from archiver.cli.setting import Moment, Setting, print_json, refuse_to_overwrite


@click.command("warc")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.warc.gz")
@click.option("--source", metavar="NAME", help="Of one source, by the stem of its file.")
@click.option("--since", type=Moment(), metavar="TIME", help="Captures of that time or later.")
@click.option("--until", type=Moment(end_of_day=True), metavar="TIME", help="Captures before that time.")
@click.option("--no-readings", "bare", is_flag=True, help="Leave out what we read: only what was sent.")
@click.option(
    "--with-embargoed", "embargoed", is_flag=True, help="What is under embargo too: for a copy that is not made public."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def warc_command(
    setting: Setting, target: Path, source: str | None, since: datetime | None, until: datetime | None, bare: bool,
    embargoed: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write captures to a WARC 1.1 file, and its index to FILE.warc.gz.cdxj.

    It holds what servers sent, whole: also words that the public views mask, as personal identity numbers. What is
    redacted is not in it, nor what is under embargo.
    """
    from archiver.cli.naming import known_source
    from archiver.clock import SystemClock
    from archiver.store.times import to_text_or_none
    from archiver.transfer.export import as_of_now
    from archiver.transfer.warc_out import Choice, index_of, pack

    for file in (target, index_of(target)):
        refuse_to_overwrite(file, "name another")
    with setting.reading() as conn, as_of_now(conn):
        choice = Choice(known_source(conn, source), to_text_or_none(since), to_text_or_none(until), not bare, embargoed)
        packed = pack(conn, target, choice, SystemClock().now())
    if as_json:
        print_json(asdict(packed))
        return
    left = "".join(
        f"; {count} {what}"
        for count, what in (
            (packed.silent, "without an answer"), (packed.closed, "closed: redacted, under embargo, or a digest only"),
            (packed.broken, "damaged: see `archiver verify`"),
        ) if count
    )  # fmt: skip
    click.echo(f"{target}: {packed.responses} answers, {packed.revisits} revisits, {packed.readings} readings{left}.")

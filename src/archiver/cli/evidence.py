"""`archiver evidence`: two states of a page as a pack that stands by itself."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from archiver.cli.setting import Setting, refuse_to_overwrite


@click.command("evidence")
@click.argument("ends", nargs=-1, required=True, metavar="[URL] [A] [B]")
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.zip",
              help="The file.  [default: evidence-cA-cB.zip here]")  # fmt: skip
@click.option("--with-embargoed", "embargoed", is_flag=True, help="Also where the page's words are under embargo.")
@click.pass_obj
def evidence_command(setting: Setting, ends: tuple[str, ...], target: Path | None, embargoed: bool) -> None:
    """Pack two captures as evidence.

    \b
    archiver evidence URL              the last two states of the page
    archiver evidence URL 3..5         revisions 3 and 5
    archiver evidence URL 2026-03-02..2026-03-04      the page as of the end of those days (UTC)
    archiver evidence c120..c345       two captures of one page

    One zip: both answers with headers, hashes and readings, what differs (HTML, text, PDF where the system has a
    browser), WARC, the proof that nothing was altered, citations, a README for a lay reader in Swedish and English,
    and verify.py, which checks all of it with Python alone.
    """
    from archiver.cli.compare import comparison_of
    from archiver.cli.naming import two_ends
    from archiver.clock import SystemClock
    from archiver.printer import as_pdf
    from archiver.transfer.evidence import Made, write_pack
    from archiver.transfer.export import as_of_now

    url, before, after = two_ends(ends)
    if target is not None:
        refuse_to_overwrite(target, "name another")
    config = setting.config
    made = Made(config.agent.header, SystemClock().now(), ZoneInfo(config.zone), as_pdf, embargoed)
    with setting.reading() as conn, as_of_now(conn):
        comparison = comparison_of(conn, config, url, before, after)
        if comparison.two_pages:
            first, second = (comparison.url_of(end) for end in (comparison.before, comparison.after))
            raise click.UsageError(f"evidence is of one page, and these are two: {first} and {second}")
        file = target or Path(f"evidence-c{comparison.before.capture_id}-c{comparison.after.capture_id}.zip")
        refuse_to_overwrite(file, "name another")
        names = write_pack(conn, file, comparison, made)
    click.echo(f"{file}: {len(names)} files. Begin with README-sv.md or README-en.md.")
    if "diff.pdf" not in names:
        click.echo("No PDF: the system has no browser that could print one.", err=True)

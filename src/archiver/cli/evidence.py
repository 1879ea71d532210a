"""`archiver evidence`: two states of a page as a pack that stands by itself."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from archiver.cli.setting import Setting


@click.command("evidence")
@click.argument("ends", nargs=-1, required=True, metavar="[URL] A..B")
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.zip",
              help="The file.  [default: evidence-cA-cB.zip here]")  # fmt: skip
@click.option("--with-embargoed", "embargoed", is_flag=True, help="Also where the page's words are under embargo.")
@click.pass_obj
def evidence_command(setting: Setting, ends: tuple[str, ...], target: Path | None, embargoed: bool) -> None:
    """Pack two captures as evidence: c120..c345, or a URL and 3..5 or 2026-03-02..2026-03-04.

    One zip: both answers with headers, hashes and readings, what differs (HTML, text, PDF where the system has a
    browser), WARC, the proof that nothing was altered, citations, a README for a lay reader in Swedish and English,
    and verify.py, which checks all of it with Python alone.
    """
    from archiver.cli.compare import comparison_of
    from archiver.clock import SystemClock
    from archiver.printer import as_pdf
    from archiver.transfer.evidence import Made, write_pack
    from archiver.transfer.export import as_of_now

    url, before, after = _named(ends)
    config = setting.config
    made = Made(config.agent.header, SystemClock().now(), ZoneInfo(config.zone), as_pdf, embargoed)
    with setting.reading() as conn, as_of_now(conn):
        comparison = comparison_of(conn, config, url, before, after)
        if comparison.two_pages:
            first, second = (comparison.url_of(end) for end in (comparison.before, comparison.after))
            raise click.UsageError(f"evidence is of one page, and these are two: {first} and {second}")
        default = Path(f"evidence-c{comparison.before.capture_id}-c{comparison.after.capture_id}.zip")
        if (target or default).exists():
            raise click.UsageError(f"{target or default} is there already")
        names = write_pack(conn, target or default, comparison, made)
    click.echo(f"{target or default}: {len(names)} files. Begin with README-sv.md or README-en.md.")
    if "diff.pdf" not in names:
        click.echo("No PDF: the system has no browser that could print one.", err=True)


def _named(ends: tuple[str, ...]) -> tuple[str | None, str, str]:
    """(URL, A, B)."""
    *url, pair = ends
    before, dots, after = pair.partition("..")
    if not (dots and before and after) or len(url) > 1:
        raise click.UsageError("name two captures as c120..c345, or a URL and two of its states as 3..5")
    return (url[0] if url else None), before, after

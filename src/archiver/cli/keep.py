"""`archiver rebuild`, `compact`, `verify`, `seal`: keeping an archive."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.bars import bar
from archiver.cli.logs import configure_logs
from archiver.cli.naming import web_url
from archiver.cli.setting import Setting, is_typed, print_json
from archiver.publish.visible import visible

if TYPE_CHECKING:
    from archiver.stamp import Signature, Trust
    from archiver.verify.stamps import Stamped
    from archiver.verify.whole import Report


@click.command("rebuild")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--dry-run", is_flag=True, help="Say what would be read otherwise, of a sample; write nothing.")
@click.option("--sample", type=click.IntRange(1), default=200, show_default=True, metavar="N",
              help="With --dry-run: so many captures of each source.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source.")
@click.pass_obj
def rebuild_command(setting: Setting, names: tuple[str, ...], dry_run: bool, sample: int, as_json: bool) -> None:
    """Read all evidence anew with today's rules; nothing is fetched, no evidence is touched.

    A mended rule rewrites history consistently and never looks like an edit by the municipality. Stopped half-way, the
    next rebuild or crawl goes on where it stopped.
    """
    if is_typed("sample") and not dry_run:
        raise click.UsageError("--sample is of --dry-run: a rebuild reads everything")
    chosen = setting.chosen(names)
    setting.existing_archive()
    configure_logs(as_json=False)
    if dry_run:
        asyncio.run(_preview(setting, chosen, sample, as_json=as_json))
        return
    for name, count in asyncio.run(_rebuild(setting, chosen)).items():
        if as_json:
            print_json({"source": name, "captures": count})
        else:
            click.echo(f"{name}: {count} {'capture' if count == 1 else 'captures'} read")


async def _rebuild(setting: Setting, names: tuple[str, ...]) -> dict[str, int]:
    from archiver.derive import rebuild
    from archiver.pool import Pool
    from archiver.store import open_archive, reading

    config = setting.config
    counts = {}
    with (
        open_archive(setting.archive) as archive,
        Pool(config.rulebook, workers=config.workers, timeout=config.timeouts.reading) as pool,
    ):
        for name in names:
            with bar(name) as watch:
                counts[name] = await rebuild(archive, config, config.sources[name], pool, watch)
        await archive.aio(reading.sweep)
    return counts


async def _preview(setting: Setting, names: tuple[str, ...], sample: int, *, as_json: bool) -> None:
    from archiver.cli.tell import tell_preview
    from archiver.derive import preview
    from archiver.pool import Pool
    from archiver.store import open_archive

    config = setting.config
    with (
        open_archive(setting.archive) as archive,
        Pool(config.rulebook, workers=config.workers, timeout=config.timeouts.reading) as pool,
    ):
        for name in names:
            with bar(name) as watch:
                found = await preview(archive, config, config.sources[name], pool, sample, watch)
            told = {"source": name} | found.as_object()
            print_json(told) if as_json else tell_preview(told)


@click.command("compact")
@click.option("--anew", is_flag=True, help="Everything, not only what was stored since the last time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def compact_command(setting: Setting, anew: bool, as_json: bool) -> None:
    """Pack the bodies of the archive anew, smaller, and give the room back to the disk. Nothing is lost or altered.

    It takes about 25 ms a body, and needs room for a second copy of the file while it gives room back. Stopped
    half-way, the next call goes on there.
    """
    from archiver.store import compacting, open_archive

    setting.existing_archive()
    size = setting.archive.stat().st_size
    with open_archive(setting.archive) as archive, bar("packing") as watch:
        saved = compacting.compact(archive, workers=setting.config.workers, anew=anew, watch=watch)
        asyncio.run(archive.vacuum())
    found = {"bodies": saved.bodies, "bytes_before": saved.before, "bytes_after": saved.after,
             "file_before": size, "file_after": setting.archive.stat().st_size}  # fmt: skip
    if as_json:
        print_json(found)
        return
    share = f", {saved.after / saved.before:.0%} of before" if saved.before else ""
    click.echo(
        f"{saved.bodies} bodies: {saved.after / 1e6:.1f} MB{share}; the file has {found['file_after'] / 1e6:.1f} MB"
    )


class Digest(click.ParamType[str]):
    """A seal: 64 hexadecimal digits, in whichever case."""

    name = "seal"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The digits in lower case."""
        text = str(value).strip().lower()
        if not _DIGEST.fullmatch(text):
            self.fail(f"{value!r} is no seal: one has 64 hexadecimal digits", param, ctx)
        return text


_DIGEST = re.compile(r"[0-9a-f]{64}")


def _trusted(ctx: click.Context, param: click.Parameter, places: tuple[Path, ...]) -> "Trust | None":
    """The certificates of --trust, read before anything begins; None where nobody is trusted. Raises BadParameter."""
    from archiver.stamp import trusted

    try:
        return trusted(places) if places else None
    except ValueError as error:
        raise click.BadParameter(visible(str(error)), ctx, param) from error


_trust = click.option(
    "--trust", multiple=True, type=click.Path(exists=True, path_type=Path), callback=_trusted, metavar="FILE",
    help="Root certificates that you trust (PEM), or a folder of them: who signed time-stamps is checked.",
)  # fmt: skip


@click.command("verify")
@click.option("--seal", "anchor", type=Digest(), metavar="HEX",
              help="A seal that you kept elsewhere: it must be in the chain.")  # fmt: skip
@_trust
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="Threads.  [default: one a processor]")
@click.option("--resume", is_flag=True, help="Go on where a verification was stopped.")
@click.option("--sample", type=click.IntRange(0), default=0, metavar="N",
              help="Read N captures of each source again, and compare.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.pass_obj
def verify_command(
    setting: Setting,
    anchor: str | None,
    trust: "Trust | None",
    jobs: int | None,
    resume: bool,
    sample: int,
    as_json: bool,
) -> None:
    """Re-hash everything, replay the chain of seals, and say what does not fit. Exit code 1 if anything.

    Bodies, headers, captures, seals; and what was read of them: passages, documents, indexes. It shows that nothing
    was altered since it was captured; not that the site sent it. Only a seal that you kept elsewhere (`archiver seal`)
    shows that no runs were cut off the end. Who signed the time-stamps of seals is checked only with --trust: each
    must then be signed under one of those roots.
    """
    from dataclasses import asdict

    from archiver.verify.whole import verify_file

    report = verify_file(
        setting.existing_archive(), jobs=jobs or os.cpu_count() or 1, resume=resume, anchor=anchor, trust=trust
    )
    if sample:
        asyncio.run(_read_again(setting, sample, report))
    if as_json:
        print_json(asdict(report))
    else:
        _tell(setting, report)
    sys.exit(1 if report.problems else 0)


def _tell(setting: Setting, report: "Report") -> None:
    for problem in report.problems:
        click.echo(visible(problem))
    for note in report.notes:
        click.echo(visible(note), err=True)
    for stamped in report.stamps:
        if stamped.signature == "holds":
            click.echo(visible(f"seal {stamped.seal} was stamped {stamped.stamped_at} {_by(stamped)}"))
    if report.problems:
        return
    rows = ", ".join(f"{count} {name}" for name, count in report.checked.items())
    if unchecked := sum(stamped.signature == "unchecked" for stamped in report.stamps):
        rows += f"; {unchecked} {'time-stamp' if unchecked == 1 else 'time-stamps'}, signatures not checked"
    click.echo(f"{setting.archive}: all evidence is as it was recorded.\n{rows}; {report.seconds} s.")
    click.echo(f"Last seal: {report.seal or 'none'}")


def _by(signed: "Signature | Stamped") -> str:
    return f"by {signed.signer}, whose certificate (until {signed.valid_until}) leads to the root {signed.root}"


async def _read_again(setting: Setting, sample: int, report: "Report") -> None:
    from archiver.pool import Pool
    from archiver.verify.sample import read_again

    config = setting.config
    with (
        setting.reading() as conn,
        Pool(config.rulebook, workers=config.workers, timeout=config.timeouts.reading) as pool,
    ):
        found = await read_again(conn, config, pool, sample)
    report.checked["read again"] = found.looked_at
    report.problems += found.problems
    if found.passed_over:
        report.notes.append(
            f"{found.passed_over} captures of the sample were not read again: by other rules, or by none"
        )


@click.command("seal")
@click.option("--stamp", "authority", metavar="URL", help="Have this time-stamping authority (RFC 3161) stamp it too.")
@_trust
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def seal_command(setting: Setting, authority: str | None, trust: "Trust | None", as_json: bool) -> None:
    """Print the last seal, to be kept where whoever holds the archive cannot alter it.

    It stands for everything before it. `archiver verify --seal HEX` shows later that nothing of that was cut off. With
    --trust a stamp that is not signed under one of those roots is not kept.
    """
    from archiver.errors import NotFound
    from archiver.store import seals

    if authority is not None:
        authority = web_url(authority)
    elif trust is not None:
        raise click.UsageError("--trust is of --stamp: who signed the stamps that are kept is for `archiver verify`")
    with setting.reading() as conn:
        last = seals.last(conn)
    if last is None:
        raise NotFound(f"{setting.archive} has no seal yet: a run gets one when it ends")
    at, signed = _stamp(setting, last["id"], str(last["chain"]), authority, trust) if authority else (None, None)
    if as_json:
        print_json({**last, "stamped_at": at, "signer": signed and signed.signer, "root": signed and signed.root})
        return
    click.echo(f"{last['chain']}\nseal {last['id']} of run {last['run_id']}, {last['sealed_at']}")
    if at:
        click.echo(f"stamped {at} {visible(_by(signed))}" if signed else f"stamped {at} as {authority} says; {_OPEN}")


_OPEN = "who signed it was not checked (--trust)"


def _stamp(
    setting: Setting, seal_id: int, chain: str, authority: str, trust: "Trust | None"
) -> tuple[str, "Signature | None"]:
    """When it was stamped and, where somebody is trusted, by whom. Raises NotFetched where it would not be believed."""
    from archiver.errors import NotFetched
    from archiver.stamp import signature, stamp
    from archiver.store import open_archive, seals

    signed = None
    with open_archive(setting.archive) as archive:  # before anybody is asked: a stamp that cannot be kept is lost
        token, at = stamp(chain, authority, setting.config.proxy)
        if trust is not None:
            signed = signature(chain, token, trust)
        if isinstance(signed, str):
            raise NotFetched(f"{authority} gave a stamp that is not believed, and was not kept: {signed}")
        archive.write(lambda conn: seals.add_stamp(conn, seal_id, authority, at, token))
    return f"{at:%Y-%m-%dT%H:%M:%SZ}", signed

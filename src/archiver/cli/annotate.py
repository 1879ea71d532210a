"""`archiver annotate`: what people say of a change, by a fixed list of codes."""

from collections.abc import Collection

import click

from archiver.cli.setting import Setting, one_form, print_csv, print_lines


@click.command("annotate")
@click.argument("before", required=False, metavar="[BEFORE]")
@click.argument("after", required=False, metavar="[AFTER]")
@click.option("--code", metavar="CODE", help="What it is: one of the codes of config/coding.toml.")
@click.option("--note", metavar="TEXT", help="What no code says.")
@click.option("--actor", metavar="NAME", envvar="ARCHIVER_ACTOR", help="Who says so; in no public view.")
@click.option("--codes", is_flag=True, help="List the codes and what they mean.")
@click.option("--kommun", metavar="NAME", help="List those of one municipality, by name or code.")
@click.option("--json", "as_json", is_flag=True, callback=one_form, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, callback=one_form, help="A table for a spreadsheet.")
@click.pass_obj
def annotate_command(
    setting: Setting,
    before: str | None,
    after: str | None,
    code: str | None,
    note: str | None,
    actor: str | None,
    codes: bool,
    kommun: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Say what the change between two captures is; without captures, list what was said.

    \b
    archiver annotate c58 c122 --code softened --actor "Eva E" --note "från ska till bör"

    An annotation is of two captures, so no rebuild moves it. Nothing said is altered: think again, and say so again.
    """
    from archiver.cli.tell import tell_table

    coding = setting.config.coding
    if before is not None and after is not None:
        _add(setting, before, after, _checked(coding.codes, code), note, actor)
        return
    if before is not None:
        raise click.UsageError("two captures are wanted: c58 c122")
    rows: list[dict[str, object]] = (
        [{"code": name, "sv": sv, "en": en} for name, (sv, en) in coding.codes.items()]
        if codes else _listed(setting, code, kommun)
    )  # fmt: skip
    if as_json:
        print_lines(rows)
    elif as_csv:
        print_csv(rows)
    else:
        tell_table(rows)


def _checked(codes: Collection[str], code: str | None) -> str:
    from archiver.config import no_such

    known = list(codes)
    if code is None:
        raise click.UsageError(f"--code is missing: {', '.join(known) or 'config/coding.toml lists none'}")
    if code not in known:
        raise click.BadParameter(no_such("code", code, known), param_hint="--code")
    return code


def _add(setting: Setting, before: str, after: str, code: str, note: str | None, actor: str | None) -> None:
    from archiver.clock import SystemClock
    from archiver.store import annotations, open_archive, queries

    if not actor:
        raise click.UsageError("--actor is missing: an annotation has somebody who made it")
    setting.existing_archive()
    with open_archive(setting.archive) as archive:
        ends = [queries.resolve_capture(archive.reader, None, name).id for name in (before, after)]
        said = annotations.Annotation(ends[0], ends[1], setting.config.coding.scheme, code, note, actor)
        archive.write(lambda conn: annotations.add(conn, said, SystemClock().now()))
    click.echo(f"{said.scheme} {code}: c{ends[0]} → c{ends[1]}")


def _listed(setting: Setting, code: str | None, kommun: str | None) -> list[dict[str, object]]:
    from archiver.cli.naming import code_of
    from archiver.store import annotations

    with setting.reading() as conn:
        return annotations.listed(conn, code=code, kommun=code_of(conn, kommun))

"""`archiver why`, `issues`: what the crawler makes of a URL, and what it wants a person to look at."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from archiver.cli.setting import Moment, Setting, print_json, print_lines

if TYPE_CHECKING:
    from archiver.config import Config
    from archiver.model import Source


@click.command("why")
@click.argument("url")
@click.option("--source", "name", metavar="NAME", help="As this source sees it.  [default: whose host it is]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def why_command(setting: Setting, url: str, name: str | None, as_json: bool) -> None:
    """Say whether URL belongs to a source and why, which page it is, and what became of it: found where, asked when.

    Any URL that a page, a sitemap or a feed ever led to is known, also one that was never asked for. Nothing is
    fetched. Without an archive the configuration alone answers.
    """
    from archiver.cli.naming import web_url
    from archiver.config import no_such

    config, parsed = setting.config, web_url(url)
    if name is not None and name not in config.sources:
        raise click.BadParameter(no_such("source", name, config.sources), param_hint="--source")
    source = config.sources[name] if name else config.source_of(parsed)
    found = _verdict(config, source, parsed)
    found |= _ledger(setting, source, str(found.get("asked_as", parsed)))
    if found["belongs"] and found["trap"] and not (found["known"] or {}).get("visits"):
        found |= {"belongs": False, "reason": f"one of endlessly many: {found['trap']}"}
    if as_json:
        print_json(found)
        return
    from archiver.cli.tell import tell_why

    tell_why(found)


def _verdict(config: "Config", source: "Source | None", url: str) -> dict[str, Any]:
    """What the configuration says of a URL."""
    from datetime import UTC

    from archiver.clock import SystemClock
    from archiver.frontier import identity, scope

    if source is None:
        return {"url": url, "source": None, "belongs": False, "reason": "on no host of any source"}
    profile = config.rules_for(source, SystemClock().now().astimezone(UTC)).profile
    asked = identity.address(url, profile, source)
    admission = scope.decide(source, asked, 1)
    section = scope.section_of(source, asked)
    key, rule = identity.page_key(asked, profile, source)
    return {
        "url": url, "source": source.id, "belongs": admission.ok, "reason": admission.reason, "asked_as": asked,
        "page": key, "rule": rule, "section": section.name if section else None,
        "every": (section.every if section else None) or source.every,
    }  # fmt: skip


def _ledger(setting: Setting, source: "Source | None", url: str) -> dict[str, Any]:
    """What the archive knows of it; nothing where there is no archive."""
    from archiver.frontier import scope, traps
    from archiver.store import issues, ledger

    if not setting.archive.exists():
        return {"known": None, "seen": None, "linked_from": [], "redirected_from": [], "trap": None}
    with setting.reading() as conn:
        seen = ledger.sightings(conn, url)
        closed = issues.traps(conn, source.id) if source and not scope.is_endless(source, url) else {}
        return {
            "known": ledger.entry(conn, url), "linked_from": seen.pop("linked_from") if seen else [], "seen": seen,
            "redirected_from": ledger.redirects_to(conn, url), "trap": closed.get(traps.shape(url) or ""),
        }  # fmt: skip


@click.command("issues")
@click.option("--source", metavar="NAME", help="Of one source, by the stem of its file.")
@click.option("--kind", metavar="KIND", help="Of one kind: witnesses-disagree, bulk-date, challenge …")
@click.option("--since", type=Moment(), metavar="TIME", help="Seen at or after this time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def issues_command(
    setting: Setting, source: str | None, kind: str | None, since: datetime | None, as_json: bool
) -> None:
    """What a person should look at, folded by cause, newest first."""
    from archiver.cli.naming import known_source
    from archiver.store import issues

    with setting.reading() as conn:
        source = known_source(conn, source)
        rows = issues.listed(conn, source=source, kind=kind, since=since)
        kinds = sorted({str(row["kind"]) for row in issues.listed(conn)}) if kind and not rows else None
    if kinds is not None and kind not in kinds:
        click.echo(f"Note: no issue here is of the kind {kind!r}; there are: {', '.join(kinds) or 'none'}.", err=True)
    if as_json:
        print_lines(rows)
        return
    from archiver.cli.tell import tell_issues

    tell_issues(rows)

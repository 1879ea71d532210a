"""The words of a dataset release: what it is, how it is cited, and what was looked at and what was not. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archiver.publish.dictionary import VIEWS, columns_of

Row = Mapping[str, Any]
COUNTS = ("asked", "answered", "moved", "gone", "refused", "failed", "barred", "bad")


@dataclass(frozen=True, slots=True)
class Release:
    """What a release calls itself; `at` is a day, '2026-03-09'."""

    title: str
    authors: tuple[str, ...]
    at: str
    number: str  # of this release
    program: str
    licence: str | None = None  # an SPDX name
    url: str | None = None
    doi: str | None = None


def citation_cff(release: Release) -> str:
    """CITATION.cff 1.2.0 (https://citation-file-format.github.io). Strings stand as JSON, which YAML reads."""
    lines: list[tuple[str, object]] = [
        ("cff-version", "1.2.0"),
        ("message", "If you use this dataset, please cite it as below."),
        ("type", "dataset"),
        ("title", release.title),
        ("version", release.number),
        ("date-released", release.at),
        ("authors", [{"name": name} for name in release.authors]),
        ("license", release.licence),
        ("url", release.url),
        ("doi", release.doi),
    ]
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines if value is not None)


def citation_line(release: Release) -> str:
    """The release in one line of a list of references."""
    authors = "; ".join(release.authors)
    where = f" https://doi.org/{release.doi}" if release.doi else f" {release.url}" if release.url else ""
    return f"{authors} ({release.at[:4]}). {release.title} (version {release.number}) [Data set].{where}"


def readme(release: Release, facts: Row, counts: Mapping[str, int], form: str) -> str:
    """README.md: what is in the folder, how to read it, how to cite it, what it does not show."""
    tables = [f"| `data/{name}.{form}` | {rows} | {VIEWS[name].row} |" for name, rows in counts.items()]
    licence = release.licence or (
        "none stated. The texts are the municipalities' own; what may be done with them is for whoever publishes "
        "this dataset to find out and to say"
    )
    words = [part for name in counts for part in ("", f"### {name}", "", *_dictionary(name))]
    return "\n".join([
        f"# {release.title}",
        "",
        f"Version {release.number}, made {release.at} with {release.program}.",
        "",
        f"Cite as: {citation_line(release)}",
        "",
        "## What is in it",
        "",
        f"{facts['captures']} answers of web servers between {facts['first'] or '–'} and {facts['last'] or '–'} (UTC),"
        f" of {facts['pages']} pages, which changed {facts['changes']} times."
        f" {facts['imported']} further answers were imported from other archives: they are not our observations.",
        "",
        "| file | rows | a row is |", "|---|---:|---|", *tables,
        "",
        "`datapackage.json` is the data dictionary (Frictionless Data Package); the same is printed below."
        " `COVERAGE.md` says what was looked at and what was not. `SHA256SUMS`: `sha256sum -c SHA256SUMS`.",
        "",
        "## How to read it",
        "",
        "- A change has a window, not a moment: it came after `last_seen_before` and before `seen_after`.",
        "- Dates that a page states (`published`, `updated`, `reviewed`) are never guessed and keep their precision:"
        " `2019-11` is a month. Null: the page states none.",
        "- Not seen is not gone: look into COVERAGE.md before you count what is missing.",
        "- Words that were redacted, or are under embargo, are not in it; `redaction_log` says how often and why.",
        "",
        "## Where it is from",
        "",
        f"The last seal of the archive is `{facts['seal'] or 'none'}` ({facts['sealed_at'] or '–'}). Whoever holds the"
        " archive can show with it that nothing was altered; that a site sent what was received, no seal can show.",
        "",
        f"Licence: {licence}.",
        "",
        "## The columns",
        *words,
        "",
    ])  # fmt: skip


def coverage_statement(release: Release, sources: Iterable[Row], facts: Row) -> str:
    """COVERAGE.md: for each source, how long and how well it was looked at."""
    rows = [
        f"| {row['municipality']} ({row['code']}) | {row['first']} | {row['last']} | {row['days']} | "
        f"{row['days_without']} | {' | '.join(str(row[name]) for name in COUNTS)} |"
        for row in sources
    ]
    return "\n".join([
        f"# What was looked at: {release.title}",
        "",
        "One line a source. *Days without* are days between the first and the last on which nothing was asked: what was"
        " on the site only then was not seen. *Failed*, *refused* and *barred* are requests without an answer; *bad*"
        " are answers that were not taken for the page (a challenge, a login). None of these ever begins or"
        " ends a state of a page.",
        "",
        "| source | first day | last day | days looked on | days without | " + " | ".join(COUNTS) + " |",
        "|---|---|---|" + "---:|" * (2 + len(COUNTS)),
        *(rows or ["| nothing was ever asked |" + " |" * (4 + len(COUNTS))]),
        "",
        f"Imported from other archives, and not counted above: {facts['imported']} answers.",
        "",
        "`data/coverage` has the same by day, and `data/gaps` each page's own stretches without a good answer.",
        "",
    ])  # fmt: skip


def _dictionary(name: str) -> list[str]:
    return [
        "| column | type | meaning |",
        "|---|---|---|",
        *(f"| `{column}` | {c.type} | {c.meaning.replace('|', '/')} |" for column, c in columns_of(name).items()),
    ]

"""A municipality: what we watch and saw of it, when it changes, how its own dates follow, what is gone; and all 290."""

from contextlib import suppress
from datetime import date
from functools import cache
from urllib.parse import unquote

from archiver.asking.municipalities import find_held
from archiver.config import find, packaged
from archiver.config.municipalities import Municipality, municipalities
from archiver.errors import ConfigError, NotFound
from archiver.room.charts import calendar
from archiver.room.frame import Answer, Ask, Row
from archiver.room.pages import shared
from archiver.room.told import ZONE, days_between, moment

MONTHS = 12
_LISTED = 10
_OUTCOMES = ("ok", "same", "moved", "gone", "refused", "failed", "barred")


def municipality(ask: Ask) -> Answer:
    """One municipality, by its code, its name or its source's id."""
    source = _source(ask, unquote(ask.names["name"]))
    code, name = source["code"], source["municipality"]
    days = _days(ask, source["id"])
    seen = sorted({row["day"] for row in days if row["outcome"] in ("ok", "same")})
    last = date.fromisoformat(seen[-1]) if seen else ask.told.now.astimezone(ZONE).date()
    return ask.render(
        "municipality.html",
        source=source,
        key=code or source["id"],
        counts=_counts(ask, source["id"]),
        seen=seen,
        span=days_between(seen[0], seen[-1]) if seen else 0,
        calendar=calendar(_per_day(ask, source["id"]), seen, last, MONTHS),
        honesty=_honesty(ask, source["id"]),
        gone=ask.rows(
            """SELECT page_id, url, title, last_seen_before, first_missed, sign, misses, still_linked
               FROM disappearances
               WHERE municipality = :name AND code = :code AND state = 'gone' ORDER BY first_missed DESC LIMIT :most""",
            name=name, code=code, most=_LISTED,
        ),
        documents=_newest_documents(ask, source["id"]),
        outcomes=_outcomes(days),
        bad=_bad(ask, source["id"]),
        feed=ask.feed("/changes.atom", [("m", code or source["id"])]),
        last=shared.last_run(ask),
        area="municipalities",
    )  # fmt: skip


def everyone(ask: Ask) -> Answer:
    """All municipalities, those of the archive with their state, the others county by county."""
    held = {row["code"] or row["id"]: row for row in _held(ask)}
    rows: list[Row] = [
        {"code": m.code, "name": m.name, "county": m.county, "held": held.pop(m.code, None)} for m in _table()
    ]
    rows += [{"code": code, "name": r["municipality"], "county": r["county"], "held": r} for code, r in held.items()]
    county = ask.one("county")
    only = ask.one("held") == "1"
    chosen = sorted((r for r in rows if county in ("", r["county"])), key=lambda r: _sorted(r["name"]))
    return ask.render(
        "municipalities.html",
        held=[r for r in chosen if r["held"]],
        others=[] if only else _by_county(chosen),
        counties=sorted({r["county"] for r in rows if r["county"]}, key=_sorted),
        county=county,
        only=only,
        number=sum(1 for r in rows if r["held"]),
        total=len(rows),
        now=ask.told.now,
        last=shared.last_run(ask),
        area="municipalities",
    )


def _by_county(rows: list[Row]) -> list[Row]:
    """The municipalities that the archive does not hold, by county, and how many of each county it holds."""
    found = []
    for county in sorted({r["county"] for r in rows}, key=_sorted):
        those = [r for r in rows if r["county"] == county]
        others = [r for r in those if not r["held"]]
        if others:
            found.append({"county": county, "rows": others, "held": len(those) - len(others), "whole": len(those)})
    return found


@cache
def _table() -> tuple[Municipality, ...]:
    """The table that came with the program; empty where it is not there."""
    try:
        return tuple(municipalities(packaged()))
    except ConfigError:
        return ()


def _sorted(name: str) -> str:
    """A key that puts å, ä and ö after z, in that order."""
    return name.lower().translate({ord("å"): "{", ord("ä"): "|", ord("ö"): "}"})


def _source(ask: Ask, wanted: str) -> Row:
    try:
        held = find_held(ask.conn, wanted).source
    except NotFound:
        raise NotFound(f"nothing of {_spelled(wanted)} is in the archive") from None
    row = ask.row("SELECT id, code, municipality, county, language, added_at FROM sources WHERE id = :it", it=held)
    if row is None:
        raise NotFound(f"nothing of {wanted} is in the archive")
    return row


def _spelled(wanted: str) -> str:
    """The name of a municipality as it is spelled; of none, what was asked for."""
    with suppress(NotFound):
        return find(_table(), wanted).name
    return wanted


def _counts(ask: Ask, source: str) -> Row:
    """Pages and documents that are there, and those that are gone."""
    rows = ask.rows(
        """SELECT p.kind, r.state, count(*) AS number, sum(d.updated IS NOT NULL) AS dated FROM pages p
           JOIN revisions r ON r.page_id = p.id AND r.number = (SELECT max(number) FROM revisions WHERE page_id = p.id)
           LEFT JOIN documents d ON d.id = r.document_id
           WHERE p.source_id = :source AND p.kind IN ('page', 'file') GROUP BY p.kind, r.state""",
        source=source,
    )
    by = {(row["kind"], row["state"]): row for row in rows}
    one = {"number": 0, "dated": 0}
    return {
        "pages": by.get(("page", "present"), one)["number"], "files": by.get(("file", "present"), one)["number"],
        "dated": by.get(("page", "present"), one)["dated"] or 0,
        "pages_gone": by.get(("page", "gone"), one)["number"], "files_gone": by.get(("file", "gone"), one)["number"],
    }  # fmt: skip


def _days(ask: Ask, source: str) -> list[Row]:
    """How many captures came to what on each Swedish day, counted by the hour in which their run began."""
    rows = ask.rows(
        """SELECT substr(n.started_at, 1, 13) AS hour, c.outcome, count(*) AS number
           FROM runs n JOIN captures c ON c.run_id = n.id WHERE n.source_id = :source
           GROUP BY hour, c.outcome""",
        source=source,
    )
    return [row | {"day": f"{moment(row['hour'] + ':00:00Z'):%F}"} for row in rows]


def _per_day(ask: Ask, source: str) -> dict[str, int]:
    """Changes by the Swedish day on which we saw them; a site-wide change counts once."""
    rows = ask.rows(
        """SELECT min(r.first_seen) AS at FROM pages p JOIN revisions r ON r.page_id = p.id AND r.number > 1
           LEFT JOIN change_classes x ON x.revision_id = r.id AND x.event_id IS NOT NULL
           WHERE p.source_id = :source AND p.kind IN ('page', 'file')
             AND NOT EXISTS (SELECT 1 FROM change_classes t WHERE t.revision_id = r.id AND t.class = 'technical')
           GROUP BY coalesce('e' || x.event_id, r.id)""",
        source=source,
    )
    found: dict[str, int] = {}
    for row in rows:
        day = f"{moment(row['at']):%F}"
        found[day] = found.get(day, 0) + 1
    return found


def _honesty(ask: Ask, source: str) -> Row:
    """How the pages' own dates follow their text: of changes of text the silent ones, of moved dates those that moved
    alone. A silent edit of links only is no change of text."""
    return ask.row(
        """WITH mine AS MATERIALIZED (SELECT r.id, r.document_id FROM pages p
             JOIN revisions r ON r.page_id = p.id AND r.number > 1 WHERE p.source_id = :source AND p.kind = 'page'
               AND NOT EXISTS (SELECT 1 FROM change_classes t WHERE t.revision_id = r.id AND t.class = 'technical')),
             texts AS MATERIALIZED (SELECT m.id FROM mine m
               JOIN changes k ON k.revision_id = m.id AND k.kind = 'text'
               JOIN documents d ON d.id = m.document_id AND d.updated IS NOT NULL)
           SELECT
             (SELECT count(*) FROM change_classes WHERE class = 'silent-edit' AND revision_id IN (SELECT id FROM texts))
               AS silent,
             (SELECT count(*) FROM texts) AS texts,
             (SELECT count(*) FROM change_classes WHERE class = 'touch' AND revision_id IN (SELECT id FROM mine))
               AS touches,
             (SELECT count(DISTINCT revision_id) FROM changes WHERE kind IN ('published', 'updated', 'reviewed')
                AND revision_id IN (SELECT id FROM mine)) AS moves,
             (SELECT count(*) FROM change_classes WHERE class IN ('date-regression', 'backdated-publication')
                AND revision_id IN (SELECT id FROM mine)) AS backwards""",
        source=source,
    ) or {}  # fmt: skip


def _newest_documents(ask: Ask, source: str) -> list[Row]:
    return ask.rows(
        """SELECT p.id AS page_id, d.title, a.url, r.first_seen, r.first_capture FROM pages p
           JOIN revisions r ON r.page_id = p.id AND r.number = 1
           JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id
           LEFT JOIN documents d ON d.id = r.document_id
           WHERE p.source_id = :source AND p.kind = 'file' ORDER BY r.first_seen DESC, p.id DESC LIMIT :most""",
        source=source,
        most=_LISTED,
    )


def _outcomes(days: list[Row]) -> list[Row]:
    """Requests by what came of them, all of time, and the last day it happened."""
    found = []
    for outcome in _OUTCOMES:
        rows = [row for row in days if row["outcome"] == outcome]
        if rows:
            last = max(row["day"] for row in rows)
            found.append({"outcome": outcome, "number": sum(row["number"] for row in rows), "last": last})
    return found


def _bad(ask: Ask, source: str) -> list[Row]:
    """Answers that were no good page, by why; counted for all sources at once, and seldom."""
    sql = """SELECT a.source_id, g.verdict, count(*) AS number, max(c.captured_at) AS last FROM readings g
        JOIN captures c ON c.id = g.capture_id JOIN addresses a ON a.id = c.address_id
        WHERE g.verdict <> 'good' GROUP BY a.source_id, g.verdict ORDER BY number DESC"""
    rows = ask.archive.kept("bad", lambda: ask.rows(sql))
    return [row for row in rows if row["source_id"] == source]


def _held(ask: Ask) -> list[Row]:
    """Each municipality of the archive: its pages and silent edits, when it was last well seen, whether long ago."""
    pages = shared.pages_by_source(ask)
    silent = {
        row["source_id"]: row["number"]
        for row in ask.rows(
            """SELECT p.source_id, count(*) AS number FROM change_classes x JOIN revisions r ON r.id = x.revision_id
               JOIN pages p ON p.id = r.page_id WHERE x.class = 'silent-edit' GROUP BY p.source_id"""
        )
    }
    return [
        row | {"pages": pages.get(row["id"], 0), "silent": silent.get(row["id"], 0)} for row in shared.well_seen(ask)
    ]

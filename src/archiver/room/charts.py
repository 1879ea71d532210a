"""Charts drawn on the server as SVG: per cent across and pixels down, so that one drawing fits every width.

Each has a title, a description, a key and a table beside it; marks differ in shape or size, not in colour alone. What
we did not see is hatched. The functions give geometry; `markup/charts.html` draws it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from archiver.room.frame import Row
from archiver.room.told import Told, moment

_MOST_TICKS = 400
"""Captures from which ticks are drawn as one band per unbroken run."""
_HEAT = ((8, 4), (4, 3), (2, 2), (1, 1))
"""From how many changes a day is drawn in which of the four sizes."""


@dataclass(frozen=True)
class Axis:
    """A span of time on a line of 100 per cent."""

    first: datetime
    last: datetime

    def at(self, when: datetime) -> float:
        """Where a time stands, in per cent; what lies outside stands at the end."""
        whole = (self.last - self.first).total_seconds() or 1.0
        return round(max(0.0, min(100.0, 100 * (when - self.first).total_seconds() / whole)), 3)

    def months(self, t: Told) -> list[Row]:
        """The beginnings of months, or of days in a short span: where, and what they are called; twelve at most."""
        days = (self.last - self.first).days
        if days < 62:
            step = max(1, -(-days // 8))
            marks = [
                self.first.replace(hour=0, minute=0, second=0) + timedelta(days=k) for k in range(1, days + 1, step)
            ]
            return [{"x": self.at(m), "text": f"{m.day} {t.month(f'{m:%Y-%m}', year=False)}"} for m in marks]
        starts = [(y, m) for y in range(self.first.year, self.last.year + 1) for m in range(1, 13)]
        marks = [datetime(y, m, 1, tzinfo=self.first.tzinfo) for y, m in starts]
        marks = [m for m in marks if self.first <= m <= self.last]
        step = -(-len(marks) // 12)
        return [
            {"x": self.at(m), "text": t.month(f"{m:%Y-%m}", year=m.month == 1 or k == 0)}
            for k, m in enumerate(marks[::step])
        ]


@dataclass
class Timeline:
    """A page's life on one axis: revisions as a band, captures as ticks, gaps, and what the page said of its dates."""

    axis: Axis
    bands: list[Row] = field(default_factory=list)
    ticks: list[Row] = field(default_factory=list)
    runs: list[Row] = field(default_factory=list)  # in place of ticks where there are many
    gaps: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    earlier: list[Row] = field(default_factory=list)  # claims from before the axis begins


def timeline(revisions: Sequence[Row], captures: Sequence[Row], claims: Iterable[Row], now: datetime) -> Timeline:
    """The timeline of a page. `claims`: meaning and value of each date it ever believed of itself."""
    first = moment(captures[0]["captured_at"])
    last = max(moment(captures[-1]["captured_at"]), first + timedelta(days=1))
    chart = Timeline(Axis(first, last + (last - first) / 60))
    for k, row in enumerate(revisions):
        start, end = chart.axis.at(moment(row["first_seen"])), chart.axis.at(moment(row["last_seen"]))
        width, is_technical = max(0.35, round(end - start, 3)), "technical" in row["classes"]
        chart.bands.append(row | {"x": start, "width": width, "odd": k % 2, "is_technical": is_technical})
    chart.gaps = _gaps(chart.axis, captures)
    if len(captures) <= _MOST_TICKS:
        chart.ticks = [{"x": chart.axis.at(moment(c["captured_at"])), "good": c["good"]} for c in captures]
    else:
        chart.runs = _runs(chart.axis, captures)
    for claim in claims:
        when = _day(claim["value"])
        if when is None or when > now.date() + timedelta(days=1):
            continue
        at = datetime(when.year, when.month, when.day, 12, tzinfo=first.tzinfo)
        (chart.earlier if at.date() < first.date() else chart.claims).append(claim | {"x": chart.axis.at(at)})
    return chart


def _gaps(axis: Axis, captures: Sequence[Row]) -> list[Row]:
    """Stretches without a good capture, much longer than the page's rhythm."""
    good = [moment(c["captured_at"]) for c in captures if c["good"]]
    spans = [(b - a, a, b) for a, b in pairwise(good)]
    if len(spans) < 3:
        return []
    usual = sorted(span for span, _, _ in spans)[len(spans) // 2]
    long = [(a, b) for span, a, b in spans if span > max(3 * usual, timedelta(days=2))]
    return [{"x": axis.at(a), "width": round(axis.at(b) - axis.at(a), 3), "from": a, "to": b} for a, b in long]


def _runs(axis: Axis, captures: Sequence[Row]) -> list[Row]:
    """Captures as bands: one per stretch in which none was missing for long."""
    found: list[list[Row]] = []
    for row in captures:
        new = not found or found[-1][0]["good"] != row["good"]
        if new or moment(row["captured_at"]) - moment(found[-1][-1]["captured_at"]) > timedelta(days=2):
            found.append([])
        found[-1].append(row)
    return [
        {
            "x": axis.at(moment(run[0]["captured_at"])),
            "width": max(0.1, axis.at(moment(run[-1]["captured_at"])) - axis.at(moment(run[0]["captured_at"]))),
            "good": run[0]["good"],
        }
        for run in found
    ]


def _day(value: str | None) -> date | None:
    """The day of a claim that names one."""
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None


def calendar(changes: Mapping[str, int], seen: Iterable[str], last: date, months: int = 12) -> list[Row]:
    """A row a month, a cell a day: how many changes were seen, or that we did not look. The newest month last."""
    looked, rows = set(seen), []
    year, month = last.year, last.month
    for _ in range(months):
        days = [date(year, month, 1) + timedelta(days=k) for k in range(31)]
        days = [d for d in days if d.month == month and d <= last]
        cells = [_cell(d, changes.get(d.isoformat(), 0), d.isoformat() in looked) for d in days]
        total, watched = sum(c["changes"] for c in cells), sum(c["seen"] for c in cells)
        rows.append(
            {"month": f"{year}-{month:02}", "cells": cells, "changes": total, "seen": watched, "days": len(days)}
        )
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    while len(rows) > 1 and not rows[-1]["seen"] and not rows[-1]["changes"]:
        rows.pop()
    return rows[::-1]


def _cell(day: date, changes: int, seen: bool) -> Row:
    heat = next((size for least, size in _HEAT if changes >= least), 0)
    return {"day": day.day, "date": day.isoformat(), "changes": changes, "seen": seen or bool(changes), "heat": heat}


@lru_cache(maxsize=4096)  # asked for every revision found
def months_between(first: str, last: str, most: int = 24) -> tuple[str, ...]:
    """The months from one to another, both as '2025-11', the latest `most` of them."""
    year, month, found = int(first[:4]), int(first[5:7]), []
    while f"{year}-{month:02}" <= last:
        found.append(f"{year}-{month:02}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found[-most:])


def bars(counts: Mapping[str, int], wholes: Mapping[str, int], height: int = 120) -> list[Row]:
    """A bar a month, its share of the chart's width and its height; `wholes`: of how many. None of them: not seen."""
    most, number = max([*counts.values(), 1]), max(len(wholes), 1)
    width = 100 / number
    return [
        {
            "month": month, "count": counts.get(month, 0), "whole": whole, "x": round(k * width + width * 0.08, 3),
            "width": round(width * 0.84, 3), "middle": round((k + 0.5) * width, 3),
            "height": round(height * counts.get(month, 0) / most),
            "named": k % max(1, -(-number // 12)) == 0, "wide": bool(k % max(1, -(-number // 4))),
        }
        for k, (month, whole) in enumerate(wholes.items())
    ]  # fmt: skip

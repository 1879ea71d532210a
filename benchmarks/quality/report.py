"""The figures as tables that a person reads."""

from collections.abc import Iterable, Mapping

from benchmarks.quality.costs import Costs
from benchmarks.quality.scoring import DATES, Tally
from benchmarks.tables import table

_WORDS = ("exact", "rightly none", "missing", "wrong", "invented")
_QUALITY = (
    ("title", "title.exact"),
    ("body P", "body.precision"), ("body R", "body.recall"), ("body F1", "body.f1"),
    ("links P", "links.precision"), ("links R", "links.recall"),
    ("tables R", "tables.recall"), ("lists R", "lists.recall"),
)  # fmt: skip


def of_set(tallies: Mapping[str, Tally]) -> Iterable[str]:
    """The tables of one set: its dates, then title, text and links; of each only what the set knows."""
    for meaning in DATES:
        rows = [
            [name, str(tally.dates[meaning].total()), *(str(tally.dates[meaning][word]) for word in _WORDS)]
            for name, tally in tallies.items()
            if tally.dates.get(meaning)
        ]
        if rows:
            yield table([meaning, "pages", *_WORDS], rows)
    measures = {name: tally.measures() for name, tally in tallies.items()}
    columns = [(head, key) for head, key in _QUALITY if any(key in found for found in measures.values())]
    rows = [
        [name, str(tallies[name].pages), *(_share(found.get(key)) for _, key in columns)]
        for name, found in measures.items()
        if any(key in found for _, key in columns)
    ]
    if rows:
        yield table(["", "pages", *(head for head, _ in columns)], rows)


def of_costs(costs: Costs) -> Iterable[str]:
    """What a page costs, in which proportions, and how the cost grows with its size."""
    rows = [
        [name, str(len(costs.pages)), *(f"{found[key]:.2f}" for key in ("median", "mean", "p99"))]
        for name, found in costs.summary().items()
    ]
    yield table(["CPU ms a page", "pages", "median", "mean", "99 %"], rows)
    yield ", ".join(f"{name}: {ratio:.1f}" for name, ratio in costs.ratios().items())
    sizes = [[f"{size:.0f}", f"{ms:.2f}", f"{rate:.2f}"] for size, ms, rate in costs.deciles()]
    yield table(["kB (tenths of the pages)", "ms", "ms / 100 kB"], sizes)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"

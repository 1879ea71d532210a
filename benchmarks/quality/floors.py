"""What our reading may not fall below: read from floors.toml, where a new row raises a floor and none is removed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

FILE = Path(__file__).with_name("floors.toml")
Floors = Mapping[str, Mapping[str, "Floor"]]
Measures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Floor:
    """The least that a measure may be, and since when."""

    least: float
    since: date


@dataclass(frozen=True)
class Miss:
    """A floor that is not met; `found` is None where nothing was measured at all."""

    place: str
    least: float
    found: float | None

    def __str__(self) -> str:
        """In words."""
        found = "not measured" if self.found is None else f"{self.found:.4f}"
        return f"{self.place}: {found}, and the floor is {self.least:.4f}"


def load(text: str) -> dict[str, dict[str, Floor]]:
    """Set -> measure -> floor. Raises ValueError where a floor falls, or its rows are not in the order of days."""
    found: dict[str, dict[str, Floor]] = {}
    for name, measures in tomllib.loads(text).items():
        for measure, rows in measures.items():
            history = [Floor(float(row["least"]), row["since"]) for row in rows]
            found.setdefault(name, {})[measure] = _risen(f"{name}: {measure}", history)
    return found


def _risen(place: str, history: list[Floor]) -> Floor:
    for before, after in pairwise(history):
        if after.least <= before.least or after.since < before.since:
            raise ValueError(f"{place}: a floor may only rise, from {before.least} to {after.least}")
    if not history or not all(0 < row.least <= 1 for row in history):
        raise ValueError(f"{place}: a floor is a share above nothing")
    return history[-1]


def missed(measured: Measures, floors: Floors) -> list[Miss]:
    """The floors that are not met, of the sets that were measured."""
    return [
        Miss(f"{name}: {measure}", floor.least, measured[name].get(measure))
        for name, of_set in floors.items()
        if name in measured
        for measure, floor in of_set.items()
        if measured[name].get(measure, -1.0) < floor.least
    ]

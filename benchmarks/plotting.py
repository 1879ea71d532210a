"""A plot as SVG, both axes logarithmic."""

import math
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import NamedTuple

WIDTH, HEIGHT = 860, 520
LEFT, RIGHT, TOP, BOTTOM = 80, 200, 50, 60
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56708a", "#b58900", "#5b3a8e", "#444444")
"""Told apart also by those who see few colours; each line has its name at its end besides."""
APART = 17
"""Pixels between two names at least."""


class Line(NamedTuple):
    """A name and its points."""

    name: str
    points: list[tuple[float, float]]


def plot(title: str, across: str, up: str, lines: list[Line]) -> str:
    """The SVG: a decade at a time, a name at the end of each line."""
    xs, ys = ([math.log10(p[i]) for line in lines for p in line.points] for i in (0, 1))
    low_x, high_x, low_y, high_y = min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys))
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (math.log10(value) for value in point)
        return (LEFT + wide * (x - low_x) / ((high_x - low_x) or 1), TOP + tall * (high_y - y) / (high_y - low_y))

    parts = [*_frame(title, across, up)]
    for power in range(math.ceil(low_x), math.floor(high_x) + 1):
        x, _ = place((10**power, 10**low_y))
        parts.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" class="g"/>')
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low_y, high_y + 1):
        _, y = place((10**low_x, 10.0**power))
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}" class="g"/>')
        parts.append(f'<text x="{LEFT - 10}" y="{y + 5:.0f}" text-anchor="end">{10.0**power:,.12g}</text>')
    drawn = [(line.name, [place(point) for point in line.points]) for line in lines]
    heights = _spread([points[-1][1] for _, points in drawn])
    for (name, points), y, colour in zip(drawn, heights, COLOURS * len(drawn), strict=False):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}')
        told = escape(name)
        parts.append(f'<text x="{WIDTH - RIGHT + 12}" y="{y + 5:.1f}" style="fill: {colour}">{told}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _frame(title: str, across: str, up: str) -> Iterator[str]:
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t" '
           'font-family="system-ui, sans-serif" font-size="14">')  # fmt: skip
    yield f'<title id="t">{escape(title)}</title>'
    yield "<style>.g { stroke: #d5dde2; } text { fill: #15242e; }</style>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield f'<text x="{LEFT}" y="28" font-size="17" font-weight="600">{escape(title)}</text>'
    x, y = LEFT + (WIDTH - LEFT - RIGHT) // 2, TOP + (HEIGHT - TOP - BOTTOM) // 2
    yield f'<text x="{x}" y="{HEIGHT - 14}" text-anchor="middle">{escape(across)}</text>'
    yield f'<text x="18" y="{y}" text-anchor="middle" transform="rotate(-90 18 {y})">{escape(up)}</text>'


def _spread(heights: list[float]) -> list[float]:
    """The heights, moved apart where names would lie on each other, in the same order."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = list(heights)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + APART)
    return placed

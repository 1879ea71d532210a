"""Figures as a table, in Markdown."""

from statistics import median, quantiles


def table(headings: list[str], rows: list[list[str]]) -> str:
    """The rows under their headings."""
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    rule = ["-" * width for width in widths]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in [headings, rule, *rows]]
    return "\n".join(f"| {' | '.join(row)} |" for row in padded)


def percentiles(milliseconds: list[float]) -> list[str]:
    """Median, 95th percentile, and the sum in seconds."""
    return [
        f"{median(milliseconds):.2f}",
        f"{quantiles(milliseconds, n=20)[-1]:.2f}",
        f"{sum(milliseconds) / 1000:.1f}",
    ]

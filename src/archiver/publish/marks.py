"""A block's spans as they are shown: marks around words, spaces between them outside. Pure."""

from collections.abc import Iterable

from archiver.model import Span

Shown = tuple[str, str]
"""What became of a run ('same', 'added', 'removed'), and its text."""


def shown(spans: Iterable[Span]) -> list[Shown]:
    """The spans for reading: no mark begins or ends with a space, and what replaced stands apart from what it replaced.

    The words are the page's; the spaces between marks are ours.
    """
    found: list[Shown] = []
    for span in spans:
        found += [("same", span.text)] if span.op == "same" else _marked(span, bool(found) and found[-1][0] != "same")
    return found


def _marked(span: Span, touches: bool) -> list[Shown]:
    """One mark with its outer spaces outside; a mark of spaces alone shows them as U+2423."""
    core = span.text.strip()
    if not core:
        return [(span.op, "\u2423" * len(span.text))]
    start = span.text.index(core)
    before, behind = span.text[:start], span.text[start + len(core) :]
    parts = [("same", before or (" " if touches else "")), (span.op, core), ("same", behind)]
    return [part for part in parts if part[1]]

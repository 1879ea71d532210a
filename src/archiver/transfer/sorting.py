"""Lines in order, however many: sorted in parts on disk, and merged."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice

AT_ONCE = 100_000
"""Lines that are held in memory."""


def sorted_lines(lines: Iterable[str], at_once: int = AT_ONCE) -> Iterator[str]:
    """The lines, each with its line end, in the order of their code points."""
    source = iter(lines)
    with ExitStack() as stack:
        parts: list[Iterable[str]] = []
        while part := sorted(islice(source, at_once)):
            if len(part) < at_once and not parts:
                yield from part
                return
            file = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            file.writelines(part)
            file.seek(0)
            parts.append(file)
        yield from heapq.merge(*parts)

"""A crawl's progress in a terminal: what is done, how fast, what is left. Silent elsewhere."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from archiver.clock import Clock
from archiver.crawl import Crawl
from archiver.store import Archive, plan

EVERY = 0.5
"""Seconds between two looks at the tallies."""


@contextmanager
def showing_progress(archive: Archive, crawls: Sequence[Crawl], clock: Clock, *, quiet: bool) -> Iterator[None]:
    """Show a line per source while the crawls go on; nothing where standard error is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    progress = Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f} asked, {task.fields[left]} left"),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TextColumn("{task.fields[found]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with progress:
        watcher = asyncio.create_task(_watch(progress, archive, crawls, clock))
        try:
            yield
        finally:
            watcher.cancel()


async def _watch(progress: Progress, archive: Archive, crawls: Sequence[Crawl], clock: Clock) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    tasks = [progress.add_task(c.tally.source, total=None, left="?", rate=0.0, found="") for c in crawls]
    while True:
        for crawl, task in zip(crawls, tasks, strict=True):
            tally = crawl.tally
            done = tally.asked + tally.barred
            left = plan.backlog(archive.reader, tally.source, clock.now())
            progress.update(
                task,
                completed=done,
                total=done + left or None,
                left=left,
                rate=done / max(loop.time() - begun, 0.001),
                found=f"{tally.new} new, {tally.changed} changed",
            )
        await asyncio.sleep(EVERY)

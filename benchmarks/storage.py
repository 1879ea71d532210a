"""What a body costs to keep: ours beside git, gzip and plain zstd, over series of revisions, in one run.

    python -m benchmarks.storage [--compact]

Three series: regeringen.se's texts (831 revisions of 359 pages), two UK pages day by day, a Swedish site on two dates.
Git gets one commit a day and `git gc`; its bytes are those of its packs. Ours are the bytes of `bodies.data` and 120 a
row, which is what a row of that table takes beside them. CPU is of this process, for git of its children.
"""

import argparse
import csv
import gzip
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from archiver import zstd
from archiver.store import bodies, compacting, open_archive
from benchmarks import CORPUS
from benchmarks.standing import Standing, has_corpus, without_program
from benchmarks.tables import table

ROW = 120
Series = list[tuple[str, str, bytes]]
"""(day, page, body), in the order of time."""


def regeringen() -> Series:
    """The texts of a government site."""
    raw = zstd.decompress((CORPUS / "regeringen_revisions" / "revisions.jsonl.zst").read_bytes())
    found = [
        (revision["committed_at"], page["url"], revision["text"].encode())
        for page in map(json.loads, raw.decode().splitlines())
        for revision in page["revisions"]
    ]
    return sorted(found, key=lambda item: item[0])


def uk(unpacked: Path) -> Series:
    """Two pages, captured daily."""
    with (CORPUS / "uk_revisions" / "index.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = [(row["captured"], row["page"], (unpacked / row["file"]).read_bytes()) for row in rows]
    return sorted(found, key=lambda item: item[:2])


def dunkers(unpacked: Path) -> Series:
    """A site on two dates."""
    days = sorted(unpacked.iterdir())
    return [
        (day.name, str(path.relative_to(day)), path.read_bytes())
        for day in days
        for path in sorted(day.rglob("*.html"))
    ]


def all_series(scratch: Path) -> Iterator[tuple[str, Series]]:
    """The three, unpacked into a scratch folder where they must be."""
    yield "regeringen_revisions", regeringen()
    for name, archive in (("uk_revisions", "uk_revisions/pages.tar.zst"), ("dunkers", DUNKERS)):
        folder = scratch / name
        folder.mkdir()
        subprocess.run(["tar", "--zstd", "-xf", CORPUS / archive, "-C", folder], check=True)
        yield name, uk(folder) if name == "uk_revisions" else dunkers(_dated(folder))


DUNKERS = "municipio/dunkerskulturhus.se.tar.zst"


def _dated(folder: Path) -> Path:
    """The folder below which there is one folder a day."""
    while len(found := [p for p in folder.iterdir() if p.is_dir()]) == 1:
        folder = found[0]
    return folder


def git(series: Series, scratch: Path) -> tuple[int, float]:
    """Bytes of the packs after `git gc`, and CPU seconds of all that git did."""
    repository = scratch / "repository"
    repository.mkdir()
    run = lambda *words: subprocess.run(  # noqa: E731
        ["git", "-c", "user.name=b", "-c", "user.email=b@b.example", "-c", "gc.auto=0", *words],
        cwd=repository, check=True, capture_output=True,
    )  # fmt: skip
    names = {page: f"{n:05}" for n, page in enumerate(dict.fromkeys(page for _, page, _ in series))}
    before = os.times()
    run("init", "-q")
    day = series[0][0]
    for at, page, body in [*series, ("", "", b"")]:
        if at != day:
            run("add", "-A")
            run("commit", "-q", "--allow-empty", "-m", day)
            day = at
        if page:
            (repository / names[page]).write_bytes(body)
    run("gc", "-q")
    after = os.times()
    size = sum(p.stat().st_size for p in (repository / ".git" / "objects" / "pack").iterdir())
    return size, after.children_user + after.children_system - before.children_user - before.children_system


def ours(series: Series, file: Path, *, compact: bool) -> dict[str, float]:
    """Bytes and milliseconds of keeping each body as a crawl does, and of reading each back."""
    latest: dict[str, int] = {}
    ids: list[tuple[int, bytes]] = []
    sibling: bodies.Sibling | None = None
    with open_archive(file) as archive:
        begun = time.process_time()

        def keep(conn) -> None:  # type: ignore[no-untyped-def]
            nonlocal sibling
            for _, page, body in series:
                found = bodies.put(conn, body, "html", latest.get(page), sibling)
                sibling = sibling or bodies.as_sibling(conn, found, body)
                latest[page] = found
                ids.append((found, body))

        archive.write(keep)
        kept = time.process_time() - begun
        if compact:
            compacting.compact(archive)
        size, rows = archive.reader.execute("SELECT sum(length(data)), count(*) FROM bodies").fetchone()
        took = []
        for found, body in ids:
            begun = time.process_time()
            same = bodies.get(archive.reader, found) == body
            took.append((time.process_time() - begun) * 1000)
            assert same
    return {
        "bytes": size + ROW * rows, "in": 1000 * kept / len(series), "out99": quantiles(took, n=100)[-1],
        "bodies": rows,
    }  # fmt: skip


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """Bytes and time of each series beside git's; `quick`: without the site on two dates."""
    if not has_corpus("storage"):
        return
    note = without_program("git", "tar", "zstd")
    if note:
        yield Standing("keeping bodies", "MB", None, "git gc", note=note)
        return
    with tempfile.TemporaryDirectory() as scratch:
        for name, series in all_series(Path(scratch)):
            if quick and name == "dunkers":
                continue
            place = Path(scratch) / f"{name}-work"
            place.mkdir()
            size, cpu = git(series, place)
            for suffix, compact, apart in (("", False, 1 / 1.4), (", compacted", True, 1.0)):
                mine = ours(series, place / f"archive{suffix[2:]}.db", compact=compact)
                yield Standing(f"storage: {name}{suffix}", "MB", mine["bytes"] / 1e6, "git gc", size / 1e6,
                               apart=round(apart, 2))  # fmt: skip
                if not compact:
                    yield Standing(f"storage: {name}, in", "CPU ms a body", mine["in"], "git", 1000 * cpu / len(series),
                                   most=1)  # fmt: skip
                    yield Standing(f"storage: {name}, out, 99 %", "CPU ms a body", mine["out99"], most=1.5)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--compact", action="store_true", help="pack anew before measuring")
    compact = arguments.parse_args().compact
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, series in all_series(Path(scratch)):
            place = Path(scratch) / f"{name}-work"
            place.mkdir()
            raw = sum(len(body) for _, _, body in series)
            theirs, cpu = git(series, place)
            mine = ours(series, place / "archive.db", compact=compact)
            single = sum(len(zstd.compress(body, 8)) for _, _, body in series)
            zipped = sum(len(gzip.compress(body, 6)) for _, _, body in series)
            rows.append([
                name, str(len(series)), f"{raw / 1e6:.1f}", f"{raw / zipped:.1f}", f"{raw / single:.1f}",
                f"{raw / theirs:.1f}", f"{raw / mine['bytes']:.1f}", f"{mine['bytes'] / theirs:.2f}",
                f"{1000 * cpu / len(series):.1f}", f"{mine['in']:.2f}", f"{mine['out99']:.2f}",
            ])  # fmt: skip
    head = ["series", "bodies", "raw MB", "gzip x", "zstd x", "git gc x", "ours x", "ours / git bytes",
            "git CPU ms", "in CPU ms", "out 99 % ms"]  # fmt: skip
    print(table(head, rows))


if __name__ == "__main__":
    main()

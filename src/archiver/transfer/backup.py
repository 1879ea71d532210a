"""A copy of the archive for a bad day, and the way back from it. A copy that was not looked at is none."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.errors import EvidenceError, StoreError
from archiver.store import connections, copies, explained, prepare, reader
from archiver.transfer import deltas

Check = Callable[[sqlite3.Connection], Iterable[str]]
"""All that does not fit in an archive, one sentence each: `verify`."""
_LISTED = re.compile(r"([0-9a-f]{64})  ")
_SAID = 3  # problems that are told; `archiver verify` tells all


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the archive that was made, or put back."""

    path: Path
    size: int  # bytes
    sha256: str  # of the file
    captures: int
    seal: str | None  # the chain value of the last seal; None: no run was finished
    verified: bool  # every digest; else the file as SQLite sees it
    aside: Path | None = None  # restored: where the archive went that stood there
    base: Path | None = None  # the whole backup that this one is a delta of


def back_up(
    archive: Path,
    target: Path,
    at: datetime,
    check: Check | None,
    watch: copies.Watch | None = None,
    *,
    incremental: bool = False,
) -> Backup:
    """Copy the archive, while it is written to or not, to `target`: a new file, or a folder where it is named by time.

    The file has its name only when it was checked, and stands beside its SHA-256 in the form of `sha256sum`. Without
    `check`, and for an archive of an older release, only the file is looked at. `incremental`, into a folder: what
    changed since the newest whole backup there, where that is much less than the whole (`deltas`). Raises StoreError,
    and EvidenceError where something does not fit; then nothing is left.
    """
    if incremental and not target.is_dir():
        raise StoreError(f"{target} is no folder: an incremental backup goes into the folder of the whole ones")
    base = deltas.latest_whole(target) if incremental else None
    final = target / f"{archive.stem}-{at:%Y%m%dT%H%M%SZ}.db" if target.is_dir() else target
    if final.exists():
        raise StoreError(f"{final} is there already: a backup never takes the place of another file")
    if not final.parent.is_dir():
        raise StoreError(f"there is no folder {final.parent} to keep {final.name} in")
    with _in_the_making(final) as making:
        copies.copy(archive, making, watch)
        found = _looked_at(making, final, check)
        if base is not None and (delta := _as_delta(base, making, final)) is not None:
            size, sha256 = delta.stat().st_size, copies.file_digest(delta)
            return replace(found, path=delta, size=size, sha256=sha256, base=base)
        _listed(final).write_text(f"{found.sha256}  {final.name}\n", "utf-8")
        copies.put(making, final)
    return found


def _as_delta(base: Path, whole: Path, final: Path) -> Path | None:
    """The file of what the whole has beside the base; None where that is not worth it."""
    delta = final.with_suffix(deltas.ENDING)
    with _in_the_making(delta) as making:
        deltas.write(base, whole, making)
        if making.stat().st_size > deltas.WORTH * whole.stat().st_size:
            return None
        _listed(delta).write_text(f"{copies.file_digest(making)}  {delta.name}\n", "utf-8")
        copies.put(making, delta)
    return delta


def restore(backup: Path, archive: Path, at: datetime, check: Check | None, *, replace: bool = False) -> Backup:
    """Put a backup, or any copy of an archive with its log, in the archive's place.

    One that stands there is refused; with `replace` it is renamed with its log, and kept. An older release's is
    brought up to date. Raises StoreError, and EvidenceError where something does not fit; then all is as before.
    """
    if not backup.is_file():
        raise StoreError(f"there is no backup at {backup}")
    if archive.exists() and backup.samefile(archive):
        raise StoreError(f"{backup} is the archive itself")
    if archive.exists() and not replace:
        raise StoreError(
            f"there is an archive at {archive}; with --replace it is renamed, and the backup takes its place"
        )
    if not archive.parent.is_dir():
        raise StoreError(f"there is no folder {archive.parent} to keep {archive.name} in")
    _compare(backup)
    with closing(connections.claim(archive)), _in_the_making(archive) as making:
        if backup.suffix == deltas.ENDING:
            deltas.compose(backup, making)
        else:
            copies.copy(backup, making)
        prepare(making)
        found = _looked_at(making, archive, check)
        aside = copies.set_aside(archive, f"{archive.name}.before-{at:%Y%m%dT%H%M%SZ}")
        copies.put(making, archive)
    return Backup(archive, found.size, found.sha256, found.captures, found.seal, found.verified, aside)


def _compare(backup: Path) -> None:
    """Where the digest of the file was kept beside it, it must be that. Raises EvidenceError."""
    listed = _listed(backup)
    noted = _LISTED.match(listed.read_text("utf-8", "replace")) if listed.is_file() else None
    if noted and copies.file_digest(backup) != noted[1]:
        raise EvidenceError(f"{backup} is not the file that was made: its SHA-256 should be {noted[1]}")


def _looked_at(made: Path, final: Path, check: Check | None) -> Backup:
    """What the copy holds. Raises EvidenceError where something in it does not fit."""
    with explained(made):
        with closing(copies.open_plain(made)) as conn:
            current = copies.is_current(conn)
            (captures,) = conn.execute("SELECT count(*) FROM captures").fetchone()
            seal = conn.execute("SELECT chain FROM seals ORDER BY id DESC LIMIT 1").fetchone()
            problems = [] if check and current else copies.sound(conn)
        if check and current:
            with closing(reader(made)) as conn:
                problems = list(check(conn))
    if problems:
        more = f"; and {len(problems) - _SAID} more" if len(problems) > _SAID else ""
        raise EvidenceError("; ".join(problems[:_SAID]) + more)
    for companion in copies.COMPANIONS:
        made.with_name(made.name + companion).unlink(missing_ok=True)
    size, sha256 = made.stat().st_size, copies.file_digest(made)
    return Backup(final, size, sha256, captures, seal[0] if seal else None, bool(check) and current)


@contextmanager
def _in_the_making(final: Path) -> Iterator[Path]:
    """A name beside the final one; what stands under it in the end is removed."""
    making = final.with_name(f".{final.name}.making")
    try:
        copies.remove(making)
        yield making
    except OSError as error:
        raise StoreError(f"{final}: {error.strerror or error}") from error
    finally:
        copies.remove(making)


def _listed(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")

"""A folder that can be published and cited: data, dictionary, checksums, coverage, and how to cite it."""

import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from archiver.errors import StoreError
from archiver.publish import release as words
from archiver.publish import tables
from archiver.publish.dictionary import VIEWS
from archiver.store import copies, exports
from archiver.transfer.export import Cut, Exported, Form, as_of_now, check_form, package, write


def release(
    conn: sqlite3.Connection, folder: Path, about: words.Release, form: Form, at: datetime, cut: Cut
) -> list[Exported]:
    """Make the folder, which must not be there; it has its name when it is whole. Raises StoreError.

    Every view is in it that the cut fits, all as of one moment.
    """
    check_form(form)
    if folder.exists():
        raise StoreError(f"{folder} is there already: a release never takes the place of another")
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    try:
        (making / "data").mkdir(parents=True)
        with as_of_now(conn):
            written = _fill(conn, making, about, form, at, cut)
        os.replace(making, folder)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return written


def _fill(
    conn: sqlite3.Connection, folder: Path, about: words.Release, form: Form, at: datetime, cut: Cut
) -> list[Exported]:
    chosen = [view for view in VIEWS if cut.unfit(view) is None]
    written = write(conn, chosen, form, folder / "data", cut, guarded=form == "csv")
    facts = exports.facts(conn, cut.kommun)
    described = package(conn, written, form, cut, at, guarded=form == "csv")
    described |= {
        "name": "archiver-release",
        "title": about.title,
        "version": about.number,
        "contributors": [{"title": name, "role": "author"} for name in about.authors],
        "resources": [one | {"path": f"data/{one['path']}"} for one in _resources(described)],
    }
    texts = {
        "README.md": words.readme(about, facts, {one.view: one.rows for one in written}, form),
        "COVERAGE.md": words.coverage_statement(about, exports.coverage_by_source(conn, cut.kommun), facts),
        "CITATION.cff": words.citation_cff(about),
        "datapackage.json": tables.json_text(described),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    listed = sorted([*texts, *(f"data/{one.path.name}" for one in written)])
    sums = "".join(f"{copies.file_digest(folder / name)}  {name}\n" for name in listed)
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    return written


def _resources(described: dict[str, object]) -> list[dict[str, object]]:
    found = described["resources"]
    return found if isinstance(found, list) else []

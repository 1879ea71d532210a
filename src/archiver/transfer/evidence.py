"""An evidence pack: two answers, what differs, how both were read, and the proof, in one zip."""

import io
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from importlib.resources import files
from pathlib import Path
from typing import Any

from archiver import __version__, proof
from archiver.digests import sha256
from archiver.errors import NotFound
from archiver.publish import Comparison, evidence, html, tables
from archiver.publish.account import account
from archiver.publish.records import change_object
from archiver.publish.unified import unified
from archiver.store import leaves, reading, records, seals
from archiver.store.records import Full
from archiver.store.times import to_text
from archiver.transfer.export import whole_file
from archiver.transfer.warc_out import Choice, Packed, Packer
from archiver.warc import cdxj

Print = Callable[[str], bytes | None]
"""From HTML to PDF, where there is something that can."""
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same pack is the same bytes


@dataclass(frozen=True, slots=True)
class Made:
    """What the pack needs beside the archive."""

    archive: str  # whose archive it is
    at: datetime
    zone: tzinfo
    printing: Print
    embargoed: bool = False


def write_pack(conn: sqlite3.Connection, target: Path, comparison: Comparison, made: Made) -> list[str]:
    """Write the zip; the names in it. Raises NotFound where an end is under embargo, StoreError, EvidenceError."""
    contents = _contents(conn, comparison, made)
    listed = "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(contents.items()))
    contents["MANIFEST.sha256"] = listed.encode()
    with whole_file(target) as making, zipfile.ZipFile(making, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in sorted(contents.items()):
            box.writestr(zipfile.ZipInfo(name, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return sorted(contents)


def _contents(conn: sqlite3.Connection, comparison: Comparison, made: Made) -> dict[str, bytes]:
    ids = (comparison.before.capture_id, comparison.after.capture_id)
    ends = dict(zip(("before", "after"), records.of(conn, ids), strict=True))
    closed = {name: why for name, end in ends.items() if (why := end.closed(embargoed=made.embargoed))}
    if "embargo" in closed.values():
        raise NotFound("the page is under embargo: its words are not public; --with-embargoed packs them all the same")
    contents: dict[str, bytes] = {}
    for name, end in ends.items():
        contents |= _end(conn, name, end, closed.get(name))
    contents |= _difference(comparison, made) | _warc(conn, ends, made)
    proven = _proof(conn, ends, closed)
    stamps, stamped = _stamps(conn, proven["chain"])
    contents |= {"proof.json": tables.json_text(proven).encode()} | stamps
    pack = evidence.Pack(
        comparison, made.archive, f"archiver {__version__}", to_text(made.at),
        proven["chain"][-1]["chain"] if proven["chain"] else None, closed, "diff.pdf" in contents,
        [name for name, end in ends.items() if end["run_kind"] == "import"], stamped,
    )  # fmt: skip
    return contents | {
        "README-sv.md": evidence.readme_sv(pack).encode(),
        "README-en.md": evidence.readme_en(pack).encode(),
        "citations.txt": evidence.citations(pack).encode(),
        "verify.py": files("archiver.transfer").joinpath("standalone.py").read_bytes(),
    }


def _end(conn: sqlite3.Connection, name: str, end: Full, closed: str | None) -> dict[str, bytes]:
    """One answer: bytes, headers, what is recorded of it, how it was read and by which rules."""
    known = {key: value for key, value in end.row.items() if key not in _INNER}
    found = {f"{name}/capture.json": tables.json_text(known).encode()}
    if end["headers"] is not None:
        lines = [f"HTTP {end['status']}", *(f"{header}: {value}" for header, value in end.headers)]
        found[f"{name}/headers.txt"] = "".join(f"{line}\n" for line in lines).encode()
    if closed is None and (body := records.body_of(conn, end)) is not None:
        found[_body_file(name, end)] = body
    if closed is None and (rendered := records.body_of(conn, end, "rendered_id")) is not None:
        found[f"{name}/rendered.html"] = rendered
    document = reading.document_of(conn, end["id"])
    if document is not None:
        rules = records.rules(conn, end["rules_id"], whole=True)
        read = account(document, url=end["url"], captured_at=end["captured_at"], rules=rules)
        found[f"{name}/reading.json"] = tables.json_text(read).encode()
    return found


_INNER = frozenset(
    {"volatile", "headers", "body_id", "address_id", "document_id", "rules_id", "redaction", "embargo", "rendered_id"}
)
_ENDINGS = {
    "html": "html", "pdf": "pdf", "docx": "docx", "odt": "odt", "xlsx": "xlsx", "ods": "ods", "xml": "xml",
    "json": "json", "feed": "xml", "sitemap": "xml", "robots": "txt", "zip": "zip",
}  # fmt: skip


def _body_file(name: str, end: Full) -> str:
    return f"{name}/body.{_ENDINGS.get(end['body_kind'], 'bin')}"


def _difference(comparison: Comparison, made: Made) -> dict[str, bytes]:
    labels = [
        f"{comparison.url_of(e)} {to_text(e.captured_at)} c{e.capture_id}"
        for e in (comparison.before, comparison.after)
    ]
    swedish = html.page(comparison, "sv", made.zone)
    found = {
        "diff.html": swedish.encode(),
        "diff.en.html": html.page(comparison, "en", made.zone).encode(),
        "diff.txt": unified(labels[0], labels[1], comparison.change).encode(),
        "diff.json": tables.json_text(change_object(comparison)).encode(),
    }
    pdf = made.printing(swedish)
    return found | ({"diff.pdf": pdf} if pdf else {})


def _warc(conn: sqlite3.Connection, ends: dict[str, Full], made: Made) -> dict[str, bytes]:
    file, name = io.BytesIO(), "pages.warc.gz"
    packer = Packer(conn, file, name, Choice(embargoed=made.embargoed), Packed(Path(name)))
    packer.begin(made.at)
    wanted = {end["id"]: end for end in ends.values()}
    lines = sorted(cdxj.line(*entry) for entry in packer.entries(iter(wanted.values())))
    return {name: file.getvalue(), f"{name}.cdxj": "".join(lines).encode()}


def _proof(conn: sqlite3.Connection, ends: dict[str, Full], closed: dict[str, str]) -> dict[str, Any]:
    """The way from each answer to its run's root, and the seals from there to the last."""
    found = [_leaf(conn, name, end, closed.get(name)) for name, end in ends.items()]
    chain = seals.since_runs(conn, {end["run_id"] for end in ends.values()})
    first = chain[0]["id"] if chain else None
    return {"captures": found, "before": seals.before(conn, first), "chain": chain}


def _stamps(conn: sqlite3.Connection, chain: list[dict[str, Any]]) -> tuple[dict[str, bytes], list[evidence.Stamp]]:
    """The outside time-stamps of these seals; and what each stands over as a file, for the commands in the README."""
    contents: dict[str, bytes] = {}
    told = []
    found = seals.stamped(conn, chain[0]["id"]) if chain else []
    for number, (seal_id, value, authority, at, token) in enumerate(found, start=1):
        stamp = evidence.Stamp(f"stamps/seal-{seal_id}-{number}.tsr", f"stamps/seal-{seal_id}.txt", authority, at)
        contents |= {stamp.file: token, stamp.seal_file: value.encode()}
        told.append(stamp)
    return contents, told


def _leaf(conn: sqlite3.Connection, name: str, end: Full, closed: str | None) -> dict[str, Any]:
    run = leaves.of_run(conn, end["run_id"])
    sealed = seals.of_run(conn, end["run_id"])
    has_body, rendered = (
        closed is None and end["body_id"] is not None,
        closed is None and end["rendered_id"] is not None,
    )
    return {
        "end": name,
        "capture": f"c{end['id']}",
        "fields": leaves.of_capture(conn, end["id"]),
        "leaf": end["leaf"],
        "headers": end["headers"],
        "headers_file": f"{name}/headers.txt" if end["headers"] is not None else None,
        "body_file": _body_file(name, end) if has_body else None,
        "rendered_file": f"{name}/rendered.html" if rendered else None,
        "path": [list(step) for step in proof.path(run, run.index(end["leaf"]))] if sealed else None,
        "root": sealed["root"] if sealed else None,
    }

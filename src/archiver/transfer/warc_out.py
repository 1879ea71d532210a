"""Captures to WARC files, with an index: for libraries, and for whoever replays pages with their own tools.

A body goes out once; whatever brought it again, or said that nothing had changed, is a revisit that names the first.
Beside each answer stands a metadata record (what we know of the request), beside each document a conversion record
(what we read, with its claims). What is redacted is a tombstone: that something was there, and not what it said.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archiver import __version__
from archiver.digests import canonical
from archiver.errors import EvidenceError
from archiver.publish.account import account
from archiver.store import reading, records
from archiver.store.records import Full
from archiver.store.times import to_text
from archiver.transfer.export import whole_file
from archiver.transfer.sorting import sorted_lines
from archiver.warc import cdxj, writing

Entry = tuple[str, str, list[tuple[str, object]]]
"""URL, time and facts of a response, for the index."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes into the files."""

    source: str | None = None
    since: str | None = None
    until: str | None = None
    readings: bool = True
    embargoed: bool = False  # what is under embargo too: the keeper's own copy


@dataclass
class Packed:
    """What went into a file."""

    path: Path
    responses: int = 0
    revisits: int = 0
    readings: int = 0
    silent: int = 0  # requests without an answer
    closed: int = 0  # redacted, under embargo, or kept as a digest only
    broken: int = 0  # bodies that are not what was recorded


def index_of(target: Path) -> Path:
    """Where the index of a WARC file lies: beside it."""
    return target.with_name(target.name + ".cdxj")


def pack(conn: sqlite3.Connection, target: Path, choice: Choice, at: datetime) -> Packed:
    """Write the WARC file `target` (each record a gzip member) and its index. Raises StoreError."""
    packed, beside = Packed(target), index_of(target)
    chosen = records.captures(conn, source=choice.source, since=choice.since, until=choice.until)
    with (
        whole_file(target) as making, making.open("wb") as file,
        whole_file(beside) as index, index.open("w", encoding="utf-8") as lines,
    ):  # fmt: skip
        packer = Packer(conn, file, target.name, choice, packed)
        packer.begin(at)
        lines.writelines(sorted_lines(cdxj.line(*entry) for entry in packer.entries(chosen)))
    return packed


class Packer:
    """Writes captures to one file, each body once."""

    def __init__(self, conn: sqlite3.Connection, file: BinaryIO, name: str, choice: Choice, packed: Packed) -> None:
        self._conn, self._file, self._name, self._choice, self._packed = conn, file, name, choice, packed
        self._written: dict[int, tuple[str, str, str]] = {}  # body: URL, time, id of its response
        self._read: set[int] = set()  # documents
        self._rendered: set[int] = set()  # bodies
        self._early: set[int] = set()  # captures that went out before their time
        self._answered: str | None = None  # id of the last answer's record

    def begin(self, at: datetime) -> None:
        """The file's own record: who made it, when, of what."""
        fields = [
            ("software", f"archiver {__version__}"),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
            ("description", "payloads are decoded: X-Archive-Orig-Content-Encoding names the coding that was undone"),
        ]
        self._put("warcinfo", writing.record_id("warcinfo", self._name, to_text(at)), [
            ("WARC-Date", to_text(at)), ("WARC-Filename", self._name), ("Content-Type", writing.WARC_FIELDS),
        ], writing.warc_fields(fields))  # fmt: skip

    def entries(self, captures: Iterator[Full]) -> Iterator[Entry]:
        """Write the captures; what the index says of them."""
        for capture in captures:
            yield from self._capture(capture)

    def _capture(self, capture: Full) -> Iterator[Entry]:
        if capture["id"] in self._early:
            return
        self._answered = None
        if capture["status"] is None:
            self._packed.silent += 1
            self._about(capture, None)
            return
        why = capture.closed(embargoed=self._choice.embargoed) if capture["body_id"] else None
        if why is not None:
            self._packed.closed += 1
            self._about(capture, None, closed=why)
        else:
            self._rendering(capture)
            yield from self._unchanged(capture) if capture["outcome"] == "same" else self._answer(capture)
        self._account(capture, why)

    def _unchanged(self, capture: Full) -> Iterator[Entry]:
        """A 304: the answer it stands for goes out before it, whatever its time."""
        before = records.origin(self._conn, capture)
        if capture["body_id"] not in self._written and before is not None:
            yield from self._capture(next(records.of(self._conn, [before])))
            self._early.add(before)
        self._revisit(capture, writing.NOT_MODIFIED)  # not indexed: a tool that replays would answer 304 itself

    def _answer(self, capture: Full) -> Iterator[Entry]:
        if capture["body_id"] in self._written:
            yield self._revisit(capture, writing.IDENTICAL)
            return
        try:
            body = records.body_of(self._conn, capture)
        except EvidenceError:  # `archiver verify` tells
            self._packed.broken += 1
            self._about(capture, None, closed="damaged")
            return
        self._packed.responses += 1
        block = writing.http_block(capture["status"], capture.headers, body or b"")
        digest = writing.labelled(capture["body_sha256"]) if body is not None else writing.digest_of(b"")
        fields = [*self._named(capture), ("WARC-Payload-Digest", digest)]
        if capture["body_id"] is not None:
            self._written[capture["body_id"]] = (capture["url"], capture["captured_at"], _id("response", capture))
        yield self._indexed(capture, "response", fields, block, digest)

    def _revisit(self, capture: Full, profile: str) -> Entry:
        self._packed.revisits += 1
        url, at, response = self._written.get(capture["body_id"], (None, None, None))
        digest = writing.labelled(capture["body_sha256"])
        fields = [
            *self._named(capture), ("WARC-Profile", profile), ("WARC-Payload-Digest", digest),
            ("WARC-Refers-To", response), ("WARC-Refers-To-Target-URI", url), ("WARC-Refers-To-Date", at),
        ]  # fmt: skip
        block = writing.http_block(capture["status"], capture.headers, None)
        return self._indexed(capture, "revisit", fields, block, digest)

    def _named(self, capture: Full) -> list[tuple[str, str | None]]:
        """The fields that every answer has."""
        peer = _json(capture["peer"])
        return [
            ("WARC-Target-URI", capture["url"]), ("WARC-Date", capture["captured_at"]),
            ("WARC-IP-Address", peer.get("ip")), ("Content-Type", writing.RESPONSE),
            ("WARC-Identified-Payload-Type", _MEDIA.get(capture["body_kind"] or "")),
            ("Archiver-Capture", f"c{capture['id']}"), ("Archiver-Role", capture["role"]),
            ("Archiver-Flaw", capture["flaw"]), ("WARC-Truncated", _TRUNCATED.get(capture["flaw"])),
        ]  # fmt: skip

    def _indexed(
        self, capture: Full, kind: str, fields: list[tuple[str, str | None]], block: bytes, digest: str
    ) -> Entry:
        self._answered = _id(kind, capture)
        offset, length = self._put(kind, self._answered, fields, block)
        self._about(capture, self._answered)
        mime = "warc/revisit" if kind == "revisit" else (capture["content_type"] or "unk").partition(";")[0].strip()
        return capture["url"], capture["captured_at"], [
            ("mime", mime), ("status", capture["status"]), ("digest", digest), ("length", length), ("offset", offset),
            ("filename", self._name),
        ]  # fmt: skip

    def _about(self, capture: Full, answer: str | None, closed: str | None = None) -> None:
        """The metadata record: what we know of the request beside its answer, or instead of one."""
        known: list[tuple[str, object]] = [
            ("via", capture["found_on"]), ("hopsFromSeed", capture["depth"]), ("fetchTimeMs", capture["elapsed_ms"]),
            ("outcome", capture["outcome"]), ("status", capture["status"]), ("failure", capture["failure"]),
            ("detail", capture["detail"]), ("robots", capture["robots"]), ("verdict", capture["verdict"]),
            ("reason", capture["reason"] or None), ("flaw", capture["flaw"]), ("role", capture["role"]),
            ("withheld", closed), ("body-sha256", capture["body_sha256"]), ("wire-sha256", capture["wire_sha256"]),
            ("wire-size", capture["wire_size"]), ("certificate-sha256", _json(capture["peer"]).get("certificate")),
            ("capture", f"c{capture['id']}"), ("leaf", capture["leaf"]), ("run", capture["run_id"]),
            ("run-kind", capture["run_kind"]), ("agent", capture["agent"]),
        ]  # fmt: skip
        self._put("metadata", _id("metadata", capture), [
            ("WARC-Target-URI", capture["url"]), ("WARC-Date", capture["captured_at"]),
            ("WARC-Concurrent-To", answer), ("Content-Type", writing.WARC_FIELDS),
        ], writing.warc_fields(known))  # fmt: skip

    def _rendering(self, capture: Full) -> None:
        """What a browser made of the page, before the answer it was made of: a conversion, with the page as it stood.

        Where the same came out again, or nothing, a metadata record that says so.
        """
        if capture["rendering"] is None:
            return
        body_id, repeats = capture["rendered_id"], capture["body_id"] in self._written or capture["outcome"] == "same"
        fields: list[tuple[str, str | None]] = [
            ("WARC-Target-URI", capture["url"]), ("WARC-Date", capture["rendered_at"]),
            ("WARC-Refers-To", _id("revisit" if repeats else "response", capture)),
            ("WARC-Payload-Digest", writing.labelled(capture["rendered_sha256"]) if body_id else None),
            ("Archiver-Rendering", capture["rendering"]), ("Archiver-Browser", capture["browser"]),
            ("Archiver-Took-Ms", str(capture["took_ms"])), ("Archiver-Requests", str(capture["requests"])),
            ("Archiver-Detail", capture["rendering_detail"]),
        ]  # fmt: skip
        is_new = body_id is not None and capture["rendered_fate"] == "kept" and body_id not in self._rendered
        try:
            body = (records.body_of(self._conn, capture, "rendered_id") or b"") if is_new else b""
        except EvidenceError:
            self._packed.broken += 1
            return
        if is_new:
            self._rendered.add(body_id)
            kind, label, block = "conversion", "text/html; charset=utf-8", body
        else:
            kind, label = "metadata", writing.WARC_FIELDS
            block = writing.warc_fields([("rendering", capture["rendering"])])
        self._put(kind, _id("rendering", capture), [*fields, ("Content-Type", label)], block)

    def _account(self, capture: Full, closed: str | None) -> None:
        """The conversion record: what was read of a document, where it first stood. A masked span is masked there."""
        document_id = capture["document_id"]
        if not self._choice.readings or document_id is None or document_id in self._read or closed == "embargo":
            return
        self._read.add(document_id)
        self._packed.readings += 1
        found = account(
            reading.load_document(self._conn, document_id), url=capture["url"], captured_at=capture["captured_at"],
            rules=records.rules(self._conn, capture["rules_id"]),
        )  # fmt: skip
        block = canonical(found)
        self._put("conversion", _id("conversion", capture), [
            ("WARC-Target-URI", capture["url"]), ("WARC-Date", capture["captured_at"]),
            ("WARC-Refers-To", self._answered), ("Content-Type", "application/json"),
            ("WARC-Payload-Digest", writing.digest_of(block)),
        ], block)  # fmt: skip

    def _put(self, kind: str, identity: str, fields: list[tuple[str, str | None]], block: bytes) -> tuple[int, int]:
        """Write one record; where it begins, and how long it is, packed."""
        offset = self._file.tell()
        member = writing.member(writing.record(kind, [("WARC-Record-ID", identity), *fields], block))
        self._file.write(member)
        return offset, len(member)


_TRUNCATED = {"truncated": "disconnect", "over-budget": "length"}
_MEDIA = {
    "html": "text/html", "pdf": "application/pdf", "xml": "application/xml", "json": "application/json",
    "sitemap": "application/xml", "feed": "application/xml", "robots": "text/plain", "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip


def _id(kind: str, capture: Full) -> str:
    return writing.record_id(kind, capture["id"], capture["leaf"])


def _json(text: str | None) -> dict[str, str | None]:
    return dict(json.loads(text)) if text else {}

"""Answers that others received, as captures of an import: at their own times, and never taken for our own.

An import is a run of its own kind, sealed like every run; its captures say 'imported' where ours name the rule of
robots.txt that let us ask. What an archive says of the past is its word, not our observation.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import get_args

from archiver import __version__, urls
from archiver.errors import EvidenceError, NotFound
from archiver.extract import sniff
from archiver.fetch.codings import STAGES
from archiver.fetch.limits import Limits
from archiver.fetch.payload import Decoder, codings
from archiver.frontier import outcome, scope
from archiver.model import Address, Flaw, Rendering, RenderOutcome, Response, Role, Source
from archiver.store import Archive, bodies, evidence, records, unread
from archiver.store.times import to_text

IMPORTED = "imported"
TOLD = 1000
"""Faults that are kept to be told; all are counted."""
_NO_PAGES = ("image/", "font/", "audio/", "video/", "text/css", "text/javascript", "application/javascript",
             "application/x-javascript", "application/font", "application/ecmascript")  # fmt: skip
_NO_PAGE_ENDS = (".css", ".js", ".mjs", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".woff",
                 ".woff2", ".ttf", ".eot", ".otf", ".mp3", ".mp4", ".webm", ".map")  # fmt: skip
"""What pages are made of, and no page: it is passed over, as our own crawl does not ask for it."""
_FILES = frozenset({"pdf", "docx", "odt", "xlsx", "ods", "zip", "other"})
_ROLES: dict[str, Role] = {"sitemap": "sitemap", "feed": "feed", "robots": "robots"}


@dataclass(frozen=True, slots=True)
class Same:
    """What an answer says it is the same as: an earlier answer, by address and time or by the digest of its payload."""

    url: str | None
    at: str | None  # 'YYYY-MM-DDTHH:MM:SSZ'
    digest: str | None  # in whatever form


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser made of an answer."""

    outcome: RenderOutcome
    at: datetime
    browser: str
    took_ms: int
    requests: int
    detail: str | None
    body: bytes | None = field(repr=False)  # None: none, or that of the digest, which came before
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that somebody received."""

    url: str
    at: datetime
    status: int | None  # None: that of the answer it is the same as
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    flaw: Flaw | None = None
    wire_sha256: str | None = None
    wire_size: int | None = None
    ip: str | None = None
    role: str | None = None
    digest: str | None = None  # of its payload, as it was told
    same: Same | None = None
    shown: Shown | None = None


@dataclass
class Imported:
    """What came of an import."""

    name: str
    captures: int = 0
    known: int = 0  # answers that are in the archive already
    outside: int = 0  # of no source
    parts: int = 0  # images, styles, scripts; answers to what was posted
    lost: int = 0  # the same as an answer that is nowhere
    faults: int = 0  # damaged records
    told: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def fault(self, why: str) -> None:
        """Count a damaged record."""
        self.faults += 1
        if len(self.told) < TOLD:
            self.told.append(why)


class Importer:
    """Adds answers to the archive, a run for each source that has any; `close` seals the runs."""

    def __init__(
        self, archive: Archive, sources: Sequence[Source], at: datetime, imported: Imported, note: str
    ) -> None:
        self._archive, self._sources, self._at, self._note = archive, sources, at, note
        self._runs: dict[str, int] = {}
        self._by_digest: dict[str, int] = {}  # payload, as others name it, to our body
        self.imported = imported

    def add(self, answers: Iterable[Answer]) -> None:
        """Add them in one transaction."""
        batch = list(answers)

        def keep(conn: sqlite3.Connection) -> None:
            for answer in batch:
                self._add(conn, answer)

        self._archive.write(keep)

    def has(self, url: str, at: datetime) -> bool:
        """Whether the answer of that moment is in the archive already: nobody need be asked for it again."""
        address = evidence.find_address(self._archive.reader, url)
        return address is not None and _is_known(self._archive.reader, address, at)

    def close(self, ending: str = "done") -> None:
        """Seal what was begun."""
        for run_id in self._runs.values():
            self._archive.write(partial(evidence.finish_run, run_id=run_id, at=self._at, ending=ending))
        self.imported.sources = sorted(self._runs)

    def _add(self, conn: sqlite3.Connection, answer: Answer) -> None:
        resolved = self._resolved(conn, answer) if answer.same else (answer, None)
        if resolved is None:
            self.imported.lost += 1
            return
        answer, same_as = resolved
        if _is_part(answer):
            self.imported.parts += 1
            return
        role = _role(answer)
        address = self._address(conn, answer, role)
        if address is None:
            self.imported.outside += 1
        elif _is_known(conn, address, answer.at):
            self.imported.known += 1
        else:
            self._keep(conn, address, answer, same_as)

    def _keep(self, conn: sqlite3.Connection, address: Address, answer: Answer, same_as: int | None) -> None:
        reply = Response(
            address.url, answer.at, answer.status or 200, answer.headers, answer.body, answer.wire_sha256,
            answer.wire_size, answer.flaw, ip=answer.ip,
        )  # fmt: skip
        what = "same" if same_as is not None and answer.status == 304 else outcome.classify(reply, False)
        failure, detail = (None, None) if what == "same" else outcome.failure(reply, False)
        visit = evidence.Visit(
            address=address, run_id=self._run(conn, address.source_id), reply=reply, outcome=what, failure=failure,
            detail=detail, location=outcome.location(reply) if what == "moved" else None, robots=IMPORTED,
            body_kind=sniff.kind(answer.body, address.role) if answer.body else None, same_as=same_as,
            rendering=_rendering(conn, answer.shown) if answer.shown and what in ("ok", "same") else None,
        )  # fmt: skip
        capture = evidence.add_capture(conn, visit)
        unread.note(conn, capture.id)
        self.imported.captures += 1
        if answer.digest and capture.body_id is not None:
            self._by_digest[answer.digest.lower()] = capture.body_id

    def _address(self, conn: sqlite3.Connection, answer: Answer, role: Role) -> Address | None:
        """The address of the answer: one we know, or a new one of the source whose scope it lies in.

        A new one is asked for by the next crawl, as if a page had led to it: what became of it is news.
        """
        known = evidence.find_address(conn, answer.url)
        if known is not None:
            return known if any(known.source_id == source.id for source in self._sources) else None
        for source in self._sources:
            seed = any(urls.key(seed.url) == urls.key(answer.url) for seed in source.seeds)
            if scope.decide(source, answer.url, 0 if seed else 1, attachment=role == "file", role=role).ok:
                self._run(conn, source.id)
                return evidence.add_address(
                    conn, source.id, answer.url, role, 0 if seed else 1, None, self._at, due=role != "robots"
                )
        return None

    def _run(self, conn: sqlite3.Connection, source_id: str) -> int:
        if source_id not in self._runs:
            source = next(source for source in self._sources if source.id == source_id)
            evidence.add_source(conn, source, self._at)
            self._runs[source_id] = evidence.begin_run(
                conn, source_id, "import", self._at, f"archiver {__version__}", self.imported.name, self._note
            )
        return self._runs[source_id]

    def _resolved(self, conn: sqlite3.Connection, answer: Answer) -> tuple[Answer, int | None] | None:
        """An answer that is the same as another, with that one's bytes; None where those are nowhere."""
        body_id = self._body_of(conn, answer)
        if body_id is None:
            return None
        if answer.status == 304:
            return answer, body_id
        try:
            body = bodies.get(conn, body_id)
        except (EvidenceError, NotFound):
            return None
        status, headers = answer.status, answer.headers
        if status is None or not headers:
            status, headers = _first_sent(conn, body_id)
        return replace(answer, status=status, headers=headers, body=body, same=None), None

    def _body_of(self, conn: sqlite3.Connection, answer: Answer) -> int | None:
        same = answer.same or Same(None, None, None)
        if same.digest and same.digest.lower() in self._by_digest:
            return self._by_digest[same.digest.lower()]
        if same.digest and same.digest.startswith("sha256:"):
            row = conn.execute("SELECT id FROM bodies WHERE sha256 = ?", (same.digest[7:].lower(),)).fetchone()
            if row is not None:
                return int(row[0])
        address = evidence.find_address(conn, same.url) if same.url else None
        if address is None or same.at is None:
            return None
        row = conn.execute(
            "SELECT body_id FROM captures WHERE address_id = ? AND captured_at = ?", (address.id, same.at)
        ).fetchone()
        return None if row is None or row[0] is None else int(row[0])


def _rendering(conn: sqlite3.Connection, shown: Shown) -> Rendering:
    """The rendering with its page, given here or known by its digest; a failed one where that is nowhere."""
    took, body, kept = shown.took_ms / 1000, shown.body, None
    if body is None and shown.digest and shown.digest.startswith("sha256:"):
        kept = conn.execute("SELECT id FROM bodies WHERE sha256 = ?", (shown.digest[7:].lower(),)).fetchone()
    if kept is not None:
        with suppress(EvidenceError, NotFound):
            body = bodies.get(conn, kept[0])
    if shown.outcome in ("done", "cut") and body is not None:
        detail = (shown.detail or "cut short") if shown.outcome == "cut" else None
        return Rendering(shown.outcome, shown.at, shown.browser, took, body, detail, shown.requests)
    outcome: RenderOutcome = shown.outcome if shown.outcome in ("left", "failed") else "failed"
    why = shown.detail or "the page it became is not in the file"
    return Rendering(outcome, shown.at, shown.browser, took, None, why, shown.requests)


def _first_sent(conn: sqlite3.Connection, body_id: int) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Status and headers of the answer that brought the body."""
    row = conn.execute(
        """SELECT c.status, h.content, c.volatile FROM captures c LEFT JOIN headers h ON h.id = c.headers_id
           WHERE c.body_id = ? AND c.outcome <> 'same' ORDER BY c.id LIMIT 1""",
        (body_id,),
    ).fetchone()
    return (200, ()) if row is None else (row[0], records.whole_headers(row[1], row[2]))


def decoded(body: bytes, values: Iterable[str], limits: Limits) -> tuple[bytes, Flaw | None, str | None, int | None]:
    """The body without its content codings, what was wrong with it, and digest and size of what was coded.

    Codings that stand in a header and were undone by whoever kept the answer are left alone.
    """
    named = codings(values)
    if named and not _looks_coded(body, named[-1]):
        return body, None, None, None
    decoder = Decoder(named, limits)
    decoder.feed(body)
    payload = decoder.finish()
    return payload.body, payload.flaw, payload.wire_sha256, payload.wire_size


_SIGNS = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


def _looks_coded(body: bytes, coding: str) -> bool:
    if coding in _SIGNS:
        return body.startswith(_SIGNS[coding])
    return coding in STAGES and not body.lstrip()[:1].startswith((b"<", b"{", b"%PDF"))


def _role(answer: Answer) -> Role:
    """What the answer is: as its own archive says where that is ours, else by its address and its bytes."""
    if answer.role in get_args(Role):
        return answer.role  # type: ignore[return-value]
    if urls.path(answer.url) == "/robots.txt":
        return "robots"
    kind = sniff.kind(answer.body) if answer.body else "html"
    return _ROLES.get(kind) or ("file" if kind in _FILES else "page")


def _is_part(answer: Answer) -> bool:
    label = next((value for name, value in answer.headers if name.lower() == "content-type"), "").lower()
    return label.startswith(_NO_PAGES) or urls.path(answer.url).lower().endswith(_NO_PAGE_ENDS)


def _is_known(conn: sqlite3.Connection, address: Address, at: datetime) -> bool:
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM captures WHERE address_id = ? AND captured_at = ?)", (address.id, to_text(at))
    ).fetchone()
    return bool(row[0])

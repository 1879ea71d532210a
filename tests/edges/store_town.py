"""A small invented municipality in a real archive, for the tests of the store."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.digests import digest
from archiver.model import (
    Address,
    Block,
    Capture,
    Change,
    Document,
    Era,
    Failure,
    Language,
    Link,
    Profile,
    Response,
    Revision,
    Rules,
    Scope,
    Seed,
    Source,
)
from archiver.store import Archive, evidence, open_archive, reading

DAY_ONE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
START = "https://www.exempelkoping.se/"
HEADERS = (
    ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Server", "nginx"),
    ("ETag", '"abc"'),
)
_RULES = Rules(Profile("sitevision"), Language("sv"), 1, "a" * 64)
RULES = replace(_RULES, sha256=digest(_RULES.content))


def source(id: str = "exempelkoping", municipality: str = "Exempelköping", code: str = "9999") -> Source:
    return Source(id, municipality, code, "Exempellän", "sv", (Era("sitevision"),), (Seed(START),), Scope((START,)))


def day(number: int) -> datetime:
    return DAY_ONE + timedelta(days=number - 1)


def stem(words: Sequence[str]) -> Sequence[str]:
    return [word.removesuffix("s") for word in words]


def document(*paragraphs: str, title: str = "Sida", links: tuple[str, ...] = (), **fields: str | None) -> Document:
    return Document(
        "html",
        title=title,
        blocks=(Block("main", "title", 1, title), *(Block("main", "paragraph", None, p) for p in paragraphs)),
        links=tuple(Link(target, "link", "main", "Läs mer", block=1) for target in links),
        **fields,
    )


@dataclass
class Town:
    """One source, one open run, and the verbs of a crawl."""

    path: Path
    source_id: str = "exempelkoping"  # whose addresses, pages and runs are made
    archive: Archive = field(init=False)
    run: int = field(init=False)

    def __post_init__(self) -> None:
        self.archive = open_archive(self.path)
        self.archive.write(lambda c: evidence.add_source(c, source(), DAY_ONE))
        self.run = self.begin(1)
        self.rules = self.archive.write(lambda c: reading.save_rules(c, RULES))

    def __enter__(self) -> "Town":
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    def begin(self, on: int) -> int:
        return self.archive.write(
            lambda c: evidence.begin_run(c, self.source_id, "crawl", day(on), "archiver 0", "archiver (+mailto:x@y.z)")
        )

    def finish(self, on: int) -> None:
        self.archive.write(lambda c: evidence.finish_run(c, self.run, day(on), "done"))

    def address(self, path: str = "", role: str = "page", depth: int = 0) -> Address:
        added = self.archive.write(
            lambda c: evidence.add_address(c, self.source_id, START + path, role, depth, None, DAY_ONE)  # type: ignore[arg-type]
        )
        return added or evidence.find_address(self.archive.reader, START + path)  # type: ignore[return-value]

    def visit(self, address: Address, body: bytes, on: int, status: int = 200, **fields: object) -> evidence.Visit:
        reply = Response(address.url, day(on), status, HEADERS, body, elapsed=0.25, ip="192.0.2.1")
        outcomes = {200: "ok", 304: "same", 301: "moved", 404: "gone", 410: "gone", 403: "refused", 500: "failed"}
        given = {"location": None, "robots": "allow: no rule", "body_kind": "html", "same_as": None} | fields
        return evidence.Visit(address, self.run, reply, outcomes[status], **given)  # type: ignore[arg-type]

    def capture(self, address: Address, body: bytes, on: int, status: int = 200, **fields: object) -> Capture:
        return self.archive.write(lambda c: evidence.add_capture(c, self.visit(address, body, on, status, **fields)))

    def fail(self, address: Address, on: int, kind: str = "timeout") -> Capture:
        reply = Failure(address.url, day(on), kind, "no answer in 30 s", 30.0)  # type: ignore[arg-type]
        outcome = "barred" if kind == "robots" else "failed"
        visit = evidence.Visit(address, self.run, reply, outcome, None, "allow: no rule", None, None)  # type: ignore[arg-type]
        return self.archive.write(lambda c: evidence.add_capture(c, visit))

    def page(self, address: Address, section: str = "", embargo_days: int | None = None, kind: str = "page") -> int:
        return self.archive.write(
            lambda c: reading.join_page(
                c, address.id, source_id=self.source_id, key=address.key, kind=kind, section=section,
                embargo_days=embargo_days, why="own",
            )
        )  # fmt: skip

    def read(self, capture: Capture, document: Document) -> int:
        def job(conn: object) -> int:
            saved = reading.save_document(conn, document, stem)  # type: ignore[arg-type]
            reading.add_reading(conn, capture.id, self.rules, "good", "", saved, 0)  # type: ignore[arg-type]
            return saved

        return self.archive.write(job)

    def revise(self, page: int, capture: Capture, document: Document, change: Change | None = None) -> Revision:
        saved = self.read(capture, document)
        revision = self.archive.write(
            lambda c: reading.begin_revision(
                c, page, state="present", document_id=saved, core=document.core, moved_to=None,
                first_capture=capture.id, first_seen=capture.at, last_capture=capture.id, last_seen=capture.at,
            )
        )  # fmt: skip
        if change is not None:
            self.archive.write(lambda c: reading.save_change(c, revision.id, change, stem))
        return revision

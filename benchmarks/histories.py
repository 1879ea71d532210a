"""An archive of synthetic histories, row for row as crawls leave it: whole enough that `verify` finds nothing wrong.

Pages are grown from the paragraphs of real ones (where the shared corpus is not here, from invented words) and visited
day by day, one in eight with an edit. Digests, leaves, seals, packed bodies, documents and word forms are the
program's own; what costs nothing to invent is written straight into its tables, so that a hundred thousand captures
take a minute. `SELDOM` and a number is a word that ten pages of the first day show, and nobody else.
"""

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from sqlite3 import Connection

from archiver import proof
from archiver.digests import bits64, sha256
from archiver.model import Block, Document
from archiver.stems import stems_of
from archiver.store import bodies, evidence, leaves, prepare
from archiver.store.connections import writing
from archiver.store.documents import save_document
from archiver.store.times import to_text
from benchmarks import CORPUS
from benchmarks.volume import NAMES, WORDS

START = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
VISITS, LINES = 40, 8
EDITED = 0.12
SELDOM, SELDOM_WORDS, SELDOM_PAGES = "sällanord", 20, 10
_SEEN = "UPDATE revisions SET last_capture = ?, last_seen = ?, visits = visits + 1 WHERE id = ?"
_READING = "INSERT INTO readings (capture_id, rules_id, verdict, document_id) VALUES (?, ?, 'good', ?)"
STEM = partial(stems_of, language="sv")


def url_of(number: int) -> str:
    """The address of a page."""
    return f"https://www.{NAMES[number % len(NAMES)].lower()}.example/politik/sida-{number}"


def fill(path: Path, captures: int) -> Path:
    """An archive with so many captures, each page visited forty times."""
    prepare(path)
    pages = max(captures // VISITS, 1)
    with closing(writing(path)) as conn:
        maker = _Maker(conn, pages, _paragraphs())
        for day in range(VISITS):
            conn.execute("BEGIN")
            maker.visit(day)
            conn.execute("COMMIT")
        conn.execute("ANALYZE")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _paragraphs() -> list[str]:
    if CORPUS.exists():
        from benchmarks.search import paragraphs

        return paragraphs()
    chance = random.Random(3)  # noqa: S311
    return [" ".join(chance.choices(WORDS, k=chance.randint(8, 40))).capitalize() + "." for _ in range(2_000)]


@dataclass(slots=True)
class _Page:
    """A page as the last visit left it."""

    number: int
    source: str
    url: str
    address: int
    page: int
    lines: list[str]
    body: int = 0
    document: int = 0
    digest: leaves.Body | None = None
    core: str = ""
    revision: int = 0
    revisions: int = 0


@dataclass
class _Maker:
    conn: Connection
    count: int
    paragraphs: Sequence[str]
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311
    pages: list[_Page] = field(default_factory=list)
    captures: int = 0
    rules: int = 0

    def visit(self, day: int) -> None:
        """One run of each source, sealed."""
        if not self.pages:
            self._begin()
        at = START + timedelta(days=day)
        run = dict.fromkeys((page.source for page in self.pages), 0)
        for source in run:
            run[source] = evidence.begin_run(self.conn, source_id=source, kind="crawl", at=at, program="archiver 0",
                                             agent="archiver (+https://archiver.example)")  # fmt: skip
        for page in self.pages:
            is_new = day == 0 or self.chance.random() < EDITED
            before = list(page.lines)
            if is_new:
                self._write(page, is_first=day == 0)
            row = self._captured(page, run[page.source], at + timedelta(seconds=page.number % 3600))
            self._save(row, page)
            if is_new:
                self._revise(page, row, before)
            else:
                seen = (row["id"], row["captured_at"], page.revision)
                self.conn.execute(_SEEN, seen)
        for found in run.values():
            evidence.finish_run(self.conn, found, at + timedelta(seconds=3600), "done")

    def _begin(self) -> None:
        """Sources, rules, addresses and pages."""
        at = to_text(START)
        for k, name in enumerate(NAMES):
            self._add("sources", id=name.lower(), code=f"99{k:02}", municipality=name, county=f"Län {k % 3}",
                      language="sv", added_at=at)  # fmt: skip
        self.rules = self._add("rules", sha256=sha256(b"{}"), profile="sitevision", language="sv", reader=1,
                               content="{}")  # fmt: skip
        for number in range(self.count):
            source, url = NAMES[number % len(NAMES)].lower(), url_of(number)
            found = evidence.add_address(self.conn, source, url, "page", 1, None, START)
            assert found is not None, url
            page = self._add("pages", source_id=source, key=found.key, kind="page",
                             section="nyheter" if number % 5 == 0 else "")  # fmt: skip
            self._add("page_addresses", address_id=found.id, page_id=page, why="own")
            lines = [self._line() for _ in range(LINES)]
            if number < SELDOM_WORDS * SELDOM_PAGES:
                lines[0] += f" {SELDOM}{number // SELDOM_PAGES}."
            self.pages.append(_Page(number, source, found.url, found.id, page, lines))
        self.conn.execute("UPDATE frontier SET due_at = ?", (to_text(START + timedelta(days=3_650)),))

    def _line(self) -> str:
        """A real paragraph, one word of it in ten another."""
        words = self.chance.choice(self.paragraphs).split()
        for _ in range(max(len(words) // 10, 1)):
            words[self.chance.randrange(len(words))] = self.chance.choice(self.chance.choice(self.paragraphs).split())
        return " ".join(words)

    def _write(self, page: _Page, *, is_first: bool) -> None:
        """The page as it stands now: its body and what it is read as."""
        if not is_first:
            page.lines[self.chance.randrange(1, LINES)] = self._line()
        html = f"<!doctype html><title>Sida {page.number}</title><main>" + "".join(f"<p>{k}</p>" for k in page.lines)
        page.body = bodies.put(self.conn, html.encode(), "html", page.body or None)
        page.digest = leaves.body_of(self.conn, page.body)
        blocks = tuple(Block("main", "paragraph", None, line) for line in page.lines)
        document = Document("html", language="sv", title=f"Sida {page.number}", blocks=blocks)
        page.document, page.core = save_document(self.conn, document, STEM), document.core

    def _captured(self, page: _Page, run: int, at: datetime) -> dict[str, object]:
        self.captures += 1
        row: dict[str, object] = dict.fromkeys(leaves.COLUMNS)
        row |= {"id": self.captures, "address_id": page.address, "run_id": run, "captured_at": to_text(at),
                "outcome": "ok", "status": 200, "content_type": "text/html; charset=utf-8", "body_id": page.body,
                "elapsed_ms": 20, "robots": "allow: no rule"}  # fmt: skip
        row["leaf"] = proof.leaf(leaves.fields(self.conn, row, page.url, None, page.digest))
        return row

    def _save(self, row: dict[str, object], page: _Page) -> None:
        self.conn.execute(leaves.INSERT, row)
        self.conn.execute(_READING, (row["id"], self.rules, page.document))

    def _revise(self, page: _Page, row: dict[str, object], before: list[str]) -> None:
        """The page's next revision, and what is told of the change."""
        page.revisions += 1
        capture, at = row["id"], row["captured_at"]
        page.revision = self._add("revisions", page_id=page.page, number=page.revisions, state="present",
                                  document_id=page.document, core=page.core, first_capture=capture,
                                  last_capture=capture, first_seen=at, last_seen=at)  # fmt: skip
        if page.revisions == 1:
            return
        name = "silent-edit" if page.number % 3 == 0 else "edit"
        self._add("changes", revision_id=page.revision, kind="text", added=9, removed=8, summary="9 words added")
        self._add("change_classes", revision_id=page.revision, **{"class": name}, reason="made up")
        self._add("reasons", revision_id=page.revision, name="silent", points=2, detail="made up")
        known = partial(self.conn.execute, "SELECT id FROM passages WHERE text = ? AND hash = ?")
        for old, new in zip(before, page.lines, strict=True):
            if old != new:
                ids = {side: known((text, bits64(text))).fetchone()[0] for side, text in (("b", old), ("a", new))}
                for position, (op, text) in enumerate((("removed", old), ("added", new))):
                    self._add("hunks", revision_id=page.revision, position=position, op=op, text=text,
                              before_id=ids["b"], after_id=ids["a"])  # fmt: skip

    def _add(self, table: str, **row: object) -> int:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        return int(self.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*row.values()]).lastrowid or 0)

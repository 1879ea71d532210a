"""An archive of many invented captures, written row by row: for counting queries, and for the benchmark.

Nothing in it was fetched or read; its rows have the form that crawling and reading give them. Municipalities, pages
and words are made up.
"""

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from archiver.stems import stems_of
from archiver.store import prepare
from archiver.store.connections import writing
from archiver.store.forms import learn

START = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
NAMES = ("Ekvik", "Lindås", "Norrfors", "Sandhult", "Björknäs", "Tallberga", "Askeby", "Hasselö", "Rönnby", "Almsund")
VOCABULARY = """kommunen nämnden avgift beslut sammanträde ledamot budget förskola äldreomsorg bygglov detaljplan
    protokoll kallelse taxa policy riktlinje kronor månad ansökan handläggning webbplats upphandling skola kultur fritid
    vatten avlopp väg snöröjning bibliotek hamn miljö klimat energi bostad näringsliv arbete trygghet samråd remiss"""
WORDS = VOCABULARY.split()
PARAGRAPH = 4
"""`blocks.sort` of a paragraph of the main part."""
CLASSES = ("edit", "edit", "edit", "silent-edit", "silent-edit", "touch")
REASONS = (("amount-changed", 3), ("paragraph-removed", 2), ("silent", 2), ("deadline-changed", 2))


def fill(path: Path, *, captures: int, pages: int, seed: int = 1) -> Path:
    """An archive with so many captures of so many pages, ten municipalities."""
    prepare(path)
    with closing(writing(path)) as conn:
        conn.execute("BEGIN")
        _Maker(conn, random.Random(seed)).make(pages, max(1, captures // pages))  # noqa: S311  # invented words
        conn.execute("COMMIT")
        conn.execute("ANALYZE")
    return path


def _hex(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _at(day: int, seconds: int = 0) -> str:
    return f"{START + timedelta(days=day, seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


class _Maker:
    def __init__(self, conn: sqlite3.Connection, chance: random.Random) -> None:
        self.conn, self.chance = conn, chance
        self.passages: dict[str, int] = {}

    def _add(self, table: str, **row: object) -> int:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        return int(self.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*row.values()]).lastrowid or 0)

    def make(self, pages: int, visits: int) -> None:
        for k, name in enumerate(NAMES):
            self._add("sources", id=name.lower(), code=f"99{k:02}", municipality=name, county=f"Län {k % 3}",
                      language="sv", added_at=_at(0))  # fmt: skip
        learn(self.conn, [VOCABULARY], partial(stems_of, language="sv"))
        self._add("rules", sha256="a" * 64, profile="sitevision", language="sv", reader=1, content="{}")
        runs = {
            (name, visit): self._add("runs", source_id=name.lower(), kind="crawl", started_at=_at(visit),
                                     finished_at=_at(visit, 3600), ending="done", program="archiver 0", agent="a")
            for name in NAMES for visit in range(visits)
        }  # fmt: skip
        for number in range(pages):
            self._page(number, NAMES[number % len(NAMES)], visits, runs)

    def _sentence(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(6, 18))).capitalize() + "."

    def _passage(self, text: str) -> int:
        if text not in self.passages:
            self.passages[text] = self._add("passages", hash=hash(text) % 2**62, text=text)
        return self.passages[text]

    def _page(self, number: int, name: str, visits: int, runs: dict[tuple[str, int], int]) -> None:
        is_file = number % 7 == 0
        url = f"https://www.{name.lower()}.example/politik/sida-{number}" + (".pdf" if is_file else "")
        address = self._add("addresses", source_id=name.lower(), url=url, key=url, host=f"www.{name.lower()}.example",
                            role="file" if is_file else "page", depth=1, found_at=_at(0))  # fmt: skip
        page = self._add("pages", source_id=name.lower(), key=url, kind="file" if is_file else "page",
                         section="nyheter" if number % 5 == 0 else "", embargo_days=None)  # fmt: skip
        self._add("page_addresses", address_id=address, page_id=page, why="own")
        lines = [self._sentence() for _ in range(12)]
        body = document = 0
        revision: dict[str, object] | None = None
        for visit in range(visits):
            changed = visit == 0 or self.chance.random() < 0.12
            before = list(lines)
            if changed and visit:
                lines[self.chance.randrange(len(lines))] = self._sentence()
            if changed:
                body = self._add("bodies", sha256=_hex(page, visit), size=9, kind="html", fate="kept", data=b"x")
                document = self._document(page, visit, lines, number)
            at = _at(visit, number % 3600)
            capture = self._add("captures", address_id=address, run_id=runs[name, visit], captured_at=at,
                                outcome="ok", status=200, body_id=body, robots="allow: no rule",
                                leaf=_hex("leaf", page, visit))  # fmt: skip
            self._add("readings", capture_id=capture, rules_id=1, verdict="good", document_id=document)
            if changed:
                revision = self._revision(page, revision, document, capture, at)
                if visit:
                    self._change(int(str(revision["id"])), before, lines)
            elif revision is not None:
                revision |= {"last_capture": capture, "last_seen": at}
                self.conn.execute("UPDATE revisions SET last_capture = ?, last_seen = ?, visits = visits + 1 "
                                  "WHERE id = ?", (capture, at, revision["id"]))  # fmt: skip

    def _document(self, page: int, visit: int, lines: list[str], number: int) -> int:
        document = self._add("documents", sha256=_hex("d", page, visit), core=_hex("c", page, visit), kind="html",
                             legible="yes", language="sv", title=f"Sida {number} om {WORDS[number % len(WORDS)]}",
                             updated=_at(0)[:10] if number % 3 else None, words=100)  # fmt: skip
        rows = ((document, k, PARAGRAPH, self._passage(line)) for k, line in enumerate(lines))
        self.conn.executemany("INSERT INTO blocks (document_id, position, sort, passage_id) VALUES (?, ?, ?, ?)", rows)
        return document

    def _revision(
        self, page: int, last: dict[str, object] | None, document: int, capture: int, at: str
    ) -> dict[str, object]:
        number = 1 if last is None else int(str(last["number"])) + 1
        row: dict[str, object] = {"page_id": page, "number": number, "state": "present", "document_id": document,
                                  "core": _hex("core", page, number), "first_capture": capture,
                                  "last_capture": capture, "first_seen": at, "last_seen": at}  # fmt: skip
        return row | {"id": self._add("revisions", **row)}

    def _change(self, revision: int, before: list[str], after: list[str]) -> None:
        self._add("changes", revision_id=revision, kind="text", added=9, removed=8, summary="9 words added")
        self._add("change_classes", revision_id=revision, **{"class": self.chance.choice(CLASSES)}, reason="made up")
        name, points = self.chance.choice(REASONS)
        self._add("reasons", revision_id=revision, name=name, points=points, detail="made up")
        for k, (old, new) in enumerate(_differing(before, after)):
            pair = {"before_id": self._passage(old), "after_id": self._passage(new)}
            for op, text in (("removed", old), ("added", new)):
                self._add("hunks", revision_id=revision, position=2 * k + (op == "added"), op=op, text=text, **pair)


def _differing(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    return ((old, new) for old, new in zip(before, after, strict=True) if old != new)

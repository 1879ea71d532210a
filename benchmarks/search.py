"""Search over many documents: ours beside one FTS5 table of whole documents and tantivy, in one run.

    python -m benchmarks.search [--documents 100000] [--folder KEPT]

The documents are grown from real texts (regeringen.se): a dozen paragraphs each, a third of them shared with other
documents as on a real site, a word in ten replaced by another so that the rest are all different. One in ten documents
has an earlier state with other paragraphs, whose words were removed. What is timed is a first page of twenty results
with their snippets, ten words of each kind, each asked several times; a word is rare where fewer than 50 paragraphs
have it, common where more than a hundredth has. Milliseconds are the processor's: the machine may have other work.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from archiver import zstd
from archiver.asking import search
from archiver.digests import bits64
from archiver.stems import stems_of
from archiver.store import open_archive, reader
from archiver.store.forms import learn
from benchmarks import CORPUS
from benchmarks.standing import Standing, has_corpus, without
from benchmarks.tables import table

ROUNDS = 5
PARAGRAPH = 4
"""`blocks.sort` of a paragraph of the main part."""
WORD = 6
"""Letters at least of a word that is asked for."""


def paragraphs() -> list[str]:
    """The paragraphs of real texts."""
    raw = zstd.decompress((CORPUS / "regeringen_revisions" / "revisions.jsonl.zst").read_bytes())
    found: dict[str, None] = {}
    for line in raw.decode().splitlines():
        for part in json.loads(line)["revisions"][-1]["text"].split("\n"):
            if 60 < len(part.strip()) < 700:
                found[part.strip()] = None
    return list(found)


def grow(count: int) -> list[list[str]]:
    """So many documents, as lists of paragraphs."""
    chance = random.Random(7)  # noqa: S311
    real = paragraphs()
    words = sorted({w for p in real for w in p.split() if w.isalpha()})
    strange = [chance.choice(words) + chance.choice(words).lower() for _ in range(200_000)]  # compounds, as in Swedish
    shared = real[: len(real) // 3]

    def own() -> str:
        return " ".join(chance.choice(strange) if chance.random() < 0.1 else w for w in chance.choice(real).split())

    return [[chance.choice(shared) if n % 3 == 0 else own() for n in range(12)] for _ in range(count)]


def fill(file: Path, documents: list[list[str]]) -> None:
    """An archive that holds them, a page each, as a crawl would have left it."""
    with open_archive(file) as archive:
        archive.write(lambda conn: _fill(conn, documents))


def _fill(conn: sqlite3.Connection, documents: list[list[str]]) -> None:
    day, digest = "2026-01-01T00:00:00Z", "0" * 64
    conn.execute("INSERT INTO sources VALUES ('s', '0001', 'Ekliden', '', 'sv', ?)", (day,))
    conn.execute("INSERT INTO rules VALUES (1, ?, 'generic', 'sv', 1, '{}')", (digest,))
    conn.execute(
        """INSERT INTO runs (id, source_id, kind, started_at, program, agent) VALUES (1, 's', 'crawl', ?, 'a', 'a')""",
        (day,),
    )
    known: dict[str, int] = {}
    hunks = 0
    for n, document in enumerate(documents, 1):
        learn(conn, (text for text in document if text not in known), partial(stems_of, language="sv"))
        ids = [_passage(conn, known, text) for text in document]
        url = f"https://www.ekliden.example/sida/{n}"
        conn.execute(
            """INSERT INTO addresses (id, source_id, url, key, host, role, depth, found_at)
               VALUES (?, 's', ?, ?, 'www.ekliden.example', 'page', 1, ?)""",
            (n, url, url, day),
        )
        conn.execute("INSERT INTO pages (id, source_id, key, kind) VALUES (?, 's', ?, 'page')", (n, url))
        conn.execute("INSERT INTO page_addresses VALUES (?, ?, 'own')", (n, n))
        conn.execute(
            """INSERT INTO captures (id, address_id, run_id, captured_at, outcome, status, body_id, robots, leaf)
               VALUES (?, ?, 1, ?, 'refused', 403, NULL, '', ?)""",
            (n, n, day, digest),
        )
        for version in (1, 2) if n % 10 == 0 else (2,):
            shown = ids[: 6 if version == 1 else 12]
            core = f"{n * 4 + version:064}"
            conn.execute(
                """INSERT INTO documents (id, sha256, core, kind, legible, title, words)
                   VALUES (?, ?, ?, 'html', 'yes', ?, 99)""",
                (n * 4 + version, core, core, f"Sida {n}"),
            )
            conn.executemany(
                f"""INSERT INTO blocks (document_id, position, sort, passage_id) VALUES (?, ?, {PARAGRAPH}, ?)""",
                [(n * 4 + version, at, p) for at, p in enumerate(shown)],
            )
            number = 1 if version == 1 or n % 10 else 2
            conn.execute(
                """INSERT INTO revisions (id, page_id, number, state, document_id, core, first_capture, last_capture,
                     first_seen, last_seen) VALUES (?, ?, ?, 'present', ?, ?, ?, ?, ?, ?)""",
                (n * 4 + version, n, number, n * 4 + version, core, n, n, day, day),
            )
        if n % 10 == 0:
            hunks += 1
            text = document[0]
            conn.execute(
                """INSERT INTO hunks (id, revision_id, position, op, before_id, text)
                   VALUES (?, ?, 0, 'removed', ?, ?)""",
                (hunks, n * 4 + 2, ids[0], text),
            )


def _passage(conn: sqlite3.Connection, known: dict[str, int], text: str) -> int:
    if text not in known:
        known[text] = len(known) + 1
        conn.execute("INSERT INTO passages VALUES (?, ?, ?)", (known[text], bits64(text), text))
    return known[text]


def plain(file: Path, documents: list[list[str]]) -> sqlite3.Connection:
    """One FTS5 table of whole documents."""
    conn = sqlite3.connect(file)
    conn.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'unicode61 remove_diacritics 0')")
    conn.executemany("INSERT INTO t (text) VALUES (?)", (("\n".join(d),) for d in documents))
    conn.commit()
    return conn


def tantivy_index(folder: Path, documents: list[list[str]]) -> None:
    """The same in tantivy."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=True)
    schema = builder.build()
    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(200_000_000)
    for document in documents:
        writer.add_document(tantivy.Document(text="\n".join(document)))
    writer.commit()
    writer.wait_merging_threads()


def timed(queries: list[str], ask: Callable[[str], object]) -> list[float]:
    """Milliseconds of each query, each asked several times; the first round is left out."""
    took = []
    for number in range(ROUNDS + 1):
        for query in queries:
            begun = time.process_time()
            ask(query)
            if number:
                took.append((time.process_time() - begun) * 1000)
    return took


def size(path: Path) -> int:
    """Bytes of a file, or of a folder."""
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


def asked_of(documents: list[list[str]]) -> dict[str, list[str]]:
    """Queries of each kind, ten of each."""
    counts = Counter(w for d in documents for p in d for w in {x.strip(".,:;()").lower() for x in p.split()})
    total = 12 * len(documents)
    fit = [w for w in counts if w.isalpha() and len(w) >= WORD]
    chance = random.Random(1)  # noqa: S311
    rare = chance.sample([w for w in fit if 5 <= counts[w] < 50], 10)
    common = chance.sample([w for w in fit if counts[w] > total / 100], 10)
    starts = [p for p in (document[1] for document in chance.sample(documents, 200)) if len(p.split()) > 8]
    phrases = [" ".join(w.strip(".,:;()") for w in p.split()[3:6]) for p in starts[:10]]
    return {
        "rare word": rare, "common word": common, "phrase": [f'"{p}"' for p in phrases],
        "short prefix": [f"{w[:3]}*" for w in common],
    }  # fmt: skip


OURS, TANTIVY, PLAIN = "ours, current", "tantivy", "FTS5, documents"
Asks = dict[str, Callable[[str], object]]


def ways(folder: Path, documents: list[list[str]]) -> Asks:
    """Who is asked, and how; what is not in the folder is built. tantivy only where it is installed."""
    if not (folder / "plain.db").exists():
        fill(folder / "archive.db", documents)
        plain(folder / "plain.db", documents).close()
    ours = reader(folder / "archive.db")
    table5 = sqlite3.connect(folder / "plain.db")

    def fts(query: str) -> object:
        match = query if query.endswith("*") else query if query.startswith('"') else f'"{query}"'
        return table5.execute(
            "SELECT rowid, snippet(t, 0, '', '', '', 24) FROM t WHERE t MATCH ? ORDER BY rank LIMIT 20", (match,)
        ).fetchall()

    asks: Asks = {
        OURS: lambda q: search(ours, q),
        "ours, ever": lambda q: search(ours, q, "ever"),
        "ours, removed": lambda q: search(ours, q, "removed"),
        PLAIN: fts,
    }
    return asks if without("tantivy") else asks | {TANTIVY: _rust(folder / "tantivy", documents)}


def _rust(folder: Path, documents: list[list[str]]) -> Callable[[str], object]:
    import tantivy

    if not folder.exists():
        tantivy_index(folder, documents)
    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def rust(query: str) -> object:
        parsed = index.parse_query(query, ["text"])
        snippets = tantivy.SnippetGenerator.create(searcher, parsed, index.schema, "text")
        return [snippets.snippet_from_doc(searcher.doc(at)) for _, at in searcher.search(parsed, 20).hits]

    return rust


def taken(asks: Asks, kinds: dict[str, list[str]]) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each query, by who was asked and kind of query; tantivy knows no prefixes."""
    return {
        name: {k: timed(queries, ask) for k, queries in kinds.items() if (name, k) != (TANTIVY, "short prefix")}
        for name, ask in asks.items()
    }


def sizes(folder: Path, documents: list[list[str]]) -> dict[str, int]:
    """Bytes of the raw text, and of what each keeps."""
    with closing(reader(folder / "archive.db")) as conn:
        text, blocks = conn.execute(
            """SELECT sum(pgsize) FILTER (WHERE name NOT GLOB 'blocks*'), sum(pgsize) FILTER (WHERE name GLOB 'blocks*')
               FROM dbstat WHERE name GLOB 'passages*' OR name IN ('blocks', 'blocks_by_passage', 'word_forms')"""
        ).fetchone()
    raw = sum(len(p.encode()) for d in documents for p in d)
    found = {"raw text": raw, "ours: text and index": text, "ours, and who shows it": text + blocks,
             PLAIN: size(folder / "plain.db")}  # fmt: skip
    return found | ({TANTIVY: size(folder / "tantivy")} if (folder / "tantivy").exists() else {})


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """Each kind of query in what pages say now; and what text and index take."""
    if not has_corpus("search"):
        return
    documents = grow(10_000 if quick else 100_000)
    note = without("tantivy")
    with tempfile.TemporaryDirectory() as folder:
        found = taken(ways(Path(folder), documents), asked_of(documents))
        kept = sizes(Path(folder), documents)
    of = f"search, {len(documents):,} documents"
    for kind, most in {"rare word": 1, "common word": 7, "phrase": 1, "short prefix": None}.items():
        for rival in (TANTIVY, PLAIN):
            theirs = found.get(rival, {}).get(kind)
            lacks = note if rival == TANTIVY else ""
            yield Standing(f"{of}: {kind}", "CPU ms", median(found[OURS][kind]), rival,
                           median(theirs) if theirs else None, most=most, note=lacks)  # fmt: skip
    for kind in ("common word", "short prefix"):
        theirs = found.get(PLAIN, {}).get(kind)
        yield Standing(f"{of}: {kind}, 99 %", "CPU ms", quantiles(found[OURS][kind], n=100)[-1], PLAIN,
                       quantiles(theirs, n=100)[-1] if theirs else None, most=50)  # fmt: skip
    raw = kept["raw text"]
    yield Standing(f"{of}: text and index", "of the raw text", kept["ours: text and index"] / raw, TANTIVY,
                   kept[TANTIVY] / raw if TANTIVY in kept else None, most=1.2, note=note)  # fmt: skip


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=100_000)
    arguments.add_argument("--folder", type=Path, help="where what was built stays, and is found again")
    asked = arguments.parse_args()
    documents = grow(asked.documents)
    kinds = asked_of(documents)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        rows = []
        for name, found in taken(ways(folder, documents), kinds).items():
            cells = [f"{median(t):.2f} / {quantiles(t, n=100)[-1]:.1f}" if (t := found.get(k)) else "–" for k in kinds]
            rows.append([name, *cells])
        print(table(["ms, median / 99 %", *kinds], rows))
        kept = sizes(folder, documents)
        rows = [[name, f"{found / 1e6:.1f}", f"{found / kept['raw text']:.2f}"] for name, found in kept.items()]
        print(table(["bytes", "MB", "of raw"], rows))


if __name__ == "__main__":
    main()

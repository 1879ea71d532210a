"""Documents: what a body says, saved so that exactly the same comes back."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import fields

from archiver.digests import canonical
from archiver.errors import NotFound
from archiver.model import About, Block, Claim, Document, Link
from archiver.store.forms import Stem
from archiver.store.passages import passage_ids, target_ids


def _sorts(*words: str) -> dict[tuple[str, str], int]:
    """The numbers under which these words are kept, with the part of the page."""
    return {(word, part): 2 * i + k for i, word in enumerate(words) for k, part in enumerate(("main", "rest"))}


_KINDS = _sorts("title", "heading", "paragraph", "list-item", "table-row", "quote", "caption")
_RELS = _sorts("link", "attachment", "feed", "canonical", "entry")
"""In the order of `006_lean.sql`, which turns them back."""
_ABOUT = tuple(field.name for field in fields(About))


def save_document(conn: sqlite3.Connection, document: Document, stem: Stem) -> int:
    """The id of the document's row, a new one only where nothing was ever read just so."""
    known = conn.execute("SELECT id FROM documents WHERE sha256 = ?", (document.sha256,)).fetchone()
    if known:
        return int(known[0])
    cursor = conn.execute(
        """INSERT INTO documents (sha256, core, kind, legible, language, title, published, updated, reviewed,
             responsible, words, payload, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            document.sha256, document.core, document.kind, document.legible, document.language, document.title,
            document.published, document.updated, document.reviewed, document.responsible, document.words,
            document.payload, _about_kept(document.about),
        ),
    )  # fmt: skip
    document_id = int(cursor.lastrowid or 0)
    _save_blocks(conn, document_id, document.blocks, stem)
    _save_links(conn, document_id, document.links)
    _save_claims(conn, document_id, document.claims)
    return document_id


def keep_targets(conn: sqlite3.Connection, links: Iterable[Link]) -> None:
    """Keep what links of a document lead to that is saved afterwards; where it is not, `sweep` takes them away."""
    target_ids(conn, (link.target for link in links))


def load_document(conn: sqlite3.Connection, document_id: int) -> Document:
    """The document exactly as it was saved. Raises NotFound."""
    row = conn.execute(
        """SELECT kind, legible, language, title, published, updated, reviewed, responsible, payload, about
           FROM documents WHERE id = ?""",
        (document_id,),
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no document {document_id}")
    blocks = conn.execute(
        """SELECT b.part, b.kind, b.level, t.text, b.page, b.anchor FROM blocks b JOIN passages t ON t.id = b.passage_id
           WHERE b.document_id = ? ORDER BY b.position""",
        (document_id,),
    )
    links = conn.execute(
        """SELECT t.url, l.rel, l.part, l.text, l.note, l.block FROM links l JOIN targets t ON t.id = l.target_id
           WHERE l.document_id = ? ORDER BY l.position""",
        (document_id,),
    )
    claims = conn.execute(
        """SELECT meaning, witness, rule, label, raw, value, precision, place, believed, doubt
           FROM claims WHERE document_id = ? ORDER BY position""",
        (document_id,),
    )
    kind, legible, language, title, published, updated, reviewed, responsible, payload, about = row
    return Document(
        kind=kind,
        legible=legible,
        language=language,
        title=title,
        published=published,
        updated=updated,
        reviewed=reviewed,
        responsible=responsible,
        blocks=tuple(Block(*block) for block in blocks),
        links=tuple(Link(*link) for link in links),
        claims=tuple(Claim(*(*claim[:8], bool(claim[8]), claim[9])) for claim in claims),
        payload=payload,
        about=_about(about),
    )


def _about_kept(about: About) -> str | None:
    """The column: an object of what is said; NULL where nothing is."""
    said = {name: value for name in _ABOUT if (value := getattr(about, name))}
    return canonical(said).decode() if said else None


def _about(kept: str | None) -> About:
    said = json.loads(kept) if kept else {}
    said |= {name: tuple(said[name]) for name in ("breadcrumb", "marks") if name in said}
    said |= {"shared": tuple((name, value) for name, value in said.get("shared", ()))}
    return About(**said)


def _save_blocks(conn: sqlite3.Connection, document_id: int, blocks: tuple[Block, ...], stem: Stem) -> None:
    passages = passage_ids(conn, (block.text for block in blocks), stem)
    conn.executemany(
        """INSERT INTO blocks (document_id, position, sort, level, passage_id, page, anchor)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (document_id, i, _KINDS[b.kind, b.part], b.level, passages[b.text], b.page, b.anchor)
            for i, b in enumerate(blocks)
        ],
    )


def _save_links(conn: sqlite3.Connection, document_id: int, links: tuple[Link, ...]) -> None:
    targets = target_ids(conn, (link.target for link in links))
    conn.executemany(
        """INSERT INTO links (document_id, position, block, target_id, sort, text, note)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (document_id, i, k.block, targets[k.target], _RELS[k.rel, k.part], k.text, k.note)
            for i, k in enumerate(links)
        ],
    )


def _save_claims(conn: sqlite3.Connection, document_id: int, claims: tuple[Claim, ...]) -> None:
    conn.executemany(
        """INSERT INTO claims (document_id, position, meaning, witness, rule, label, raw, value, precision, place,
             believed, doubt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (document_id, i, c.meaning, c.witness, c.rule, c.label, c.raw, c.value, c.precision, c.place, c.believed,
             c.doubt)
            for i, c in enumerate(claims)
        ],
    )  # fmt: skip

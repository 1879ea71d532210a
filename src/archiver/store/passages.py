"""Passages and targets: every text ever read and every URL ever linked to, each once for the whole archive."""

import json
import sqlite3
from collections.abc import Iterable

from archiver import urls
from archiver.digests import bits64
from archiver.store.forms import Stem, learn


def passage_ids(conn: sqlite3.Connection, texts: Iterable[str], stem: Stem) -> dict[str, int]:
    """The ids of these texts; those new to the archive are added, and the forms of their words."""
    wanted = {text: bits64(text) for text in texts}
    rows = conn.execute(
        "SELECT t.text, t.id FROM json_each(?) AS wanted JOIN passages t ON t.hash = wanted.value",
        (json.dumps(list(wanted.values())),),
    )
    found = {text: passage_id for text, passage_id in rows if text in wanted}
    new = [text for text in wanted if text not in found]
    for text in new:
        cursor = conn.execute("INSERT INTO passages (hash, text) VALUES (?, ?)", (wanted[text], text))
        found[text] = int(cursor.lastrowid or 0)
    if new:
        learn(conn, new, stem)
    return found


def target_ids(conn: sqlite3.Connection, wanted: Iterable[str]) -> dict[str, int]:
    """The ids of these URLs; those new to the archive are added with their keys."""
    distinct = list(dict.fromkeys(wanted))
    rows = conn.execute(
        "SELECT t.key, t.id FROM json_each(?) AS wanted JOIN targets t ON t.key = wanted.value AND t.own IS NULL",
        (json.dumps(distinct),),
    )
    found: dict[str, int] = dict(rows.fetchall())
    others = [(urls.key(url), url) for url in distinct if url not in found]
    if not others:
        return found
    rows = conn.execute(
        """SELECT t.own, t.id FROM json_each(?) AS wanted
           JOIN targets t ON t.key = wanted.value ->> 0 AND t.own = wanted.value ->> 1""",
        (json.dumps(others),),
    )
    found |= dict(rows.fetchall())
    for key, url in others:
        if url not in found:
            cursor = conn.execute("INSERT INTO targets (key, own) VALUES (?, ?)", (key, None if key == url else url))
            found[url] = int(cursor.lastrowid or 0)
    return found

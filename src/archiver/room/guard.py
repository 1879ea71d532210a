"""What free SQL may read: the public views, and nothing else of the archive.

SQLite asks an authorizer (sqlite.org/c3ref/set_authorizer.html) at every column a statement reads, and tells it the
innermost view that the read comes from. So a base table may be read from inside a public view and nowhere else, and of
it only the columns which that view needs. Three holes are closed besides:

- a WITH can give a view's name another meaning, and reads inside it then seem to come from the view: a statement that
  does so is refused before it is prepared (`redefines`);
- full-text tables read their content behind the authorizer's back, so they are closed, and MATCH with them;
- ATTACH, writing, PRAGMA beyond what Datasette's own pages ask, and functions that load code are refused.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl

INNER = frozenset({"inner_text"})
"""Views that know no embargo and serve other views only."""
ROWS = 1000
"""Rows that one query gives at most."""
_PRAGMAS = frozenset({"table_info", "table_xinfo", "foreign_key_list", "index_list", "index_info", "index_xinfo",
                      "database_list", "function_list", "schema_version", "data_version"})  # fmt: skip
_CATALOGUE = frozenset({"sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"})
_SHUT = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "match", "snippet",
                   "highlight", "bm25", "zeroblob", "randomblob"})  # fmt: skip
_TOKEN = re.compile(
    r"""\s+ | --[^\n]* | /\*.*?(?:\*/|\Z)
      | '(?:[^']|'')*' | "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\]
      | [^\W\d][\w$]* | \d[\w.]* | .""",
    re.VERBOSE | re.DOTALL,
)
_CONFIG = "_fts_config"
"""FTS5 reads this table of a full-text index, two settings, whenever the index is so much as named."""
_DECLARING = frozenset({sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_INSERT})
"""A virtual table declares its columns in a statement that SQLite takes for one on its catalogue, and never runs. No
statement of a reader's can alter the catalogue: the connection is read-only, and PRAGMA writable_schema is refused."""
_BLANK = re.compile(r"\s|--|/\*")
_LONGEST = 20_000
"""Letters of a statement that is looked at; a longer one is refused."""

_SHORTEST = len("with x as(")

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def views(conn: sqlite3.Connection) -> frozenset[str]:
    """Every view of the archive: the names that no statement may give another meaning."""
    return frozenset(row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'"))


def public_views(conn: sqlite3.Connection) -> frozenset[str]:
    """The views that everyone may read."""
    return views(conn) - INNER


def shut(conn: sqlite3.Connection) -> None:
    """Let the connection read the public views only, from now on."""
    public = public_views(conn)
    conn.set_authorizer(_authorizer(public, _needs(conn, public)))
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 20_000_000)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000)


def redefines(sql: str, known: Iterable[str]) -> bool:
    """Whether a WITH in the statement gives one of these names another meaning, or it is too long to tell."""
    if len(sql) > _LONGEST:
        return True
    names = {view.lower() for view in known}
    tokens = [_plain(t) for t in _TOKEN.findall(sql) if not _BLANK.match(t)]
    return any(token in names and _is_defined(tokens, at) for at, token in enumerate(tokens))


def refuses(query: str, known: Iterable[str]) -> bool:
    """Whether a query string holds SQL that redefines a view, SQL that Datasette puts into its own, or an odd facet."""
    found = parse_qsl(query, keep_blank_values=True, errors="replace")
    names = tuple(known)
    return any(
        name == "_where" or _is_odd_facet(name, value) or (len(value) > _SHORTEST and redefines(value, names))
        for name, value in found
    )


def _is_odd_facet(name: str, value: str) -> bool:
    """Whether Datasette 0.65 would take it for a facet and answer 500."""
    return name.startswith("_facet") and (name not in _FACETS or value.startswith("{"))


_FACETS = frozenset({"_facet", "_facet_size", "_facet_date", "_facet_array"})


def _is_defined(tokens: list[str], at: int) -> bool:
    """Whether the name there is followed by what only a definition has: (columns)? AS (NOT? MATERIALIZED)? '('."""
    at += 1
    if tokens[at : at + 1] == ["("]:
        end = next((k for k in range(at, len(tokens)) if tokens[k] == ")"), len(tokens))
        at = end + 1
    if tokens[at : at + 1] != ["as"]:
        return False
    at += 1
    while tokens[at : at + 1] and tokens[at] in ("not", "materialized"):
        at += 1
    return tokens[at : at + 1] == ["("]


def _plain(token: str) -> str:
    """A token without its quotes, in lower case: SQLite takes any quoted text for a name where a name is due."""
    return token[1:-1].replace(token[0] * 2, token[0]).lower() if token[0] in "'\"`[" else token.lower()


def _needs(conn: sqlite3.Connection, public: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """The columns of other tables that each view reads, those of the views inside it apart.

    An empty column is SQLite's way to ask for a table of which no column is read: how many rows it has is no secret.
    """
    found: dict[str, set[tuple[str, str]]] = {}

    def note(action: int, table: str | None, column: str | None, _database: str | None, view: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table and view:
            found.setdefault(view, set()).add((table, column or ""))
        return sqlite3.SQLITE_OK

    conn.set_authorizer(note)
    for view in public:
        conn.execute(f'EXPLAIN SELECT * FROM "{view}"').fetchone()
    conn.set_authorizer(None)
    return found


def _authorizer(public: frozenset[str], needs: dict[str, set[tuple[str, str]]]) -> Authorizer:
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE}

    def decide(action: int, one: str | None, two: str | None, _database: str | None, view: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            return _may_read(one or "", two or "", view)
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_DENY if (two or "").lower() in _SHUT else sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA:
            return sqlite3.SQLITE_OK if (one or "").lower() in _PRAGMAS else sqlite3.SQLITE_DENY
        if action in _DECLARING and one in _CATALOGUE:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY

    def _may_read(table: str, column: str, view: str | None) -> int:
        if table in public or table in _CATALOGUE or table.startswith("pragma_") or table.endswith(_CONFIG):
            return sqlite3.SQLITE_OK
        if column == "":
            return sqlite3.SQLITE_OK
        inside = view is not None and (table, column) in needs.get(view, ())
        return sqlite3.SQLITE_OK if inside else sqlite3.SQLITE_DENY

    return decide

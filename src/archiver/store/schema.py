"""The tables, and the views over them: made, brought up to date, and compared with what they should be.

Tables change by numbered migrations, each applied once, as `sqlite_utils.Migrations` records them in its own table.
Views hold nothing, so they are no matter of migrations: they are dropped and made again whenever the digest of
`views.sql` is not the one noted in `made_with`. All of it happens in one transaction that no other process shares.
"""

import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archiver.digests import sha256
from archiver.errors import Damaged, StoreError
from archiver.store.forms import reader_of_stems

APPLICATION_ID = 1098017654  # 'Arkv', as 001_initial.sql sets it
_NAMES = (
    "001_initial",
    "002_better_reading",
    "003_rhythm",
    "004_rendered",
    "005_politeness",
    "006_lean",
    "007_events",
    "008_one_index",
    "009_orders",
    "010_alerts",
    "011_runs",
    "012_told",
)
"""Every migration in its order; a released one is never edited."""


def build(conn: sqlite3.Connection) -> None:
    """Make the archive, or bring it up to date; the caller holds the transaction.

    Raises StoreError where the file belongs to another program, or to a newer one of ours.
    """
    check_ours(conn)
    conn.create_function("forms_in", 2, reader_of_stems())  # for 008_one_index
    _migrations().apply(_database(conn))
    _make_views(conn)


def is_current(conn: sqlite3.Connection) -> bool:
    """Whether there is nothing to migrate and no view to remake. Raises StoreError as `build` does."""
    check_ours(conn)
    if not is_made(conn) or _migrations().pending(_database(conn)):
        return False
    return _views_noted(conn) == _views_digest()


def is_made(conn: sqlite3.Connection) -> bool:
    """Whether the file is an archive at all, of whatever age."""
    return bool(_pragma(conn, "PRAGMA application_id") == APPLICATION_ID)


def check_ours(conn: sqlite3.Connection) -> None:
    """Raise StoreError unless the file is empty or an archive that this program knows."""
    mark = _pragma(conn, "PRAGMA application_id")
    if mark not in (0, APPLICATION_ID):
        raise StoreError(f"{_name(conn)} belongs to another program (its application id is {mark})")
    tables = [name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    if mark == 0 and tables:
        raise StoreError(f"{_name(conn)} is a database, but not an archive of ours: it has a table '{tables[0]}'")
    unknown = [name for name in _applied(conn) if name not in _NAMES] if mark else []
    if unknown:
        raise StoreError(f"{_name(conn)} was made by a newer archiver ('{unknown[0]}'); install that one, or later")


def _applied(conn: sqlite3.Connection) -> list[str]:
    """The migrations the file has had. Raises Damaged where the list of them is not as we made it."""
    try:
        return [migration.name for migration in _migrations().applied(_database(conn))]
    except KeyError as error:  # a column has another name
        raise Damaged(f"{_name(conn)} is damaged; restore a backup") from error


def missing_or_altered(conn: sqlite3.Connection) -> list[str]:
    """The tables, triggers and views of ours that the file lacks or holds in another form: 'trigger x is missing'.

    What others added to the file (an index, a view of their own) is not mentioned.
    """
    wanted, found = _ideal(), _objects(conn)
    return [
        f"{kind} {name} is {'altered' if (kind, name) in found else 'missing'}"
        for (kind, name), sql in wanted.items()
        if found.get((kind, name)) != sql
    ]


def missing_indexes(conn: sqlite3.Connection) -> list[str]:
    """The indexes of ours that the file lacks: questions take long without."""
    found = _objects(conn, "type = 'index'")
    return [f"index {name} is missing" for (_, name) in _ideal("type = 'index'") if ("index", name) not in found]


def remake(conn: sqlite3.Connection) -> None:
    """Make triggers, views and indexes as they should be; tables are left alone. The caller holds the transaction."""
    for kind in ("trigger", "index"):
        found = _objects(conn, f"type = '{kind}'")
        for (_, name), sql in _ideal(f"type = '{kind}'").items():
            if found.get((kind, name)) != sql:
                conn.execute(f"DROP {kind} IF EXISTS {name}")
                conn.execute(sql)
    conn.execute("DELETE FROM made_with WHERE name = 'views'")
    _make_views(conn)


def waiting(conn: sqlite3.Connection) -> bool:
    """Whether a migration waits, or a view is another release's."""
    return not is_current(conn)


@cache
def _ideal(which: str = "type <> 'index'") -> dict[tuple[str, str], str]:
    """What a new archive is made of."""
    ideal = sqlite3.connect(":memory:", isolation_level=None)
    ideal.execute("PRAGMA foreign_keys = ON")  # as when the file was made: a table renamed is renamed in references
    try:
        build(ideal)
        return _objects(ideal, which)
    finally:
        ideal.close()


def statements(sql: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit the transaction it stands in."""
    gathered = ""
    for piece in sql.split(";")[:-1]:  # what follows the last one ends no statement
        gathered += piece + ";"
        if sqlite3.complete_statement(gathered):
            yield gathered.strip()
            gathered = ""


def _migrations() -> Migrations:
    ours = Migrations("archiver")
    for name in _NAMES:
        ours(name=name)(_runner(name))
    return ours


def _runner(name: str) -> Callable[[Database], None]:
    def migrate(database: Database) -> None:
        for statement in statements(_read(f"migrations/{name}.sql")):
            database.conn.execute(statement)

    return migrate


def _make_views(conn: sqlite3.Connection) -> None:
    wanted = _views_digest()
    if _views_noted(conn) == wanted:
        return
    for statement in statements(_read("views.sql")):
        conn.execute(statement)
    conn.execute(
        """INSERT INTO made_with (name, value) VALUES ('views', ?)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        (wanted,),
    )


def _views_noted(conn: sqlite3.Connection) -> str | None:
    row = conn.execute("SELECT value FROM made_with WHERE name = 'views'").fetchone()
    return row[0] if row else None


def _views_digest() -> str:
    return sha256(_read("views.sql").encode())


def _objects(conn: sqlite3.Connection, which: str = "type <> 'index'") -> dict[tuple[str, str], str]:
    rows = conn.execute(f"SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND {which}")
    return {(kind, name): sql for kind, name, sql in rows}


def _read(name: str) -> str:
    return files("archiver.store").joinpath(name).read_text("utf-8")


def _database(conn: sqlite3.Connection) -> Database:
    return Database(conn, recursive_triggers=False, execute_plugins=False)


def _name(conn: sqlite3.Connection) -> str:
    return conn.execute("PRAGMA database_list").fetchone()[2] or "the database"


def _pragma(conn: sqlite3.Connection, question: str) -> int:
    return int(conn.execute(question).fetchone()[0])

"""The examples of docs/researchers.md, asked of the demonstration: each has the answer that stands below it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from click.testing import CliRunner

from archiver import asking
from archiver.cli.demo import demo_command
from archiver.store import reader

PAGE = Path(__file__).parents[2] / "docs" / "researchers.md"
EXAMPLES = re.findall(r"```sh\narchiver ask (\S+)(.*)\n```\n\n> (\d+) rows?(?:: (.*))?", PAGE.read_text("utf-8"))


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("researchers")
    said = CliRunner().invoke(demo_command, ["--folder", str(folder)])
    assert said.exit_code == 0, said.output
    with closing(reader(folder / "archive.db")) as conn:
        yield conn


def test_every_question_has_an_example() -> None:
    assert [name for name, *_ in EXAMPLES] == list(asking.QUESTIONS)


@pytest.mark.parametrize(("name", "words", "count", "first"), EXAMPLES, ids=[name for name, *_ in EXAMPLES])
def test_an_example_is_answered_as_it_says(conn: Connection, name: str, words: str, count: str, first: str) -> None:
    (page,) = conn.execute("SELECT url FROM current_pages WHERE url LIKE '%/arvoden-och-ersattningar'").fetchone()
    said = dict(pair.split("=", 1) for pair in words.replace('"$PAGE"', page).split())

    rows = list(asking.ask(conn, name, **said))

    assert len(rows) == int(count)
    for key, value in re.findall(r"`(\w+)` (.*?)(?=, `|$)", first):
        assert str(rows[0][key]) == value


@pytest.mark.parametrize("name", [n for n, q in asking.QUESTIONS.items() if q.sql and not q.restricted])
def test_the_sql_of_a_question_reads_public_views_alone(conn: Connection, name: str) -> None:
    """As the reading room's guard will: from outside the views no base table is touched."""
    views = {row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")} - {"inner_text"}
    named = set(re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", asking.QUESTIONS[name].sql))
    inner = set(re.findall(r"(?:WITH|,)\s*\n?\s*([a-z_]+) AS \(", asking.QUESTIONS[name].sql))
    assert named - inner <= views

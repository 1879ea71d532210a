"""Where to ask in SQL: the ready questions in the reader's language, and the public views with their columns."""

from archiver.room.frame import Answer, Ask
from archiver.room.guard import ROWS, public_views
from archiver.room.pages import shared
from archiver.room.questions import questions
from archiver.room.readers import TIME_LIMIT

EXAMPLE = ("SELECT municipality, count(*) AS silent", "FROM silent_edits", "GROUP BY municipality", "ORDER BY silent DESC")
BUILDING_STONES = frozenset({"open_pages", "open_revisions"})


def sql(ask: Ask) -> Answer:
    """The ready questions and the views."""
    views = sorted(public_views(ask.conn))
    columns = {
        view: [row["name"] for row in ask.rows("SELECT name FROM pragma_table_info(:view)", view=view)]
        for view in views
        if view not in BUILDING_STONES
    }
    return ask.render(
        "sql.html",
        questions=questions(),
        views=columns,
        seconds=TIME_LIMIT,
        most=ROWS,
        example=EXAMPLE,
        last=shared.last_run(ask),
        area="sql",
    )

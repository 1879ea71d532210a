"""`archiver search`, `ask`, `similar`: words in all that the archive ever held, and the questions that have a name."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import click

from archiver.cli.setting import Moment, Setting, is_typed, one_form, print_csv, print_lines

if TYPE_CHECKING:
    from archiver.asking import Question
    from archiver.asking.search import Where
    from archiver.asking.terms import LeftOut

WHERE = ("current", "ever", "added", "removed")
_LEFT_OUT: "dict[LeftOut, str]" = {
    "nothing-typed": "there is no word in it to look for: nothing was typed",
    "signs-only": "there is no word in it to look for: no index holds signs, only letters and digits",
    "unwanted-only": "there is no word in it to look for, only words that must not be there",
    "many-terms": "of its words and phrases the first 20 are looked for",
    "long-term": "of a word or a phrase the first 200 characters are looked for",
    "long-query": "of what was typed the first 4,000 characters are looked at",
}


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--in", "where", type=click.Choice(WHERE), default="current", show_default=True,
              help="What pages say now, what they ever said, what a change added, what one removed.")  # fmt: skip
@click.option("--kommun", metavar="NAME", help="Of one municipality, by name or code.")
@click.option("--section", metavar="NAME", help="Of one section, such as anslagstavla.")
@click.option("--since", type=Moment(), metavar="TIME", help="In a state, or a change, first seen from then on.")
@click.option("--until", type=Moment(end_of_day=True), metavar="TIME", help="First seen before then.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, metavar="N", help="At most.")
@click.option("--phrase", "spans", is_flag=True,
              help="Instead of pages: since when and until when the words stood, by municipality.")  # fmt: skip
@click.option("--months", is_flag=True, help="Instead of pages: on how many of those seen in each month they stood.")
@click.option("--json", "as_json", is_flag=True, callback=one_form, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, callback=one_form, help="A table for a spreadsheet.")
@click.pass_obj
def search_command(
    setting: Setting,
    words: tuple[str, ...],
    where: str,
    kommun: str | None,
    section: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    spans: bool,
    months: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Pages by their WORDS: all of them, in any form, on one page.

    \b
    archiver search tillitsbaserad styrning
    archiver search '"högst 450 kronor"' --in removed     exactly, in what was taken away
    archiver search 'protokoll*' -- -gymnasium            words that begin so; not with the other
    """
    from archiver import asking
    from archiver.cli.naming import code_of
    from archiver.cli.tell import tell_hits, tell_table

    if spans or months:
        _check_alone(spans=spans, months=months)
    typed = " ".join(words)
    left_out = [_LEFT_OUT[code] for code in asking.left_out(typed)]
    if not any(not term.negated for term in asking.parse(typed)):
        raise click.BadParameter(left_out[0], param_hint="WORDS")
    for line in left_out:
        click.echo(f"Note: {line}.", err=True)
    with setting.reading() as conn:
        kommun = code_of(conn, kommun)
        if spans or months:
            rows = (asking.spans if spans else asking.by_month)(conn, typed, kommun=kommun)
            if not _print(rows, as_json=as_json, as_csv=as_csv):
                tell_table(rows)
            return
        hits = asking.search(
            conn, typed, cast("Where", where), kommun=kommun, section=section, since=since, until=until, limit=limit
        )
    if not _print([asdict(hit) for hit in hits], as_json=as_json, as_csv=as_csv):
        tell_hits(hits, setting, where)


def _check_alone(*, spans: bool, months: bool) -> None:
    """What a summary of all pages cannot heed is not passed over in silence. Raises UsageError."""
    if spans and months:
        raise click.UsageError("--phrase and --months are two questions: ask one of them")
    options = {"where": "--in", "section": "--section", "since": "--since", "until": "--until", "limit": "--limit"}
    for name, option in options.items():
        if is_typed(name):
            raise click.UsageError(f"{option} narrows a list of pages; --phrase and --months take --kommun only")


@click.command("ask")
@click.argument("name", required=False, metavar="[QUESTION]")
@click.argument("said", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--sql", "as_sql", is_flag=True, help="Print the question's SQL instead of its answer.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many rows.")
@click.option("--since", metavar="TIME", help="The same as since=TIME.")
@click.option("--until", metavar="TIME", help="The same as until=TIME.")
@click.option("--kommun", metavar="NAME", help="The same as kommun=NAME.")
@click.option("--json", "as_json", is_flag=True, callback=one_form, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, callback=one_form, help="A table for a spreadsheet.")
@click.pass_obj
def ask_command(
    setting: Setting,
    name: str | None,
    said: tuple[str, ...],
    as_sql: bool,
    limit: int | None,
    since: str | None,
    until: str | None,
    kommun: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Ask one of the named questions; without a name, list them.

    \b
    archiver ask silent-edits since=2026-03-01 kommun=Gislaved
    archiver ask text-at url=https://www.gislaved.se/… day=2026-03-02
    """
    from itertools import islice

    from archiver import asking
    from archiver.cli.tell import tell_questions, tell_table
    from archiver.config import no_such

    if name is None:
        listed = [_described(question) for question in asking.QUESTIONS.values()]
        if not _print(listed, as_json=as_json, as_csv=as_csv):
            tell_questions(list(asking.QUESTIONS.values()))
        return
    if name not in asking.QUESTIONS:
        raise click.BadParameter(no_such("question", name, asking.QUESTIONS), param_hint="QUESTION")
    question = asking.QUESTIONS[name]
    if as_sql:
        click.echo(
            question.sql or f"-- {name} looks for words: `archiver search` and `archiver ask` answer it.", nl=False
        )
        return
    options = {"since": since, "until": until, "kommun": kommun}
    given = _pairs(said) | {key: value for key, value in options.items() if value is not None}
    _check(question, given)
    with setting.reading() as conn:
        rows = list(islice(asking.ask(conn, name, **given), limit))
    if not _print(rows, as_json=as_json, as_csv=as_csv):
        tell_table(rows)


def _described(question: "Question") -> dict[str, object]:
    """A question for a program: its name, what it asks, and what must or may be said with it."""
    return {
        "number": question.number, "name": question.name, "asks": question.en,
        "needs": list(question.required),
        "takes": [p.name for p in question.parameters if p.default is not None],
    }  # fmt: skip


def _pairs(said: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for text in said:
        key, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"{text!r} is no KEY=VALUE")
        pairs[key] = value
    return pairs


def _check(question: "Question", given: dict[str, str]) -> None:
    """Every parameter that it needs, and no other."""
    from archiver.config import no_such

    known = [p.name for p in question.parameters]
    for key in given:
        if key not in known:
            raise click.UsageError(no_such("parameter", key, known) if known else f"{question.name} asks for nothing")
    missing = [
        f"{p.name}=… ({p.en})" for p in question.parameters if p.name in question.required and not given.get(p.name)
    ]
    if missing:
        raise click.UsageError(f"{question.name} needs {'; '.join(missing)}")


@click.command("similar")
@click.argument("what", metavar="[URL|TEXT]", required=False)
@click.option("--shared", is_flag=True, help="All passages that several municipalities have, in whichever wording.")
@click.option("--kommun", metavar="NAME", help="Only of this municipality, by name or code.")
@click.option("--least", type=click.FloatRange(0.1, 1.0), metavar="SHARE",
              help="How much must be there, in runs of three words.  [default: 0.5; with --shared 0.7]")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, metavar="N", help="At most.")
@click.option("--json", "as_json", is_flag=True, callback=one_form, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, callback=one_form, help="A table for a spreadsheet.")
@click.pass_obj
def similar_command(
    setting: Setting,
    what: str | None,
    shared: bool,
    kommun: str | None,
    least: float | None,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Passages of other pages that say nearly the same: as a page (URL), or as a TEXT; or all that are --shared.

    Policy texts wander between municipalities; of a share of 100 % every word is there.
    """
    if (what is None) != shared:
        raise click.UsageError("give a URL or a TEXT, or --shared and neither")
    if what is None:
        _tell_shared(setting, kommun, least or 0.7, limit, as_json=as_json, as_csv=as_csv)
    else:
        _tell_similar(setting, what, kommun, least or 0.5, limit, as_json=as_json, as_csv=as_csv)


def _tell_shared(
    setting: Setting, kommun: str | None, least: float, limit: int, *, as_json: bool, as_csv: bool
) -> None:
    from archiver.asking.wandering import wandering
    from archiver.cli.bars import bar
    from archiver.cli.naming import code_of
    from archiver.cli.tell import tell_shared

    with setting.reading() as conn, bar("passages") as watch:
        found = wandering(conn, least=least, kommun=code_of(conn, kommun), limit=limit, watch=watch)
    rows = [
        {
            "number": number,
            "municipalities": one.municipalities,
            "pages": one.pages,
            "least": one.least,
            **asdict(place),
        }
        for number, one in enumerate(found, 1)
        for place in one.places
    ]
    if not _print(rows, as_json=as_json, as_csv=as_csv):
        tell_shared(found)


def _tell_similar(
    setting: Setting, what: str, kommun: str | None, least: float, limit: int, *, as_json: bool, as_csv: bool
) -> None:
    from archiver.asking.similar import similar_to_page, similar_to_text
    from archiver.cli.naming import code_of
    from archiver.cli.tell import tell_likenesses

    with setting.reading() as conn:
        look = similar_to_page if "://" in what else similar_to_text
        found = look(conn, what, kommun=code_of(conn, kommun), least=least, limit=limit)
    if not _print([asdict(like) for like in found], as_json=as_json, as_csv=as_csv):
        tell_likenesses(found)


def _print(rows: Iterable[Any], *, as_json: bool, as_csv: bool) -> bool:
    """Print for a program, where that is asked for; whether it was."""
    if as_json:
        print_lines(rows)
    elif as_csv:
        print_csv(rows)
    return as_json or as_csv

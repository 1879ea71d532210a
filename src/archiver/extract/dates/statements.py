"""What a page says about itself: labels and values, also where they stand on different lines.

A label without a value waits for one. It may take the next line, if it ends its own, both stand in one zone, and the
next is nothing but a date. Several waiting labels take as many dates. A date further down is never taken: a label
without a value is a statement too, and the next date on such a page is something else's. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archiver.extract.dates.labelled import NAME, Statement, date_line, name_behind, person, statements_on_lines
from archiver.extract.dates.phrases import DateRead, Lexicon, find_labels, read_date
from archiver.extract.page.lines import Line, Stamp

FOLLOWED = 3
"""Lines after a value in which a second lone date makes both of them a list's, and neither the label's."""
NAME_WORDS = 8
"""Words of a line that is a name, with title and office."""
Below = tuple[int, DateRead | None, Stamp | None, int]
"""A line that is a date: its index, what it says, and where that ends."""


def read_statements(lines: Sequence[Line], lexicon: Lexicon) -> list[Statement]:
    """Every statement of the lines in order, those that are not the page's own too (their zone tells)."""
    found = statements_on_lines(lines, lexicon)
    return _with_next_lines(found, lines, lexicon) if found else found


def _with_next_lines(found: list[Statement], lines: Sequence[Line], lexicon: Lexicon) -> list[Statement]:
    """The statements, with those that end their line without a value joined to the lines that follow (rule 3)."""
    labelled = {s.line for s in found}
    settled: list[Statement] = []
    for run in _runs(found):
        if not run[-1].waits or run[-1].spans[-1][2] < len(lines[run[-1].line].text.rstrip()):
            settled += run
        elif run[-1].hit.meaning == "responsible":
            settled += [*run[:-1], *_named_below(run[-1], lines, labelled, lexicon)]
        else:
            settled += _dated_below(run, lines, labelled, lexicon)
    return [each for s in settled for each in (s, *_name_below_date(s, lines, lexicon))]


def _name_below_date(statement: Statement, lines: Sequence[Line], lexicon: Lexicon) -> Iterator[Statement]:
    """The line 'av NN' right below a date."""
    index, _, end = statement.spans[-1]
    if statement.read is None or end < len(lines[index].text.rstrip()) or index + 1 == len(lines):
        return
    below = lines[index + 1]
    if below.zone == lines[index].zone and lexicon.by.match(below.text) and _is_short(below.text):
        yield from name_behind(index + 1, below.text, 0, lexicon)


def _runs(found: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Labels that wait for a value, line after line, in one list; every other statement in a list of its own."""
    run: list[Statement] = []
    for statement in found:
        if run and not _goes_with(run[-1], statement):
            yield run
            run = []
        run.append(statement)
    if run:
        yield run


def _goes_with(before: Statement, after: Statement) -> bool:
    people = {s.hit.meaning == "responsible" for s in (before, after)}
    return before.waits and after.waits and after.line <= before.line + 1 and len(people) == 1


def _dated_below(run: list[Statement], lines: Sequence[Line], labelled: set[int], lexicon: Lexicon) -> list[Statement]:
    """Labels one below the other take dates one below the other, if there are as many; a single date is the last one's.

    Any other number, and labels side by side, leave it unsaid which date belongs to which label, so none is taken.
    """
    first = run[-1].line + 1
    dates = list(_dates_from(first, lines, run[-1], lexicon))
    after = range(first + len(dates), min(first + len(dates) + FOLLOWED, len(lines)))
    for index in after:
        if index in labelled or find_labels(lines[index].text[:NAME], lexicon):
            break  # what follows is that label's, also where it is one to leave alone
        if date_line(lines[index], lexicon):
            return run
    if len(dates) == len(run):
        return [said for s, date in zip(run, dates, strict=True) for said in _with_value(s, date, lines, lexicon)]
    if len(dates) != 1 or (len(run) > 1 and run[-2].line == run[-1].line):
        return list(_columns(run, lines, lexicon)) or run
    return [*run[:-1], *_with_value(run[-1], dates[0], lines, lexicon)]


def _columns(run: list[Statement], lines: Sequence[Line], lexicon: Lexicon) -> Iterator[Statement]:
    """The labels with their dates where a table has a row of labels, one of dates, and no more."""
    head = run[0].line
    rows = [lines[i].text.split(CELLS) for i in range(head, min(head + 3, len(lines))) if lines[i].kind == "table-row"]
    if len(rows) != 2 or run[-1].line != head or not len(rows[0]) == len(rows[1]) == len(run):
        return
    at, dates = 0, []
    for cell in rows[1]:
        read = read_date(lines[head + 1].text, lexicon, at)
        dates.append((read, at, at + len(cell)))
        at += len(cell) + len(CELLS)
    if all(read and read.understood and read.end == end for read, _, end in dates):
        for label, (read, start, end) in zip(run, dates, strict=True):
            yield replace(label, read=read, spans=(*label.spans, (head + 1, start, end)))


CELLS = " | "
"""What parts the cells of a row."""


def _dates_from(first: int, lines: Sequence[Line], label: Statement, lexicon: Lexicon) -> Iterator[Below]:
    for index in range(first, min(first + 5, len(lines))):
        found = date_line(lines[index], lexicon) if lines[index].zone == lines[label.line].zone else None
        if found is None:
            return
        yield index, *found


def _with_value(label: Statement, below: Below, lines: Sequence[Line], lexicon: Lexicon) -> Iterator[Statement]:
    index, read, stamp, end = below
    yield replace(label, read=read, stamp=stamp, spans=(*label.spans, (index, 0, end)))
    text = lines[index].text
    for who in name_behind(index, text, end, lexicon):
        yield from [who] if who.name else _named_below(who, lines, set(), lexicon)


def _named_below(label: Statement, lines: Sequence[Line], labelled: set[int], lexicon: Lexicon) -> Iterator[Statement]:
    """The label with the name that is the next line; without one where the next line is no name."""
    index = label.line + 1
    name = lines[index].text if index < len(lines) and index not in labelled else None
    fits = name and lines[index].zone == lines[label.line].zone and lines[index].kind not in ("title", "heading")
    if not name or not fits or not _is_name(name) or date_line(lines[index], lexicon):
        yield label
        return
    who = person(label.line, label.hit, lines[index].text, label.spans[-1][2], lexicon)
    yield replace(who, rank=label.rank, spans=(*label.spans, (index, 0, len(lines[index].text))))


def _is_name(text: str) -> bool:
    return text[:1].isupper() and text[-1] not in ".!?:" and _is_short(text)


def _is_short(text: str) -> bool:
    return len(text) <= 2 * NAME and len(text.split()) <= NAME_WORDS

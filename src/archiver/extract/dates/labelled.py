"""What one line of a page says about the page itself: labels with their values.

How a label is told from a word of the running text, without knowing the page:

1. It stands first on its line, or after another statement ('Publicerad 12 augusti 2021, senast ändrad ...'), or after
   a bar or bullet. In list items and table rows only the first place counts: they tell of documents, not of the page.
2. Elsewhere in a short line it must be printed with a capital and have its date right behind it; in the content area,
   where documents are listed, it must also stand beside the title or have a colon.
3. Its value stands right behind it, with nothing but punctuation, glue words and a weekday between. (Or it is the
   next line: `statements`.)
4. After the value the line ends, or goes on with punctuation, a name or another label. Running text is not a label:
   'Policyn är senast uppdaterad ...', 'Publicerades 8 maj 2019 på anslagstavlan.'

A label with nothing behind it is a statement too. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archiver.extract.dates.phrases import HUMP, LETTERS, DateRead, LabelHit, Lexicon, find_labels, read_date
from archiver.extract.dates.stamps import read_stamp
from archiver.extract.page.lines import Line, Stamp, Zone

LONG_LINE = 240
"""Characters. A longer line is running text; only its beginning can be a statement."""
OPENING = 100
"""Characters of such a line that are read."""
LONGEST_DATE_LINE = 120
"""Characters of a line that is a date and perhaps a name."""
MOST_WORDS = 12
"""Words of a line within which a label may stand unmarked (rule 2), or text may go on behind the value (rule 4)."""
MOST_LINES = 1_000
"""Lines with labels that are looked at: a page with more is a trap."""
NAME = 60
"""Characters of a person's or office's name."""
SPOKEN: frozenset[Zone] = frozenset({"main", "rest"})
"""Zones in which a page speaks of itself; the others' statements are kept and never believed."""

_SIGNS = ":;,.|•–-"
_SET_APART = frozenset("|•·(")
_WORD = re.compile(r"[^\W_]+")
_BAR = re.compile(r"(?:[|•·\t]|\s[-–—/])\s*\Z")
_BARS = re.compile(r"[|•·]")
_JOINER = re.compile(r"\W*(?:[^\W\d_]{1,4}\W+)?")
_NAME_END = re.compile(r",| \(")
_NAME = re.compile(rf"\W{{0,4}}([^\W\d_][^|•·;\t\n]{{1,{NAME}}})(?=\s*(?:[|•·;\t]|,\s|\s[-–—]\s|\Z))")


@dataclass(frozen=True, slots=True)
class Statement:
    """A label and what it says."""

    line: int  # where the label stands
    hit: LabelHit
    read: DateRead | None = None  # the visible words
    stamp: Stamp | None = None  # the `<time>` among them
    name: str | None = None  # for labels of people; '' where none stands
    raw_name: str = ""
    rank: int = 0  # of the label among the language's labels for people: the first are the surest
    spans: tuple[tuple[int, int, int], ...] = ()  # (line, start, end) of label and value

    @property
    def waits(self) -> bool:
        """Whether its value may stand on the next line."""
        return not (self.read or self.stamp or self.name) and self.hit.meaning is not None


def statements_on_lines(lines: Sequence[Line], lexicon: Lexicon) -> list[Statement]:
    """Every statement that stands on one line, in order. Those of the first 1,000 lines with labels."""
    lines_with_labels = islice(_candidates(lines, lexicon), MOST_LINES)
    return [s for index, line, hits in lines_with_labels for s in _on_line(index, line, hits, lexicon)]


def date_line(line: Line, lexicon: Lexicon) -> tuple[DateRead | None, Stamp | None, int] | None:
    """The date that a line consists of, and where it ends; None where the line says more, or something else."""
    text = line.text
    if len(text) > LONGEST_DATE_LINE or line.kind in ("title", "heading"):
        return None
    stamp = _stamp_behind(line, 0, 0, len(text), lexicon)
    read = read_date(text, lexicon, 0)
    if read is None and stamp is None:
        return None
    end = max(read.end if read else 0, stamp.end if stamp else 0)
    return (read, stamp, end) if _may_follow(text, end, lexicon) else None


def _may_follow(text: str, end: int, lexicon: Lexicon) -> bool:
    """Whether what stands behind a date leaves it a line of its own: glue, a name, a label, words behind a bar."""
    rest = _WORD.search(text, end)
    if rest is None:
        return True
    if not _SET_APART.isdisjoint(text[end : rest.start()]):
        return not any(sign.isdigit() for sign in text[rest.start() :])
    if lexicon.by.match(text, rest.start()) or lexicon.glue.match(text, rest.start()):
        return True
    return any(hit.start == 0 for hit in find_labels(text[rest.start() :], lexicon)[:1])


def has_year(text: str) -> bool:
    """Whether a year may be in the text: a line without one may be a statement by its first word only."""
    return "20" in text or "19" in text


def says_nothing_else(line: Line, spans: Iterable[tuple[int, int]], lexicon: Lexicon) -> bool:
    """Whether nothing stands outside the spans but glue, short joiners ('och', 'kl') and furniture ('Skriv ut')."""
    rest, at = [], 0
    for start, end in sorted(spans):
        rest.append(line.text[at:start])
        at = max(at, end)
    pieces = _BARS.split("|".join([*rest, line.text[at:]]))
    return all(piece.strip(" .,–—-").lower() in lexicon.furniture or _is_glue(piece, lexicon) for piece in pieces)


def _is_glue(text: str, lexicon: Lexicon) -> bool:
    return all((len(word) <= 3 and word.isalpha()) or lexicon.glue.fullmatch(word) for word in _WORD.findall(text))


def _candidates(lines: Sequence[Line], lexicon: Lexicon) -> Iterator[tuple[int, Line, list[LabelHit]]]:
    """Lines with labels, found cheaply: nearly all lines are left after one look."""
    openings = lexicon.openings
    for index, line in enumerate(lines):
        text = line.text
        words = text.split(None, 2)
        rows = openings.get(words[0].rstrip(_SIGNS).lower()) if words else None
        if rows is None or not any(len(row) == 1 or _is_second(row[1], words) for row in rows):
            dated = line.stamps or has_year(text) or not text[:1].isalnum()
            if not dated or len(text) > LONG_LINE or openings.keys().isdisjoint(_words(text)):
                continue
        hits = find_labels(text if len(text) <= LONG_LINE else text[:OPENING], lexicon)
        if hits and line.kind != "title":
            yield index, line, hits


def _words(text: str) -> list[str]:
    return LETTERS.findall(HUMP.sub(r"\g<0> ", text).lower())


def _is_second(word: str, words: list[str]) -> bool:
    return len(words) > 1 and words[1].rstrip(_SIGNS).lower() == word


@dataclass(frozen=True, slots=True)
class Place:
    """A label where it stands."""

    index: int  # of the line
    line: Line
    hit: LabelHit
    limit: int  # where the next label begins, or the line ends
    weak: bool  # nothing sets it apart from running text but its capital (rule 2)

    @property
    def text(self) -> str:
        """The line up to the next label."""
        return self.line.text[: self.limit]

    @property
    def colon(self) -> bool:
        """Whether a colon makes it plain that it is a label."""
        return self.line.text[self.hit.end :].lstrip().startswith(":")

    def upto(self, end: int) -> tuple[tuple[int, int, int], ...]:
        """The span from the label to there."""
        return ((self.index, self.hit.start, end),)


def _on_line(index: int, line: Line, hits: list[LabelHit], lexicon: Lexicon) -> list[Statement]:
    said: list[Statement] = []
    end = 0
    for hit, following in zip(hits, [*hits[1:], None], strict=True):
        standing = _standing(line, hit, end, said)
        place = Place(index, line, hit, following.start if following else len(line.text), standing == "weak")
        if standing and (found := _statements(place, lexicon)):
            said += found
            end = max(e for s in found for _, _, e in s.spans)
    return said


def _standing(line: Line, hit: LabelHit, end: int, said: list[Statement]) -> str | None:
    """'firm' or 'weak' where the label may be one (rules 1 and 2); `end` is where the last statement ended."""
    between = line.text[end : hit.start]
    bare = _WORD.search(between) is None
    own = bool(said) and said[-1].hit.meaning is not None
    if len(between.split()) > MOST_WORDS:
        return None
    if between[-1:].isalpha():  # two elements, one glued to the other
        return "firm"
    if _BAR.search(between) and (bare or line.kind in ("paragraph", "caption", "quote")):
        return "firm"
    if (bare and (own or not said)) or (own and _JOINER.fullmatch(between)):
        return "firm"
    alone = line.zone == "rest" or line.beside_title or line.text[hit.end :].lstrip().startswith(":")
    weak = not bare and alone and line.kind not in ("table-row", "list-item", "heading")
    return "weak" if weak and hit.label[0].isupper() and between.rstrip()[-1] not in "([" else None


def _statements(place: Place, lexicon: Lexicon) -> list[Statement]:
    """What the label says up to the next label: one statement; two where a name and a date are told; or none."""
    hit = place.hit
    if hit.meaning == "responsible":
        return _of_people(place, lexicon)
    if "§" in place.line.text:  # a decision about a document: 'Reviderad 2019-11-08 av kommunfullmäktige § 12'
        return []
    stamp, read = (
        _stamp_behind(place.line, hit.start, hit.end, place.limit, lexicon),
        read_date(place.text, lexicon, hit.end),
    )
    if not (read or stamp):
        empty = _WORD.search(place.text, hit.end) is None and not place.weak and hit.meaning is not None
        return [Statement(place.index, hit, spans=place.upto(place.limit))] if empty else []
    end = max(read.end if read else 0, min(stamp.end, place.limit) if stamp else 0)
    if _runs_on(place, end, lexicon):
        return []
    dated = Statement(place.index, hit, read, stamp, spans=place.upto(end))
    return [dated, *name_behind(place.index, place.text, end, lexicon)]


def _runs_on(place: Place, end: int, lexicon: Lexicon) -> bool:
    """Whether running text goes on behind the value (rule 4)."""
    rest, text = place.text[end:].lstrip(" ,"), place.line.text
    if not rest or not rest[0].islower() or lexicon.by.match(rest) or lexicon.glue.match(rest):
        return False
    if (place.limit < len(text) and _JOINER.fullmatch(rest)) or place.colon:
        return False
    return place.weak or len(text.split()) > MOST_WORDS or text.endswith((".", "!", "?"))


def name_behind(index: int, text: str, end: int, lexicon: Lexicon) -> Iterator[Statement]:
    """'... 2019-11-08 av NN': the name belongs to whoever is responsible, never to the date."""
    start = _WORD.search(text, end)
    by = lexicon.by.match(text, start.start()) if start else None
    if by is None:
        return
    name = _NAME.match(text, by.end())
    hit = LabelHit(by.start(), by.end(), "responsible", by[0], by[0])
    if name and not name[1][0].islower():
        yield person(index, hit, name[1], name.end(1), lexicon)
    elif name is None and _WORD.search(text, by.end()) is None:
        yield Statement(index, hit, name="", rank=_rank(hit, lexicon), spans=((index, by.start(), by.end()),))


def person(index: int, hit: LabelHit, raw: str, end: int, lexicon: Lexicon) -> Statement:
    """The statement of a label and a name: up to the first comma, for a title or an address follows."""
    name = _NAME_END.split(raw, maxsplit=1)[0].strip(" .:")
    spans = ((index, hit.start, end),)
    return Statement(index, hit, name=name, raw_name=raw.strip(), rank=_rank(hit, lexicon), spans=spans)


def _rank(hit: LabelHit, lexicon: Lexicon) -> int:
    return lexicon.people.get(hit.row, len(lexicon.people))


def _of_people(place: Place, lexicon: Lexicon) -> list[Statement]:
    """'Sidansvarig: NN', and 'Publicerad av NN den 8 maj 2019', which says two things."""
    text, hit = place.text, place.hit
    first = _WORD.search(text, hit.end)
    if place.weak or len(text.split()) > 2 * MOST_WORDS:
        return []
    if first is None:
        return [Statement(place.index, hit, name="", rank=_rank(hit, lexicon), spans=place.upto(place.limit))]
    if not (place.colon or first[0][0].isupper()):
        return []
    if found := _dated_by(place, lexicon):
        return found
    name = _NAME.match(text, first.start())
    return [person(place.index, hit, name[1], name.end(1), lexicon)] if name else []


def _dated_by(place: Place, lexicon: Lexicon) -> list[Statement]:
    """The two statements of 'Publicerad av NN den 8 maj 2019'."""
    text, hit = place.text, place.hit
    opening = lexicon.authors.get(hit.row)
    if opening is None:
        return []
    for word in _WORD.finditer(text, hit.end + 2, hit.end + NAME + 20):
        read = read_date(text, lexicon, word.start())
        if read and read.understood and not _runs_on(place, read.end, lexicon):
            meaning, row = lexicon.rows[opening]
            dated = LabelHit(hit.start, hit.end, meaning, hit.label, row)
            who = person(place.index, hit, text[hit.end : word.start()].strip(" :,–-|•·"), read.end, lexicon)
            return [who, Statement(place.index, dated, read, spans=who.spans)]
    return []


def _stamp_behind(line: Line, start: int, end: int, limit: int, lexicon: Lexicon) -> Stamp | None:
    """The `<time>` that begins in the gap behind a label (from start to end), or that holds it with its value."""
    for stamp in line.stamps:
        around = stamp.start < end < stamp.end <= limit and _WORD.search(line.text, stamp.start, start) is None
        if around or (stamp.start >= end and _is_gap(line.text, end, stamp.start, lexicon)):
            return stamp if read_stamp(stamp.datetime, lexicon.calendar.zone) else None
    return None


def _is_gap(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    return lexicon.gap.fullmatch(text, start, end) is not None

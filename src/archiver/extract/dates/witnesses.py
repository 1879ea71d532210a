"""The dates a page gives itself: claims from every witness, of which at most one per meaning is believed.

Each witness of the profile, strongest first, tells what it saw (`WITNESSES`); `belief` judges. Nothing is
guessed, nothing is filled in, and nothing seen is lost: a date that is not believed stays as a claim with its doubt.
Pure.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, takewhile

from selectolax.lexbor import LexborNode

from archiver.extract.dates import declared, liberal, lone
from archiver.extract.dates.belief import COARSE, Draft, Judged, doubt_of, judge
from archiver.extract.dates.declared import PAGE_DATES, Declared
from archiver.extract.dates.labelled import SPOKEN, Statement, says_nothing_else
from archiver.extract.dates.phrases import Lexicon, lexicon
from archiver.extract.dates.stamps import days_of, read_http_date, read_stamp
from archiver.extract.dates.statements import read_statements
from archiver.extract.dates.teasers import Teasers, aside_of
from archiver.extract.page.lines import Head, Line, Zone
from archiver.model import Claim, Doubt, Facts, Precision, Rules, Witness
from archiver.urls import path

MOST_CLAIMS = 200
"""Claims of one page that are kept: a page with more is a list or a trap."""
MOST_OF_OTHERS = 20
"""Statements kept from zones that do not speak of the page: lists of news, comments, banners."""
ABOVE_TITLE = 5
"""Lines above the title in which a bare `<time>` is still the page's own; further up it is a teaser's."""
ZONE_DOUBTS: Mapping[Zone, Doubt] = {
    "banner": "banner", "list": "misleading-label", "comment": "misleading-label", "furniture": "misleading-label",
}  # fmt: skip
"""Why the statements of a zone are not the page's own."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says of itself, and which of its lines say nothing else (the body leaves them out)."""

    claims: tuple[Claim, ...]
    date_lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Page:
    """All that a witness may look at."""

    head: Head
    lines: Sequence[Line]
    facts: Facts
    rules: Rules
    lexicon: Lexicon
    seen_on: str  # the day it was seen, where the page is at home
    statements: Sequence[Statement]
    told: Sequence[Declared]  # what meta tags say
    teasers: Teasers
    others: frozenset[int]  # lines with statements that tell of another page
    place: Callable[[object], str]

    @property
    def days(self) -> frozenset[str]:
        """The days that the head tells machines without saying what they are."""
        said = (d.value for d in self.told if d.meaning == "other" and d.value and d.precision not in COARSE)
        return frozenset(value[: len("2019-11-08")] for value in said)


def collect(head: Head, lines: Sequence[Line], facts: Facts, rules: Rules, place: Callable[[object], str]) -> Found:
    """Every claim of the page, judged, in the order of the profile's witnesses; `place` names an element."""
    words = lexicon(rules.language, head.language or "", home=bool(facts.hosts))
    today = facts.at.astimezone(words.calendar.zone).date().isoformat()
    statements = _bounded(read_statements(lines, words), lines)
    told = declared.from_meta(head.metas, rules.profile, words)
    teasers = Teasers(lines, head.base or facts.url, (facts.url, head.canonical))
    others = _of_others(statements, lines, words, teasers)
    page = Page(head, lines, facts, rules, words, today, statements, told, teasers, others, place)
    order = rules.profile.witness
    drafts = list(islice(chain.from_iterable(WITNESSES[w](page) for w in order if w in WITNESSES), MOST_CLAIMS))
    judged = judge(drafts, order)
    if "any-date" in order and not any(j.claim.believed and j.claim.meaning == "published" for j in judged):
        guessed = _guessed(page, drafts)
        return Found((*(j.claim for j in judged), *guessed), _date_lines(drafts, judged, page))
    return Found(tuple(j.claim for j in judged), _date_lines(drafts, judged, page))


def _bounded(statements: Sequence[Statement], lines: Sequence[Line]) -> list[Statement]:
    """The statements without the bulk of a long list's, which would crowd out the page's own."""
    others = islice((s for s in statements if lines[s.line].zone not in SPOKEN), MOST_OF_OTHERS)
    kept = {id(s) for s in others}
    return [s for s in statements if id(s) in kept or lines[s.line].zone in SPOKEN]


def _of_others(
    statements: Sequence[Statement], lines: Sequence[Line], words: Lexicon, teasers: Teasers
) -> frozenset[int]:
    """The lines with statements that tell of another page: entries of lists, and asides that say more than facts."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for index, start, end in (span for statement in statements for span in statement.spans):
        spans.setdefault(index, []).append((start, end))
    alone = {index for index, found in spans.items() if says_nothing_else(lines[index], found, words)}
    fuller: dict[int, bool] = {}  # asides, and whether they say more than facts
    found = {i for i in spans if teasers.hold(lines[i], alone=i in alone)}
    for index in spans:
        if (aside := aside_of(lines[index])) is None:
            continue
        if aside.mem_id not in fuller:
            fuller[aside.mem_id] = _says_more(aside, index, lines, alone)
        if fuller[aside.mem_id]:
            found.add(index)
    return frozenset(found)


def _says_more(aside: LexborNode, index: int, lines: Sequence[Line], alone: Collection[int]) -> bool:
    """Whether an aside, in which a line stands, has another line than those that are statements and nothing else."""

    def is_within(i: int) -> bool:
        here = aside_of(lines[i])
        return here is not None and here.mem_id == aside.mem_id

    within = chain(takewhile(is_within, range(index, -1, -1)), takewhile(is_within, range(index + 1, len(lines))))
    return any(i not in alone for i in within)


def _date_lines(drafts: Sequence[Draft], judged: Sequence[Judged], page: Page) -> frozenset[int]:
    """The lines that say nothing but what the claims hold: leaving them out of the body loses no change."""
    spans: dict[int, list[tuple[int, int]]] = {}
    held: set[int] = set()
    kept: set[int] = set()
    for draft, verdict in zip(drafts, judged, strict=True):
        for line, start, end in draft.spans:
            spans.setdefault(line, []).append((start, end))
            if verdict.held:
                held.add(line)
            elif draft.zone not in SPOKEN or draft.meaning != "responsible":
                kept.add(line)
    return frozenset(i for i in held - kept if says_nothing_else(page.lines[i], spans[i], page.lexicon))


def _guessed(page: Page, told: Sequence[Draft]) -> tuple[Claim, ...]:
    """The likeliest of all dates on the page, as a claim that is believed: somebody asked for a guess."""
    found = liberal.guess(page.head, page.lines, page.facts.url, page.lexicon, told, page.seen_on)
    if found is None:
        return ()
    place = page.place(page.lines[found.line].node) if found.line is not None else found.rule
    return (
        Claim(
            "published", "any-date", f"any-date:{found.rule}", None, found.raw, found.value, found.precision, place,
            believed=True, doubt=None,
        ),
    )  # fmt: skip


# Witnesses: what each saw, its surest word first --------------------------------------------------------------------


def _told(page: Page, witness: Witness, said: Declared, doubt: Doubt | None = None) -> Draft:
    doubt = doubt or doubt_of(said.value, page.seen_on)
    return Draft(
        said.meaning, witness, said.rule, None, said.raw, said.value, said.precision, said.place, doubt,
        days=days_of(said.raw, page.lexicon.calendar.zone),
    )  # fmt: skip


def _jsonld(page: Page) -> Iterator[Draft]:
    urls = (page.facts.url, page.head.canonical)
    for said in declared.from_jsonld(page.head.jsonld, urls, page.lexicon):
        yield _told(page, "jsonld", said)


def _meta(page: Page) -> Iterator[Draft]:
    for said in page.told:
        yield _told(page, "meta", said, "misleading-label" if said.meaning == "other" else None)


def _time(page: Page) -> Iterator[Draft]:
    """`<time datetime>` beside a label, and those whose own name says what they mean."""
    used = set()
    for statement in page.statements:
        if (stamp := statement.stamp) and statement.hit.meaning != "responsible":
            used.add(id(stamp))
            zone = page.lexicon.calendar.zone
            value, precision = read_stamp(stamp.datetime, zone) or (None, None)
            told = _spoken(page, statement, "time", stamp.datetime, value=value, precision=precision)
            yield replace(told, days=days_of(stamp.datetime, zone))
    title = next((i for i, line in enumerate(page.lines) if line.kind == "title"), 0)
    for index, line in enumerate(page.lines):
        for stamp in line.stamps if index >= title - ABOVE_TITLE else ():
            meant = declared.from_name(stamp.name) if id(stamp) not in used and _is_own(page, line) else None
            if meant and (stamped := read_stamp(stamp.datetime, page.lexicon.calendar.zone)):
                yield Draft(
                    meant[0], "time", f"time:{meant[1]}", None, stamp.datetime, *stamped, page.place(line.node),
                    doubt_of(stamped[0], page.seen_on), "main" if line.zone == "list" else line.zone, line.beside_title,
                    spans=((index, stamp.start, stamp.end),), days=days_of(stamp.datetime, page.lexicon.calendar.zone),
                )  # fmt: skip


def _is_own(page: Page, line: Line) -> bool:
    """Whether a bare `<time>` on the line speaks of the page."""
    if line.zone in SPOKEN:
        return aside_of(line) is None and not page.teasers.hold(line, alone=True)
    return line.zone == "list" and page.teasers.is_headed(line)


def _label(page: Page) -> Iterator[Draft]:
    """What the visible words say: dates with their labels, names, and labels with nothing behind them."""
    for statement in page.statements:
        if read := statement.read:
            doubt: Doubt | None = "relative" if read.relative else None
            told = _spoken(page, statement, "label", read.raw, value=read.value, precision=read.precision, doubt=doubt)
            yield replace(told, spans=()) if statement.stamp and not read.understood else told
        elif statement.name:
            yield _spoken(page, statement, "label", statement.raw_name, value=statement.name)
        elif statement.stamp is None and _speaks(page, statement):
            yield _spoken(page, statement, "label", "", doubt="no-value")


def _spoken(
    page: Page, statement: Statement, witness: Witness, raw: str, *,
    value: str | None = None, precision: Precision | None = None, doubt: Doubt | None = None,
) -> Draft:  # fmt: skip
    """A draft of words on a line; its label or its zone may forbid to believe it, whatever it says."""
    line, hit = page.lines[statement.line], statement.hit
    if doubt is None and hit.meaning != "responsible":
        doubt = doubt_of(value, page.seen_on)
    zone: Zone = "list" if statement.line in page.others else line.zone
    doubt = ZONE_DOUBTS.get(zone, "misleading-label" if hit.meaning is None else doubt)
    titled = any(page.lines[i].beside_title for i, _, _ in statement.spans)
    return Draft(
        hit.meaning or "other", witness, f"{page.rules.language.code}:{hit.row}", hit.label, raw, value, precision,
        page.place(line.node), doubt, zone, titled, statement.rank, statement.spans,
    )  # fmt: skip


def _lone_date(page: Page) -> Iterator[Draft]:
    """The one date near the title of a page that labels no publication: the weakest witness, for profiles that ask."""
    said = {s.hit.meaning for s in page.statements if _speaks(page, s) and (s.read or s.stamp)}
    if "published" in said:
        return
    labelled = not said.isdisjoint(PAGE_DATES)
    found = lone.find(page.lines, path(page.facts.url), page.lexicon, page.teasers, labelled=labelled, told=page.days)
    if found is None:
        return
    line = page.lines[found.line]
    never = {s.read.value for s in page.statements if s.hit.meaning is None and s.read}
    doubt: Doubt | None = None if found.own and found.value not in never else "misleading-label"
    yield Draft(
        "published", "lone-date", "lone-date", None, found.raw, found.value, found.precision, page.place(line.node),
        doubt or doubt_of(found.value, page.seen_on), line.zone, True, spans=((found.line, found.start, found.end),),
    )  # fmt: skip


def _speaks(page: Page, statement: Statement) -> bool:
    return page.lines[statement.line].zone in SPOKEN


def _url(page: Page) -> Iterator[Draft]:
    if said := declared.from_url(page.facts.url):
        yield _told(page, "url", said, None if said.own else "misleading-label")


def _file_number(page: Page) -> Iterator[Draft]:
    if said := declared.from_file_number(page.facts.url, page.lexicon):
        yield _told(page, "file-number", said)


def _http(page: Page) -> Iterator[Draft]:
    """What the server says of the answer: another's word about the page, and often the time of the answer itself."""
    raw = (page.facts.last_modified or "").strip()[: declared.MOST_RAW]
    if raw:
        value, precision = read_http_date(raw, page.seen_on, page.lexicon.calendar.zone) or (None, None)
        yield Draft("updated", "http", "http:last-modified", None, raw, value, precision, "last-modified", "hearsay")


WITNESSES: Mapping[str, Callable[[Page], Iterable[Draft]]] = {
    "jsonld": _jsonld,
    "meta": _meta,
    "time": _time,
    "label": _label,
    "lone-date": _lone_date,
    "url": _url,
    "file-number": _file_number,
    "http": _http,
}
"""Every witness on an HTML page by its name in a profile. 'feed' and 'file-property' are told by other readers."""

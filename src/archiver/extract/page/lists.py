"""Whether a list of news, events or pages is what its page is about.

A list beside an article is not the article's text: it changes while nobody edits. On a page that is that list, it is.
Pure.
"""

from collections.abc import Collection, Mapping, Sequence

from archiver.extract.dates.lone import RUBRIC
from archiver.extract.dates.phrases import Lexicon, read_date
from archiver.extract.page.blocks import is_furniture, is_wall_clock
from archiver.extract.page.lines import Line
from archiver.extract.page.links import Anchor
from archiver.extract.page.targets import is_file
from archiver.model import Language

_TEXTS = frozenset({"main", "list"})
_SIGNS = " \t|•·:,–—-()"
"""What parts a link from its day."""


def own(lines: Sequence[Line], inside: Sequence[bool], anchors: Sequence[Anchor], language: Language) -> frozenset[int]:
    """The lines of the lists that are the page's own; none where the page has another text.

    `inside` tells which lines stand in the content area. Lists are the page's where nothing else is there, as on a
    start page; or where one follows the title and perhaps a short introduction, without a heading of its own
    ('Fler nyheter'), and outweighs all other text.
    """
    if not any(line.zone == "list" and here for line, here in zip(lines, inside, strict=True)):
        return frozenset()
    texts = [i for i, line in enumerate(lines) if inside[i] and line.zone in _TEXTS and line.kind != "title"]
    texts = [i for i in texts if not is_wall_clock(lines[i].text)]
    listed = [i for i in texts if lines[i].zone == "list"]
    if not listed:
        return frozenset()
    templated = beneath(lines, anchors, language)
    if all(lines[i].zone == "list" or lines[i].kind == "heading" or i in templated for i in texts):
        return frozenset(listed) | frozenset(templated)
    linked = {anchor.line for anchor in anchors if anchor.line is not None}
    begin = next((i for i, line in enumerate(lines) if line.kind == "title"), 0)
    if any(_heads(lines, i, linked) for i in texts if begin <= i <= listed[0]):
        return frozenset()
    run = _run(lines, listed, linked)
    weight = sum(len(lines[i].text) for i in run)
    others = sum(len(lines[i].text) for i in texts if lines[i].zone == "main")
    return run if weight >= others else frozenset()


def beneath(lines: Sequence[Line], anchors: Sequence[Anchor], language: Language) -> set[int]:
    """The lines that are links and nothing else, right below a heading of the template's ('Relaterade sidor').

    Links to files are the page's own, whatever stands above them.
    """
    if not any(line.kind == "heading" and is_furniture(line.text, language) for line in lines):
        return set()
    alone = (a for a in anchors if a.line is not None and lines[a.line].text == a.text)
    whole = {a.line for a in alone if not is_file(a.href if "://" in a.href else f"https://here/{a.href}")}
    found: set[int] = set()
    below = False
    for index, line in enumerate(lines):
        if line.kind in {"heading", "title"} and not (below and index in whole):
            below = line.kind == "heading" and is_furniture(line.text, language)
        elif below := below and index in whole and line.zone == "main":
            found.add(index)
    return found


def of_news(lines: Sequence[Line], anchors: Sequence[Anchor], lexicon: Lexicon) -> set[int]:
    """The lines below a heading of news ('Aktuellt') that are links, each with its day, and nothing else.

    What they lead to comes and goes while nobody edits the page. On a page that is called so, or has no text but links,
    they are its text.
    """
    heads = [i for i, line in enumerate(lines) if line.kind in {"heading", "title"} and RUBRIC.fullmatch(line.text)]
    if not heads or any(lines[i].kind == "title" for i in heads):
        return set()
    linked: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        if anchor.line is not None:
            linked.setdefault(anchor.line, []).append(anchor)
    found = {i for head in heads for i in _dated_links(head + 1, lines, linked, lexicon)}
    texts = (i for i, line in enumerate(lines) if line.zone == "main" and line.kind not in {"title", "heading"})
    return found if any(i not in linked and i not in found for i in texts) else set()


def _dated_links(
    first: int, lines: Sequence[Line], linked: Mapping[int, Sequence[Anchor]], lexicon: Lexicon
) -> Collection[int]:
    """The lines from there to the next heading, if they are links with a day for each; one may lead to all of them."""
    targets: set[str] = set()
    names: set[str] = set()  # of cards: a link may begin on the line of its day
    days, at = 0, first
    while at < len(lines) and lines[at].zone == "main" and lines[at].kind != "title":
        beside = lines[at].text
        if beside not in names:
            here = linked.get(at, ())
            if lines[at].kind == "heading" and not here:
                break
            for anchor in here:
                beside = beside.replace(anchor.text, "", 1)
                names.add(anchor.text)
                targets.add(anchor.href)
            if beside := beside.strip(_SIGNS):
                read = read_date(beside, lexicon)
                if read is None or read.end < len(beside) or not (read.understood or read.relative):
                    return ()
                days += 1
        at += 1
    return range(first, at) if days and 0 < len(targets) <= days + 1 else ()


def opened(
    lines: Sequence[Line], anchors: Sequence[Anchor], own_lines: Collection[int]
) -> tuple[Sequence[Line], Sequence[Anchor]]:
    """Lines and anchors, those of the page's own list among the main text."""
    if not own_lines:
        return lines, anchors
    opened_lines = [line._replace(zone="main") if i in own_lines else line for i, line in enumerate(lines)]
    return opened_lines, [a._replace(zone="main") if a.zone == "list" and a.line in own_lines else a for a in anchors]


def _heads(lines: Sequence[Line], index: int, linked: Collection[int]) -> bool:
    """Whether a line is a heading that names what follows; one that is a link is an entry."""
    return lines[index].kind == "heading" and index not in linked


def _run(lines: Sequence[Line], listed: Sequence[int], linked: Collection[int]) -> frozenset[int]:
    """The first list, up to the heading of another."""
    run: list[int] = []
    for index in listed:
        if run and (index != run[-1] + 1 or _heads(lines, index, linked)):
            break
        run.append(index)
    return frozenset(run)

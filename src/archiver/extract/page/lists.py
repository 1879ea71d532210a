"""Whether a list of news, events or pages is what its page is about.

A list beside an article is not the article's text: it changes while nobody edits. On a page that is that list, it is.
Pure.
"""

from collections.abc import Collection, Sequence

from archiver.extract.page.blocks import is_furniture, is_wall_clock
from archiver.extract.page.lines import Line
from archiver.extract.page.links import Anchor
from archiver.extract.page.targets import is_file
from archiver.model import Language

_TEXTS = frozenset({"main", "list"})


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

"""What sort of change it is: each class a rule that gives its grounds, or none.

Facts, not verdicts: a small edit that leaves the update date alone is recommended practice, and is shown as such with
the date the page itself claims. `edit`, `silent-edit` and `touch` exclude one another; otherwise a change may be of
several classes. Those that need many pages at once (`FOLDED`) are found when a run is over (`diff.fold`). Pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from archiver.diff.dates import Relation, relation
from archiver.model import Change, ClassOfChange, Document, Ground, PersonEdit, State
from archiver.model.grounds import in_english

CONTENT = ("text", "links", "title", "responsible", "attachments", "payload")
"""The kinds that are the page's own words and files; the others are dates and state."""
FOLDED = ("bulk-stamp", "site-wide", "unlinked-document", "relinked-document")
"""Classes that no page's change shows by itself."""
_STAMPS = ("published", "updated", "reviewed")
_ABSENT = ("gone", "moved")
_TOLD = 6
"""Roles of people that are named in one ground."""


@dataclass(frozen=True, slots=True)
class Window:
    """Between when and when a change happened, in the site's own time."""

    last_seen_before: datetime
    seen_after: datetime

    def at(self, zone: str) -> "Window":
        """The same in the zone in which the page states its dates."""
        own = ZoneInfo(zone)
        return Window(self.last_seen_before.astimezone(own), self.seen_after.astimezone(own))


@dataclass(frozen=True, slots=True)
class Case:
    """All that the classes are decided by."""

    change: Change
    before: Document | None
    after: Document | None
    state_before: State
    state_after: State
    returns_to: int | None = None
    technical: bool = False
    not_before: str | None = None
    window: Window | None = None
    moved_to: str | None = None
    addresses: tuple[str, str] | None = None

    @property
    def content(self) -> tuple[str, ...]:
        """The kinds of content that changed."""
        return tuple(kind for kind in self.change.kinds if kind in CONTENT)

    def date(self, name: str) -> Relation:
        """What happened to one of the page's dates; 'same' where one of the documents is missing."""
        if self.before is None or self.after is None:
            return "same"
        return relation(getattr(self.before, name), getattr(self.after, name))

    def told(self, code: str, name: str, *first: str) -> Ground:
        """A ground about the two dates as printed."""
        return Ground(code, (*first, getattr(self.before, name) or None, getattr(self.after, name) or None))


Rule = Callable[[Case], Iterable[Ground]]


def classify(
    change: Change,
    *,
    before: Document | None,
    after: Document | None,
    state_before: State,
    state_after: State,
    returns_to: int | None = None,
    technical: bool = False,
    not_before: str | None = None,
    window: Window | None = None,
    moved_to: str | None = None,
    addresses: tuple[str, str] | None = None,
) -> tuple[ClassOfChange, ...]:
    """The classes of a change from one revision to the next.

    `returns_to`: the number of an earlier revision with the same core. `technical`: the earlier body could not be read
    with today's rules, so the difference may be ours; then that is all there is to say. `not_before`: a day before
    which the page cannot have been made (a clock in its address). `window`: between when and when it happened.
    `moved_to`: where the page's address leads. `addresses`: where the two bodies were fetched.
    """
    case = Case(
        change, before, after, state_before, state_after, returns_to, technical, not_before, window, moved_to, addresses
    )
    rules = {"technical": CLASSES["technical"]} if technical else CLASSES
    found = ((name, tuple(rule(case))) for name, rule in rules.items())
    return tuple(ClassOfChange(name, in_english(grounds), grounds) for name, grounds in found if grounds)


def _edit(case: Case) -> Iterable[Ground]:
    if not case.content or _stood_still(case):
        return
    what = " ".join(case.content)
    if case.after is not None and not case.after.updated and case.date("updated") == "same":
        yield Ground("undated", (what,))
    else:
        yield case.told("dated", "updated", what)


def _silent_edit(case: Case) -> Iterable[Ground]:
    if case.content and _stood_still(case) and case.after is not None:
        yield Ground("stood-still", (" ".join(case.content), case.after.updated))


def _stood_still(case: Case) -> bool:
    """Whether the page claims an update date before and after, and it is the same."""
    return case.after is not None and bool(case.after.updated) and case.date("updated") == "same" and bool(case.before)


def _touch(case: Case) -> Iterable[Ground]:
    if case.content or "state" in case.change.kinds:
        return
    moved = [name for name in _STAMPS if case.date(name) in {"forward", "stated", "precision"}]
    if moved and not any(case.date(name) in {"back", "withdrawn"} for name in _STAMPS):
        yield Ground("only-dates")
        yield from (case.told("date", name, name) for name in moved)


def _date_regression(case: Case) -> Iterable[Ground]:
    codes = {"back": "went-back", "withdrawn": "withdrawn"}
    for name in ("updated", "reviewed"):
        if code := codes.get(case.date(name)):
            yield case.told(code, name, name)


def _backdated_publication(case: Case) -> Iterable[Ground]:
    if case.date("published") in {"forward", "back"}:
        yield case.told("published-altered", "published")
        return
    published = case.after.published if case.after else None
    if published and case.not_before and "published" in case.change.kinds and _is_before(published, case.not_before):
        yield Ground("published-too-early", (published, case.not_before))


def _late_date(case: Case) -> Iterable[Ground]:
    """A date that moved on to a day outside the window in which it did.

    By days of the site's own calendar. A date newly stated may be as old as it likes; one that went back has a class.
    """
    if case.window is None:
        return
    before, after = (f"{t:%Y-%m-%d}" for t in (case.window.last_seen_before, case.window.seen_after))
    for name in ("updated", "reviewed"):
        said = getattr(case.after, name, None)
        if said and case.date(name) == "forward":
            if _is_before(said[:10], before):
                yield Ground("claimed-before", (name, said, before))
            elif _is_before(after, said[:10]):
                yield Ground("claimed-after", (name, said, after))


def _is_before(one: str, other: str) -> bool:
    """Whether a date lies before another, as far as both are told."""
    shared = min(len(one), len(other))
    return one[:shared] < other[:shared]


def _flap(case: Case) -> Iterable[Ground]:
    if case.returns_to is not None and (case.state_before, case.state_after) == ("present", "present"):
        yield Ground("as-revision", (str(case.returns_to),))


def _replaced_document(case: Case) -> Iterable[Ground]:
    """Other bytes behind one address, or behind one identity that the CMS numbers anew with each upload."""
    if not any(d.kind == "payload" and d.before and d.after for d in case.change.differences):
        return
    if case.addresses is not None and case.addresses[0] != case.addresses[1]:
        yield Ground("file-replaced-at", case.addresses)
    else:
        yield Ground("file-replaced")


def _personnel(case: Case) -> Iterable[Ground]:
    """Who came and went, by count and role; never by name."""
    by_op: dict[str, list[PersonEdit]] = {}
    for edit in case.change.people:
        by_op.setdefault(edit.op, []).append(edit)
    for op, (plain, with_roles) in {"left": ("left", "left-as"), "joined": ("joined", "joined-as")}.items():
        if edits := by_op.get(op):
            roles = Counter(e.role for e in edits if e.role)
            told = ", ".join(f"{n} {role}" if n > 1 else role for role, n in roles.most_common(_TOLD))
            yield Ground(with_roles if told else plain, (str(len(edits)), *([told] if told else [])))
    for op, code in (("role", "role-changed"), ("party", "party-changed")):
        for edit in by_op.get(op, [])[:_TOLD]:
            yield Ground(code, (edit.former, edit.role if op == "role" else edit.party))


def _disappearance(case: Case) -> Iterable[Ground]:
    if case.state_before == "present" and case.state_after == "gone":
        yield Ground("gone")


def _move(case: Case) -> Iterable[Ground]:
    if case.state_before == "present" and case.state_after == "moved":
        yield Ground("moved-to", (case.moved_to,)) if case.moved_to else Ground("moved")


def _return(case: Case) -> Iterable[Ground]:
    if case.state_before in _ABSENT and case.state_after == "present":
        yield Ground("back") if case.returns_to is None else Ground("back-as", (str(case.returns_to),))


def _technical(case: Case) -> Iterable[Ground]:
    if case.technical:
        yield Ground("unread-before")


CLASSES: Mapping[str, Rule] = {
    "edit": _edit,
    "silent-edit": _silent_edit,
    "touch": _touch,
    "date-regression": _date_regression,
    "backdated-publication": _backdated_publication,
    "late-date": _late_date,
    "flap": _flap,
    "replaced-document": _replaced_document,
    "personnel": _personnel,
    "disappearance": _disappearance,
    "move": _move,
    "return": _return,
    "technical": _technical,
}
"""Every class that one page's change can be of, with its rule."""

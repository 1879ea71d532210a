"""A case is a number: it chooses the subject, the seed and the damage, so that any failure can be had again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from fuzz import seeds
from fuzz.mutations import mutate
from fuzz.subjects import SUBJECTS, WEIGHTS


@dataclass(frozen=True)
class Case:
    """One body for one subject."""

    number: int
    subject: str
    body: bytes


def case(number: int, *, real_pages: int = 0, subject: str | None = None) -> Case:
    """The case of that number, among so many real pages, for a subject of its own choice or for this one."""
    chance = Random(number)
    chosen = subject or chance.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()))[0]
    pages = (*seeds.pages(), *_corpus(real_pages))
    of_kind: Sequence[bytes] = seeds.OF_SUBJECT.get(chosen) or pages
    body = chance.choice(of_kind if chance.random() < 0.9 else (*seeds.OFFICE, seeds.PDF, seeds.RSS, *pages[:9]))
    return Case(number, chosen, mutate(body, chance, (*of_kind, *pages[:20])))


def hold(made: Case) -> None:
    """Raise where the subject raises, breaks a law, or says two things of the same bytes."""
    look = SUBJECTS[made.subject]
    first, again = (look(made.body, Random(made.number)) for _ in range(2))
    assert first == again, "the same bytes read twice say two things"


def check(number: int, *, real_pages: int, subject: str | None) -> str:
    """Work through a case; the subject it was for. What it raises says the subject too."""
    made = case(number, real_pages=real_pages, subject=subject)
    try:
        hold(made)
    except BaseException as error:
        error.add_note(f"subject: {made.subject}")
        raise
    return made.subject


def words_of(made: Case) -> str:
    """What the subject says of the case, as text: the same in every process."""
    return repr(SUBJECTS[made.subject](made.body, Random(made.number)))


@cache
def _corpus(pages: int) -> tuple[bytes, ...]:
    return seeds.pages_of_the_corpus(pages) if pages else ()

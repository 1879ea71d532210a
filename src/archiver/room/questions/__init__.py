"""The questions that researchers ask, as SQL over the public views."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
FILES = "archiver.room.questions"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its number, its name, in Swedish and in English, how to read the answer, and its SQL."""

    number: int
    name: str  # 'silent-edits'
    sv: str
    en: str
    note_sv: str
    note_en: str
    sql: str


    @property
    def parameters(self) -> tuple[str, ...]:
        """What a reader fills in."""
        return tuple(dict.fromkeys(_PARAMETER.findall(self.sql)))


@cache
def questions() -> tuple[Question, ...]:
    """All of them by number. A file is named '05-silent-edits.sql' and begins with sv, en, note_sv, note_en: a comment each."""
    found = [_read(path.name, path.read_text("utf-8")) for path in files(FILES).iterdir() if path.name.endswith(".sql")]
    return tuple(sorted(found, key=lambda q: (q.number, q.name)))


def _read(file: str, text: str) -> Question:
    head, sql = [], text
    while sql.startswith("-- "):
        line, _, sql = sql.partition("\n")
        head.append(line[3:])
    told = dict(line.split(": ", 1) for line in head)
    number, _, name = file.removesuffix(".sql").partition("-")
    return Question(int(number), name, told["sv"], told["en"], told["note_sv"], told["note_en"], sql.strip())

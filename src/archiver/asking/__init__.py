"""What people ask the archive: words in any text it ever held, and the twenty-five questions. Reads, never writes.

terms.py      what a person types, as terms; which words of a text it means
vocabulary.py the words of an archive: its languages, and the forms it has met of a word
finding.py    texts that hold the terms, the newest first, in bounded time; documents that do
search.py     pages by their words: now, ever, added, removed
phrases.py    since when and until when a phrase stood where, and on how many of the pages seen in each month
municipalities.py  the municipality that a person means
fitting.py    what was said with a question: a municipality, an address, a day, a number of this archive
questions.py  the named questions: each one a file in sql/, over the public views
"""

from archiver.asking.fitting import Unfit
from archiver.asking.phrases import by_month, spans
from archiver.asking.questions import QUESTIONS, Question, ask
from archiver.asking.search import WHERE, Hit, Where, search
from archiver.asking.terms import left_out, parse

__all__ = [
    "QUESTIONS",
    "WHERE",
    "Hit",
    "Question",
    "Unfit",
    "Where",
    "ask",
    "by_month",
    "left_out",
    "parse",
    "search",
    "spans",
]

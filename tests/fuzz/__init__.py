"""Broken pages for every reader: none may raise, hang, grow without bound, or say what the database refuses.

PYTHONPATH=tests python -m fuzz --cases 100000     a long run, in processes with a cap on memory and time
PYTHONPATH=tests python -m fuzz --case 4711        one case again, with its traceback

seeds       what is broken: the project's pages, and one small body of every other kind
mutations   how it is broken
cases       a number to a broken body for a subject
subjects    what reads it, and what must hold of the answer
laws        what must hold of a document
watching    the processes of a long run, seen from outside
"""

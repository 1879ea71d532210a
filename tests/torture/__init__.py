"""Hard stops in a hostile web: the program as it runs, killed a hundred times, and what must be true then.

PYTHONPATH=src:tests:. python -m torture --kills 120     the whole of it, a quarter of an hour
PYTHONPATH=src:tests:. python -m torture --seed 4711     the same play with other chances

front       a server before the real one that spoils what it says, and a log of what it said
worlds      what is crawled: the demonstration's towns, or a third of a site of the shared corpus on two dates
child       the program with a clock that others set
play        crawls that are killed while others read, back up, and set the clock
cuts        write-ahead logs cut where a machine that loses power may cut them
telling     how far it came
findings    what must be true of an archive, whenever one looks
"""

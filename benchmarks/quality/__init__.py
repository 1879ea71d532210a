"""The quality of reading: ours beside htmldate, trafilatura and resiliparse, on the same pages, against pinned floors.

python -m benchmarks.quality [--rivals 500] [--bodies DIR] [--only NAME] [--json]

sets      labelled pages: the project's own, and those of the shared corpus where it is there
readers   what each reader says of a page; what it does not say at all is no row's fault
scoring   from what was said and what is true to numbers (pure, tested literally)
costs     CPU time of each, beside the floor of any reader: one parse and one walk
floors    floors.toml: what ours may not fall below, and each floor only rises
"""

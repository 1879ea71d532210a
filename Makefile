# Two commands to know: `make demo` and `make test`. Everything else is here for those who work on the project.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PEERS  := .venv-peers

.DEFAULT_GOAL := help
.PHONY: help demo test check peers bench quality fuzz torture docs reference dist serve pictures clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("archiver needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 demo" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)  ## set up, then crawl three invented municipalities for three days and show what changed
	@$(BIN)/archiver demo

test: $(STAMP)  ## every test; those that need the shared corpus skip where it is absent
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(TESTARGS)

$(PEERS)/.installed: constraints-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints-peers.txt pywb setuptools
	@touch $(PEERS)/.installed

peers: $(PEERS)/.installed  ## pywb in an environment of its own, so that tests can replay our WARC files with it

check: $(STAMP)  ## style, form and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)  ## the benchmarks beside their rivals in one table (installs the rivals; BENCHARGS=--quick takes minutes)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt '.[bench]'
	$(BIN)/python -m benchmarks $(BENCHARGS)

quality: $(STAMP)  ## score reading beside htmldate, trafilatura and resiliparse, against floors that only rise
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt '.[bench]'
	$(BIN)/python -m benchmarks.quality $(QUALITYARGS)

fuzz: $(STAMP)  ## 100,000 broken bodies for every reader; what is found is kept in fuzz-found
	PYTHONPATH=tests $(BIN)/python -m fuzz --cases 100000 $(FUZZARGS)

torture: $(STAMP)  ## crawl a hostile web for a quarter of an hour, killed at random 400 times, and look what is left
	PYTHONPATH=tests:. $(BIN)/python -m torture $(TORTUREARGS)

docs: $(STAMP)  ## the documentation as a site in build/site; a broken link fails
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

reference: $(STAMP)  ## write anew the pages of the documentation that come from the program: commands, views, licences
	$(BIN)/python docs/reference.py

dist: $(STAMP)  ## a wheel and a source distribution in dist
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt build
	rm -rf dist
	$(BIN)/python -m build
	ARCHIVER_WHEEL="$$(ls dist/*.whl)" $(BIN)/python -m pytest -q tests/test_packaging.py

serve: $(STAMP)  ## open the archive for reading on 127.0.0.1
	@$(BIN)/archiver serve

pictures: $(STAMP)  ## take the reading room's pictures of the docs anew (needs Chromium)
	$(BIN)/python docs/pictures/take.py

clean:  ## remove the environment and what tests and the demo left
	rm -rf $(VENV) $(PEERS) .mypy_cache .ruff_cache .hypothesis demo build dist fuzz-found

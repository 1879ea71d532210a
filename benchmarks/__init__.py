"""Benchmarks: re-runnable, each beside its rival in the same run."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""This checkout."""
SHARED = ROOT.parent / "shared"
"""Real pages and tools to serve them, where they stand beside the checkout."""
CORPUS = SHARED / "corpus"

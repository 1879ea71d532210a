"""Benchmarks: re-runnable, each beside its rival in the same run."""

"""The syntax trees of our own source files, for tests about the code."""

import ast
import gc
from functools import cache
from pathlib import Path


@cache
def tree(path: Path) -> ast.Module:
    """The tree of a file.

    No garbage is collected while it is made: what a finalizer runs in mid-parse makes CPython 3.11 lose count of its
    own depth (python/cpython issue 106905).
    """
    gc.disable()
    try:
        return ast.parse(path.read_text("utf-8"))
    finally:
        gc.enable()

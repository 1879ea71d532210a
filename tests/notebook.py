"""A notebook run without Jupyter: its code cells in one namespace, in order, and what they say kept as they say it.

    python tests/notebook.py docs/notebooks/NAME.ipynb      runs it here and writes its outputs anew

Plain Python only: no magics, no widgets. A cell says what it prints, and the value of its last line.
"""

import ast
import io
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any


def said_by(notebook: dict[str, Any]) -> list[str]:
    """What each code cell says, run in this process and this folder."""
    names: dict[str, object] = {"__name__": "__main__"}
    return [_run("".join(cell["source"]), number, names) for number, cell in enumerate(code_cells(notebook), 1)]


def kept_in(notebook: dict[str, Any]) -> list[str]:
    """What each code cell says by the outputs kept in the file."""
    return ["".join("".join(_text(out)) for out in cell["outputs"]) for cell in code_cells(notebook)]


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells that are run."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def write(notebook: dict[str, Any], said: list[str]) -> None:
    """Keep what the cells said as their outputs."""
    for number, (cell, text) in enumerate(zip(code_cells(notebook), said, strict=True), 1):
        lines = text.splitlines(keepends=True)
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
        cell["execution_count"] = number


def _text(out: dict[str, Any]) -> list[str]:
    return out["text"] if out["output_type"] == "stream" else out["data"]["text/plain"]


def _run(source: str, number: int, names: dict[str, object]) -> str:
    tree = ast.parse(source, f"cell {number}")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(tree, f"cell {number}", "exec"), names)  # noqa: S102
        if last is not None:
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)  # noqa: S307
            if value is not None:
                print(repr(value))
    return out.getvalue()


if __name__ == "__main__":
    path = Path(sys.argv[1])
    found = json.loads(path.read_text("utf-8"))
    write(found, said_by(found))
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")

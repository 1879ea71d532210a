"""The notebooks run, and say what they are kept as saying. `python tests/notebook.py FILE` writes that anew."""

import json
from pathlib import Path

import pytest

import notebook

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_it_is_kept_as_saying(
    path: Path, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = json.loads(path.read_text("utf-8"))
    (tmp_path / "demo").symlink_to(demonstration)
    monkeypatch.chdir(tmp_path)
    assert notebook.said_by(found) == notebook.kept_in(found)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_the_form_of_one(path: Path) -> None:
    """nbformat 4: https://nbformat.readthedocs.io/en/latest/format_description.html"""
    found = json.loads(path.read_text("utf-8"))
    assert found["nbformat"] == 4
    assert {cell["cell_type"] for cell in found["cells"]} == {"markdown", "code"}
    for number, cell in enumerate(notebook.code_cells(found), 1):
        assert cell["execution_count"] == number
        assert set(cell) == {"cell_type", "execution_count", "metadata", "outputs", "source"}

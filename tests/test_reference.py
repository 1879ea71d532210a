"""The pages that the program writes about itself are as the program is (`make reference` writes them anew)."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import click
import pytest

from archiver import api
from archiver.api import details, records, streams
from archiver.model import FailureKind, Outcome
from archiver.publish.dictionary import VIEWS, columns_of

DOCS = Path(__file__).parents[1] / "docs"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reference = _loaded()
COMMANDS = list(reference.every_command())
PYTHON = (DOCS / "python.md").read_text("utf-8")
PINS = reference.pins()


@pytest.mark.parametrize(("page", "write"), [("commands.md", reference.commands), ("views.md", reference.views)])
def test_a_page_is_as_the_program_is(page: str, write: object) -> None:
    assert callable(write)
    assert (DOCS / page).read_text("utf-8") == write(), f"docs/{page} is not of today: `make reference` writes it anew"


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_option_says_what_it_means(name: str, command: click.Command) -> None:
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"archiver {name} {option.opts[0]} says nothing"
            assert f"| `{option.opts[0]}" in (DOCS / "commands.md").read_text("utf-8")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_and_column_says_what_it_means(view: str) -> None:
    assert VIEWS[view].row
    assert all(column.meaning for column in columns_of(view).values())


@pytest.mark.parametrize("word", [*get_args(Outcome), *get_args(FailureKind)])
def test_every_outcome_and_failure_is_explained(word: str) -> None:
    assert f"`{word}`" in (DOCS / "researchers.md").read_text("utf-8")


# The Python API ------------------------------------------------------------------------------------------

PUBLIC = [
    (kind, name) for kind in (api.ReadOnlyArchive, api.Page, api.Change, api.Snapshot, api.Revision, api.Diff)
    for name, value in vars(kind).items() if callable(value) or isinstance(value, property)
    if not name.startswith("_") and name != "path"
]  # fmt: skip


@pytest.mark.parametrize("name", api.__all__)
def test_every_public_name_is_explained(name: str) -> None:
    assert re.search(rf"`{name}\b", PYTHON)
    assert getattr(api, name).__doc__


@pytest.mark.parametrize(("kind", "name"), PUBLIC, ids=[f"{kind.__name__}.{name}" for kind, name in PUBLIC])
def test_every_method_is_explained_where_it_stands_and_on_its_page(kind: type, name: str) -> None:
    value = vars(kind)[name]
    assert (value.fget if isinstance(value, property) else value).__doc__
    assert re.search(rf"`{name}\b", PYTHON), f"{kind.__name__}.{name}"


def test_every_kind_of_record_is_public() -> None:
    kinds = {
        value.__name__ for module in (records, details) for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    }  # fmt: skip
    assert kinds <= set(api.__all__)
    assert all(streams.columns(getattr(api, kind)) for kind in kinds)


# Licences ------------------------------------------------------------------------------------------------


def test_every_pin_has_its_licence_on_the_page() -> None:
    assert set(reference.stated()) == set(PINS), "`make reference` writes docs/licences.md anew"


@pytest.mark.parametrize("name", PINS)
def test_nothing_is_under_a_licence_of_the_gpl_family(name: str) -> None:
    for licence in {reference.licence_of(name), reference.stated().get(name)} - {None}:
        choices = re.split(r"\bOR\b|;", licence, flags=re.IGNORECASE)
        assert any(not reference.COPYLEFT.search(choice) for choice in choices), f"{name}: {licence}"


@pytest.mark.parametrize(
    ("licence", "is_copyleft"),
    [
        ("GPL-3.0-or-later", True), ("GNU General Public License v2 (GPLv2)", True), ("LGPL-2.1", True),
        ("AGPL-3.0", True), ("GNU Affero General Public License v3", True), ("MIT", False), ("MPL-2.0", False),
        ("Apache Software License", False),
    ],
)  # fmt: skip
def test_the_gpl_family_is_known_by_its_names(licence: str, is_copyleft: bool) -> None:
    assert bool(reference.COPYLEFT.search(licence)) is is_copyleft

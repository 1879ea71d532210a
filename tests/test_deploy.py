"""What lies in deploy/ says what the program understands."""

import configparser
import re
from pathlib import Path

import click
import pytest

from archiver.cli import archiver

DEPLOY = Path(__file__).parents[1] / "deploy"
CALLS = [
    (file.name, call)
    for file in sorted(DEPLOY.iterdir())
    for call in re.findall(
        r"(?<![/\w])(?:/\S+/bin/)?archiver ((?:run|status|check)[^\n\"\]]*)", file.read_text("utf-8")
    )
]


@pytest.mark.parametrize("file", sorted(DEPLOY.glob("*.*")), ids=lambda file: file.name)
def test_a_unit_has_the_sections_of_its_kind(file: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(file.read_text("utf-8"))
    assert file.suffix[1:].capitalize() in unit.sections()
    assert unit["Unit"]["Description"].startswith("archiver: ")


def test_there_are_calls_to_look_at() -> None:
    assert {name for name, _ in CALLS} == {"Containerfile", "archiver-watch.service", "archiver.service"}


@pytest.mark.parametrize(("file", "call"), CALLS)
def test_every_call_is_one_that_the_program_understands(file: str, call: str) -> None:
    name, *words = call.split()
    command = archiver.get_command(click.Context(archiver), name)
    assert command is not None
    command.make_context(name, words)

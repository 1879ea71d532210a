"""What is handed out: the wheel holds all that the program needs, and its metadata is true."""

import os
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "archiver"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NEEDED = [
    "py.typed", "store/views.sql", "store/migrations/001_initial.sql", "asking/sql/silent-edits.sql",
    "demo/sjoberga.py", "room/plugins/archiver_room.py", "transfer/standalone.py",
]  # fmt: skip


def test_the_build_takes_the_whole_package_and_the_configuration() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {"packages": ["src/archiver"], "force-include": {"config": "archiver/packaged_config"}}


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_no_python_stands_inside_the_package(name: str) -> None:
    assert (SOURCE / name).is_file()


def test_the_rooms_templates_styles_and_words_stand_inside_the_package() -> None:
    assert {path.suffix for path in (SOURCE / "room").rglob("*") if path.is_file()} >= {".html", ".css", ".js", ".py"}


def test_the_sources_that_are_handed_out_are_there() -> None:
    for name in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]:
        assert (ROOT / name).exists(), name


def test_the_extras_are_explained() -> None:
    page = (ROOT / "docs" / "packaging.md").read_text("utf-8")
    for extra in PROJECT["project"]["optional-dependencies"]:
        assert f"`{extra}`" in page


def test_every_dependency_is_pinned_for_the_tests() -> None:
    normal = lambda name: re.sub(r"[-_.]+", "-", name).lower()  # noqa: E731
    pins = {normal(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    project = PROJECT["project"]
    wanted = [
        *project["dependencies"],
        *(need for needs in project["optional-dependencies"].values() for need in needs),
    ]
    missing = [need for need in wanted if normal(re.split(r"[\s<>=!;\[]", need)[0]) not in pins]
    assert not missing


def test_the_pythons_that_are_claimed_are_those_that_the_documentation_says_were_tested() -> None:
    claimed = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["project"]["classifiers"]))
    (said,) = re.findall(r"^(3\.11.*): tested\.", (ROOT / "docs" / "packaging.md").read_text("utf-8"), re.MULTILINE)
    assert claimed == re.findall(r"3\.\d+", said)
    assert PROJECT["project"]["requires-python"] == f">={claimed[0]}"


@pytest.mark.skipif(
    "ARCHIVER_WHEEL" not in os.environ, reason="ARCHIVER_WHEEL names none; `make dist` looks into its own"
)
def test_a_wheel_that_was_built_holds_every_file_of_the_package_and_nothing_else() -> None:
    with zipfile.ZipFile(os.environ["ARCHIVER_WHEEL"]) as packed:
        names = set(packed.namelist())
    ours = {f"archiver/{p.relative_to(SOURCE).as_posix()}" for p in _files(SOURCE)}
    ours |= {f"archiver/packaged_config/{p.relative_to(ROOT / 'config').as_posix()}" for p in _files(ROOT / "config")}
    assert {name for name in names if ".dist-info/" not in name} == ours


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]

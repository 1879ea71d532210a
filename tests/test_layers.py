"""Who may import whom: the law of the house (docs/architecture.md)."""

import ast
from pathlib import Path

import pytest

from sources import tree

PACKAGE = Path(__file__).parents[1] / "src" / "archiver"

LAYERS: list[set[str]] = [
    {"errors", "digests", "zstd"},
    {"model", "urls", "stems"},
    {"frontier", "extract", "diff", "publish", "warc", "pack", "proof"},
    {"config", "fetch", "pool", "store", "stamp", "printer", "clock", "browser"},
    {"derive"},
    {"crawl", "transfer", "verify", "redact", "asking", "doctor"},
    {"alerts"},
    {"schedule", "room", "demo", "api"},
    {"cli"},
]
WORDS = LAYERS[0] | LAYERS[1]
PURE = WORDS | LAYERS[2]
FORBIDDEN_IN_PURE = {
    "httpx", "sqlite3", "sqlite_utils", "apscheduler", "datasette", "os", "pathlib", "socket", "subprocess", "asyncio",
    "threading", "time", "random", "logging", "structlog", "multiprocessing", "concurrent", "shutil", "tempfile",
}  # fmt: skip
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def modules() -> list[tuple[str, Path]]:
    """Every module with the name of its room."""
    return [(_room(p), p) for p in sorted(PACKAGE.rglob("*.py")) if p != PACKAGE / "__init__.py"]


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Every module imported, absolute, also inside functions."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.relative_to(PACKAGE)}: relative import; write it out"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def _rooms_imported(path: Path) -> set[str]:
    parts = [name.split(".") for name in imports(path) if name.startswith("archiver.")]
    return {p[1] for p in parts if not p[1].startswith("__")}


@pytest.mark.parametrize(
    ("room", "path"), modules(), ids=lambda v: str(v.relative_to(PACKAGE)) if isinstance(v, Path) else None
)
def test_imports_point_inwards(room: str, path: Path) -> None:
    where = path.relative_to(PACKAGE)
    if room == "__main__":
        return
    assert room in LEVEL, f"{where}: this room is in no layer; add it to the table, or move the module"
    for other in _rooms_imported(path) - {room}:
        assert LEVEL[other] < LEVEL[room], f"{where}: {room} must not import {other}"


@pytest.mark.parametrize(
    ("room", "path"),
    [m for m in modules() if m[0] in PURE],
    ids=lambda v: str(v.relative_to(PACKAGE)) if isinstance(v, Path) else None,
)
def test_the_core_is_pure(room: str, path: Path) -> None:
    where = path.relative_to(PACKAGE)
    for name in {i.split(".")[0] for i in imports(path)} & FORBIDDEN_IN_PURE:
        pytest.fail(f"{where}: {room} is pure and must not import {name}")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"now", "today", "utcnow"}, f"{where}: {room} is pure and must not ask the time"
        assert not isinstance(node, ast.AsyncFunctionDef), f"{where}: {room} is pure and must not be async"


@pytest.mark.parametrize(
    ("room", "path"), modules(), ids=lambda v: str(v.relative_to(PACKAGE)) if isinstance(v, Path) else None
)
def test_each_module_says_what_it_is_for(room: str, path: Path) -> None:
    docstring = ast.get_docstring(tree(path))
    assert docstring, f"{path.relative_to(PACKAGE)}: no docstring"
    if room in PURE:
        assert docstring.rstrip().endswith("Pure."), f"{path.relative_to(PACKAGE)}: a pure module says so: 'Pure.'"


def test_one_module_knows_where_zstd_comes_from() -> None:
    """Another would fail, or a test be skipped, under the Python that it was not written on."""
    root = PACKAGE.parents[1]
    ours = [path for folder in ("src", "tests", "benchmarks") for path in (root / folder).rglob("*.py")]
    found = [path for path in ours if {name.split(".")[0] for name in imports(path)} & {"backports", "compression"}]
    assert found == [PACKAGE / "zstd.py"]


def test_no_module_is_called_by_an_empty_name() -> None:
    empty = {"utils", "helpers", "common", "base", "manager", "handler", "context", "service"}
    assert not [p for p in PACKAGE.rglob("*.py") if p.stem in empty]


def test_unexpected_errors_are_caught_in_two_places_only() -> None:
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.ExceptHandler)
                and isinstance(node.type, ast.Name | None)
                and (node.type is None or node.type.id in {"Exception", "BaseException"})
            ):
                found.append(path.relative_to(PACKAGE).as_posix())
    assert set(found) <= {"pool.py", "pool/worker.py", "crawl/lanes.py", "store/writer.py"}, found
    assert len(found) <= 3, found

"""Every example of the documentation is run, or says why not; and what is not run names commands that there are.

An example is a fenced block of `sh`, `sql` or `python`, or an indented block. It is run in a folder with the
demonstration's configuration and archive, in the order of its page. `<!-- not run: why -->` before it says why it is
not: then each `archiver` line of it must still be one that the program understands.
"""

import io
import re
import shlex
import shutil
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from program import archiver

from archiver.cli import archiver as group
from archiver.store import reader

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "decisions" and p.name != "commands.md"),
]
_WHY = re.compile(r"<!-- not run: (.+?) -->")
_KNOWN = {"sh", "sql", "python", "r", "toml", "json", "text", ""}


@dataclass(frozen=True)
class Example:
    """One block of a page."""

    page: str
    line: int
    language: str
    text: str
    why_not: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def examples(path: Path) -> list[Example]:
    """The blocks of a page, in order."""
    lines = path.read_text("utf-8").splitlines()
    found, at = [], 0
    while at < len(lines):
        start = at
        if lines[at].startswith("```"):
            language = lines[at][3:].strip()
            end = next(n for n in range(at + 1, len(lines)) if lines[n].startswith("```"))
            text, at = "\n".join(lines[at + 1 : end]), end + 1
        elif lines[at].startswith("    ") and (at == 0 or not lines[at - 1].strip()):
            while at < len(lines) and lines[at].startswith("    "):
                at += 1
            text = "\n".join(line[4:] for line in lines[start:at])
            language = "sql" if text.startswith("SELECT") else "sh"
        else:
            at += 1
            continue
        before = next((line for line in reversed(lines[:start]) if line.strip()), "")
        why = _WHY.fullmatch(before.strip())
        found.append(Example(path.relative_to(ROOT).as_posix(), start + 1, language, text, why[1] if why else None))
    return found


ALL = [example for page in PAGES for example in examples(page)]


def test_every_block_names_a_language_that_we_know() -> None:
    assert {example.language for example in ALL} <= _KNOWN
    assert not [str(e) for e in ALL if e.language == "r" and e.why_not is None]


def commands(example: Example) -> list[list[str]]:
    """The `archiver` lines of a shell block, as words; comments are gone."""
    joined = re.sub(r"\\\n\s*", " ", example.text)
    words = [shlex.split(line, comments=True) for line in joined.splitlines() if line.strip()]
    return [w[1:] for w in words if w and w[0].rpartition("/")[2] == "archiver"]


@pytest.mark.parametrize("example", [e for e in ALL if e.language == "sh"], ids=str)
def test_every_command_in_an_example_is_one_that_there_is(example: Example) -> None:
    for words in commands(example):
        _understood(group, [word for word in words if word != "…"], str(example))


def _understood(command: click.Command, words: list[str], where: str) -> None:
    """Each option is one of the command, and each name one of the group."""
    options = {name: p for p in command.params if isinstance(p, click.Option) for name in (*p.opts, *p.secondary_opts)}
    waiting = list(words)
    while waiting and waiting[0] != "--":
        word, equals, _ = waiting.pop(0).partition("=")
        option = options.get(word)
        if option is not None:
            del waiting[: 0 if option.is_flag or equals else 1]
        elif word.startswith("--"):
            assert word in ("--help", "--version"), f"{where}: {command.name} has no option {word}"
        elif isinstance(command, click.Group):
            command = command.get_command(click.Context(command), word) or pytest.fail(f"{where}: no command {word}")
            options = {name: p for p in command.params if isinstance(p, click.Option) for name in p.opts}


RUN = [e for e in ALL if e.why_not is None and e.language in ("sh", "sql", "python")]
FEES = "SELECT url FROM current_pages WHERE url LIKE '%/arvoden-och-ersattningar'"


@pytest.mark.parametrize("page", dict.fromkeys(example.page for example in RUN))
def test_the_examples_of_a_page_run(
    page: str, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(demonstration, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    with closing(reader(tmp_path / "archive.db")) as conn:
        (fees,) = conn.execute(FEES).fetchone()
    names: dict[str, object] = {}
    for example in RUN:
        if example.page == page:
            _run(example, {"PAGE": str(fees)}, names)


def _run(example: Example, variables: dict[str, str], names: dict[str, object]) -> None:
    if example.language == "python":
        with redirect_stdout(io.StringIO()):
            exec(compile(example.text, str(example), "exec"), names)  # noqa: S102
    elif example.language == "sql":
        with closing(reader(Path("archive.db"))) as conn:
            for statement in filter(str.strip, example.text.split(";")):
                conn.execute(statement).fetchall()
    else:
        for line in re.sub(r"\\\n\s*", " ", example.text).splitlines():
            _run_line(example, line, variables)


def _run_line(example: Example, line: str, variables: dict[str, str]) -> None:
    words = shlex.split(re.sub(r"\$(\w+)", lambda m: variables.get(m[1], m[0]), line), comments=True)
    if not words:
        return
    assert words[0] == "archiver", f"{example}: {line!r} is no command of ours; say why it is not run"
    target = Path(words[-1]) if len(words) > 2 and words[-2] == ">" else None
    said = archiver(*(words[1:-2] if target else words[1:]))
    if target:
        target.write_text(said.out, "utf-8")
    assert said.code in (0, 1), f"{example}: {line!r} ended with {said.code}: {said.err}"

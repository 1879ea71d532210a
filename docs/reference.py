"""The pages of the documentation that the program writes about itself: commands, views, licences.

    python docs/reference.py           writes docs/commands.md, docs/views.md, docs/licences.md anew (`make reference`)

`tests/test_reference.py` holds the first two to the program as it is, and the third to `constraints.txt`.
"""

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click

from archiver.cli import COMMANDS, archiver
from archiver.publish.dictionary import VIEWS, Column, columns_of

DOCS = Path(__file__).parent
OURS = "<!-- Written by docs/reference.py (`make reference`): edits here are lost. -->\n"

COMMANDS_HEAD = f"""{OURS}
# Every command and option

`archiver COMMAND --help` says the same. Two options stand before every command: `--config DIR` (the configuration's
folder; also `ARCHIVER_CONFIG`) and `--archive FILE` (also `ARCHIVER_ARCHIVE`). Exit codes: 0 done; 1 done, and
something needs a person, or what was asked about is not there; 2 used or configured wrongly, nothing started
([more](operations.md#exit-codes)). A *kommun* is a municipality, by its name or
its four-digit code.
"""
VIEWS_HEAD = f"""{OURS}
# Every view and column

What `archiver export`, the SQL page of the reading room, `archive.rows(VIEW)` in Python and `sqlite3 archive.db` show.
The views are public: what is redacted or under embargo is in none of them, nor who is named as responsible. A column
means the same wherever it stands. Times are UTC; what a page says of its own dates is text, as precise as printed.
"""
LICENCES_HEAD = f"""{OURS}
# Licences of what we stand on

Everything that `constraints.txt` pins, with what its own metadata says. None is GPL, AGPL or LGPL. *core* is what
`pip install archiver` brings; the others come with the extra of that name ([packaging](packaging.md)).

| package | comes with | licence |
|---|---|---|
"""


# Commands --------------------------------------------------------------------------------------------


def commands() -> str:
    """The page of commands."""
    return COMMANDS_HEAD + "".join(_command(name, command) for name, command in every_command())


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Each command by its full name; of a group its members."""
    context = click.Context(archiver)
    for name in COMMANDS:
        command = archiver.get_command(context, name)
        if isinstance(command, click.Group):
            for member in command.list_commands(context):
                found = command.get_command(context, member)
                if found is not None:
                    yield f"{name} {member}", found
        elif command is not None:
            yield name, command


def _command(name: str, command: click.Command) -> str:
    words = " ".join(p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument))
    head = f"\n## archiver {name}\n\n`archiver {name}{' ' + words if words else ''}`\n\n{_prose(command.help or '')}\n"
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if not options:
        return head
    rows = "".join(f"| {_spelled(p)} | {_meaning(p)} |\n" for p in options)
    return f"{head}\n| option | meaning |\n|---|---|\n{rows}"


def _prose(text: str) -> str:
    """The help as Markdown: what click keeps as it stands (\\b) is an example, and stands as one here."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.lstrip().startswith("\b"):
            lines = [line for line in block.replace("\b", "").splitlines() if line.strip()]
            blocks.append("```text\n" + "\n".join(line.strip() for line in lines) + "\n```")
        else:
            blocks.append(_plain(" ".join(block.split())))
    return "\n\n".join(blocks)


def _plain(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("|", "\\|").replace("[", "\\[")


def _spelled(option: click.Option) -> str:
    value = "" if option.is_flag else " " + (option.metavar or option.make_metavar(click.Context(archiver)))
    return ", ".join(f"`{name}{value}`" for name in (*option.opts, *option.secondary_opts)).replace("|", "\\|")


def _meaning(option: click.Option) -> str:
    text = _plain(" ".join((option.help or "").split()))
    default = option.default
    if option.is_flag or not option.show_default or default is None or callable(default):
        return text
    return f"{text} Default: `{default}`."


# Views -----------------------------------------------------------------------------------------------


def views() -> str:
    """The page of views."""
    return VIEWS_HEAD + "".join(_view(name) for name in VIEWS)


def _view(name: str) -> str:
    about = VIEWS[name]
    cut = f" `--since` and `--until` are about `{about.time}`." if about.time else ""
    rows = "".join(f"| `{column}` | {found.type} | {_column(found)} |\n" for column, found in columns_of(name).items())
    return f"\n## {name}\n\nA row is {about.row}.{cut}\n\n| column | type | meaning |\n|---|---|---|\n{rows}"


def _column(column: Column) -> str:
    words = ", ".join(f"`{word}`" for word in column.one_of)
    return _plain(column.meaning) + (f": {words}" if words else "")


# Licences --------------------------------------------------------------------------------------------

_CLASSIFIER = re.compile(r"^License :: (?:OSI Approved :: )?(.+)$")
_NAME = re.compile(r"^([A-Za-z0-9._-]+)")
COPYLEFT = re.compile(r"(?<![A-Za-z])(?:A|L)?GPL|GNU (?:Affero |Lesser |Library )?General Public", re.IGNORECASE)
"""A licence of the GPL family; 'or' a licence that is none of it is a choice, and ours."""


def pins(text: str | None = None) -> dict[str, str]:
    """The pinned packages with their releases, names normalised (PEP 503)."""
    text = (DOCS.parent / "constraints.txt").read_text("utf-8") if text is None else text
    found = (line.partition("==") for line in text.splitlines() if "==" in line and not line.startswith("#"))
    return {normal(name): release.split(";")[0].strip() for name, _, release in found}


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def licence_of(name: str) -> str | None:
    """What an installed package says of its licence, in a few words; None where it is not installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if said := about.get("License-Expression"):
        return str(said)
    classes = [m[1] for line in about.get_all("Classifier") or () if (m := _CLASSIFIER.match(line))]
    if classes:
        return "; ".join(classes)
    first = next((line.strip() for line in (about.get("License") or "").splitlines() if line.strip()), "")
    return first[:80] or "not stated"


def licences(known: dict[str, str] | None = None) -> str:
    """The page of licences. What is not installed here keeps the words that stand in the page already (`known`)."""
    rows = []
    for name in pins():
        licence = licence_of(name) or (known or {}).get(name) or "not installed where this page was made"
        rows.append(f"| {name} | {', '.join(_brought_by(name)) or 'core'} | {_plain(licence)} |\n")
    return LICENCES_HEAD + "".join(rows)


def stated() -> dict[str, str]:
    """The licences that the page has now."""
    page = DOCS / "licences.md"
    text = page.read_text("utf-8") if page.exists() else ""
    rows = re.finditer(r"^\| (\S+) \| [^|]+ \| (.+) \|$", text.partition("|---|")[2], re.MULTILINE)
    return {row[1]: row[2].replace("\\", "") for row in rows}


def _brought_by(name: str) -> list[str]:
    return [extra for extra, names in _TREES.items() if name in names and name not in _TREES["core"]]


def _tree(roots: list[str]) -> set[str]:
    """The packages that these need, with what those need, as far as they are installed here."""
    found: set[str] = set()
    waiting = [normal(m[1]) for root in roots if (m := _NAME.match(root))]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        waiting += [normal(m[1]) for need in needs if "extra ==" not in need and (m := _NAME.match(need))]
    return found


def _trees() -> dict[str, set[str]]:
    import tomllib  # noqa: PLC0415

    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    return {"core": _tree(project["dependencies"])} | {
        extra: _tree(needs) for extra, needs in project["optional-dependencies"].items() if needs
    }


_TREES = _trees()


if __name__ == "__main__":
    made = {"commands.md": commands(), "views.md": views(), "licences.md": licences(stated())}
    for file, text in made.items():
        (DOCS / file).write_text(text, "utf-8")
        sys.stdout.write(f"wrote docs/{file}\n")

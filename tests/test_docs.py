"""The documentation is true: every command, key, class, verdict, witness and doubt it ought to explain, it explains."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from archiver.alerts.compose import FORMAT, Frame, compose
from archiver.alerts.sample import sample_change
from archiver.cli import COMMANDS
from archiver.config import alert_shapes, shapes
from archiver.derive.findings import STRANGE
from archiver.diff import CLASSES, KINDS
from archiver.extract.listings.vendors import VENDORS
from archiver.frontier.identity import IDENTITIES
from archiver.model import Alert, Doubt, Verdict, Witness

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text("utf-8") for name in names)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`archiver {command}" in text("README.md")


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"archiver ([a-z]+)", text("README.md", "docs/changes.md", "docs/reading.md")))
    assert named - set(COMMANDS) <= {"is"}


@pytest.mark.parametrize("name", [*CLASSES, *KINDS])
def test_every_class_and_kind_of_change_is_explained(name: str) -> None:
    assert f"`{name}`" in text("docs/changes.md")


@pytest.mark.parametrize("name", [*get_args(Verdict), *get_args(Witness), *get_args(Doubt)])
def test_every_verdict_witness_and_doubt_is_explained(name: str) -> None:
    assert f"`{name}`" in text("docs/reading.md")


@pytest.mark.parametrize("name", VENDORS)
def test_every_reader_that_a_seed_may_name_is_explained(name: str) -> None:
    assert f"`{name}`" in text("docs/configuration.md")
    assert f"| `{name}` |" in text("docs/reading.md")


@pytest.mark.parametrize("name", ["duplicate-suspected", *sorted({kind for _, kind in STRANGE})])
def test_issues_of_a_whole_run_are_explained(name: str) -> None:
    assert f"| `{name}` |" in text("docs/reading.md")


KINDS_OF_ISSUES = sorted(
    {
        kind
        for module in (ROOT / "src").rglob("*.py")
        for kind in re.findall(r"\bIssue\(\s*\"([a-z-]+)\"", module.read_text("utf-8"))
    }
)


def test_the_kinds_of_issues_are_found_in_the_source() -> None:
    assert {"bulk-date", "robots-changed", "trap"} <= set(KINDS_OF_ISSUES)


@pytest.mark.parametrize("kind", KINDS_OF_ISSUES)
def test_every_kind_of_issue_is_explained(kind: str) -> None:
    assert re.search(rf"^\| [^|]*`{kind}`", text("docs/reading.md", "docs/operations.md"), re.MULTILINE)


@pytest.mark.parametrize("name", IDENTITIES)
def test_every_identity_rule_is_named(name: str) -> None:
    assert f"`{name}`" in text("docs/configuration.md")


@pytest.mark.parametrize(
    ("table", "prefix"),
    [
        (shapes.ProfileShape, ""), (shapes.LanguageShape, ""), (shapes.ScopeShape, "scope."),
        (shapes.ExpectShape, ""), (shapes.SectionShape, ""), (shapes.AgentShape, "agent."), (shapes.PaceShape, "pace."),
    ],
)  # fmt: skip
def test_every_key_is_explained(table: type[shapes.Shape], prefix: str) -> None:
    page = text("docs/configuration.md")
    missing = [n for n in table.model_fields if f"`{prefix}{n}`" not in page and n not in ("name", "code")]
    assert not missing


@pytest.mark.parametrize(
    ("table", "prefix"),
    [
        (alert_shapes.AlertShape, ""), (alert_shapes.FilterShape, "filter."), (alert_shapes.WebhookShape, ""),
        (alert_shapes.ServiceShape, ""), (shapes.MailShape, "mail."), (shapes.RoomShape, "room."),
    ],
)  # fmt: skip
def test_every_key_of_alerts_is_explained(table: type[shapes.Shape], prefix: str) -> None:
    page = text("docs/configuration.md")
    assert not [name for name in table.model_fields if not re.search(rf"`\[*{prefix}{name}\b", page)]


def test_the_alerts_of_the_documentation_are_alerts() -> None:
    page = text("docs/alerts.md")
    files = [toml for toml in re.findall(r"```toml\n(.*?)```", page, re.S) if "[room]" not in toml]
    assert files
    for toml in files:
        assert alert_shapes.AlertShape.model_validate(tomllib.loads(toml))
    (ours,) = [toml for toml in re.findall(r"```toml\n(.*?)```", page, re.S) if "[room]" in toml]
    assert shapes.ArchiverShape.model_validate(tomllib.loads(ours)).mail.server == "smtp.example"


def test_the_json_of_an_alert_is_as_documented() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", text("docs/alerts.md"), re.S)
    documented = json.loads(example)
    alert, at = Alert("avgifter", "Avgifter"), datetime(2026, 3, 3, tzinfo=UTC)
    sent = json.loads(compose(alert, [sample_change(at)], Frame("k", "2026-03-03T10:48:20Z")).payload)
    assert list(documented) == list(sent)
    assert list(documented["changes"][0]) == list(sent["changes"][0])
    assert documented["format"] == FORMAT


@pytest.mark.parametrize("name", [*shapes.SourceShape.model_fields, *shapes.ArchiverShape.model_fields])
def test_every_key_of_a_source_and_of_archiver_toml_is_explained(name: str) -> None:
    assert re.search(rf"`\[*{name}\b", text("docs/configuration.md")), name


def test_every_page_that_is_linked_to_exists() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_classes_of_the_schema_are_all_explained() -> None:
    schema = text("src/archiver/store/migrations/007_events.sql")
    listed = re.search(r"class\s+TEXT NOT NULL CHECK \(class IN \(([^)]*)\)", schema)
    assert listed is not None
    for name in re.findall(r"'([a-z-]+)'", listed[1]):
        assert f"`{name}`" in text("docs/changes.md")

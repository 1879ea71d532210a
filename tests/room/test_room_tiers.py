"""Who sees bodies, names and texts under embargo: the public none of it, a researcher, and the keeper."""

import base64
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from visitor import NAME, Room

from archiver.cli import archiver
from archiver.room import application, tiers

TOKENS = {"anna": "forskarens-hemlighet", "vakt": "arkivariens-hemlighet"}
METADATA = {
    "plugins": {"archiver": {
        "tokens": {name: hashlib.sha256(token.encode()).hexdigest() for name, token in TOKENS.items()},
        "tiers": {"researcher": {"id": ["anna", "bo"]}, "admin": {"id": "vakt"}},
    }}
}  # fmt: skip
HIDDEN = "Hemligt anslag om bygglov"


@pytest.fixture(scope="module")
def tiered(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Room:
    """The room over a copy of the archive, for readers of three tiers; a body of it is withheld."""
    assert room.town is not None
    archive = tmp_path_factory.mktemp("tiers") / "archive.db"
    with closing(sqlite3.connect(archive)) as copy:
        room.town.archive.reader.backup(copy)
        copy.execute(
            """INSERT INTO redactions (body_id, level, reason, actor, acted_at)
               SELECT b.id, 'withheld', 'prövat', 'x', '2026-03-06T00:00:00Z' FROM bodies b WHERE b.sha256 = ?""",
            (body(room, "/datum"),),
        )
        copy.commit()
    return Room(application(archive, metadata=METADATA), room.town)


def body(room: Room, path: str) -> str:
    assert room.town is not None
    sql = """SELECT b.sha256 FROM captures c JOIN addresses a ON a.id = c.address_id JOIN bodies b ON b.id = c.body_id
             WHERE a.url LIKE ? ORDER BY c.id LIMIT 1"""
    return str(room.town.rows(sql, f"%{path}")[0][0])


def as_(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {TOKENS[name]}"} if name else {}


@pytest.mark.parametrize(("name", "plain", "withheld"), [("", 404, 404), ("anna", 200, 404), ("vakt", 200, 200)])
def test_bodies_are_for_researchers_and_withheld_ones_for_the_keeper(
    tiered: Room, name: str, plain: int, withheld: int
) -> None:
    answer = tiered.get(f"/body/{body(tiered, '/avgift')}", **as_(name))
    assert answer.status_code == plain
    if plain == 200:
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "sandbox" in answer.headers["content-security-policy"]
    assert tiered.get(f"/body/{body(tiered, '/datum')}", **as_(name)).status_code == withheld


def test_names_and_texts_under_embargo_are_for_researchers(tiered: Room) -> None:
    board = f"/capture/{tiered.pair('/anslagstavla').split('..')[0]}"
    page = f"/capture/{tiered.pair('/avgift').split('..')[0]}"
    for _ in range(2):  # the second time from the shelf, where each tier has its own
        assert HIDDEN in tiered.get(board, **as_("anna")).text
        assert NAME in tiered.get(page, **as_("anna")).text
        assert HIDDEN not in tiered.get(board).text
        assert NAME not in tiered.get(page).text
    compared = f"/compare/{tiered.pair('/anslagstavla')}"
    assert "rivningslov" in tiered.get(compared, **as_("vakt")).text
    assert "rivningslov" not in tiered.get(compared).text


def test_every_table_is_for_researchers_in_a_database_of_its_own(tiered: Room) -> None:
    asked = "/archive_all?sql=SELECT+text+FROM+passages"
    assert tiered.get(asked).status_code == 403
    assert tiered.get("/archive_all/documents.json").status_code == 403
    assert tiered.get("/archive_all.db").status_code in (403, 404)
    assert HIDDEN in tiered.get(asked + "&_size=max", **as_("anna")).text
    assert "/archive_all" in tiered.get("/sql", **as_("anna")).text
    assert "/archive_all" not in tiered.get("/sql").text
    refused = tiered.get("/archive.json?sql=SELECT+text+FROM+passages", **as_("anna"))
    assert refused.status_code == 400, "the public's database stays the public's for everyone"


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer fel", "Basic !!", "Basic", "Negotiate x", "Bearer " + "x" * 9999]
)
def test_a_wrong_token_is_nobodys(tiered: Room, given: str) -> None:
    assert tiered.get(f"/body/{body(tiered, '/avgift')}", authorization=given).status_code == 404


def test_a_browser_asks_for_a_name_and_a_token(tiered: Room) -> None:
    asked = tiered.get("/login")
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith("Basic ")
    given = "Basic " + base64.b64encode(f"anna:{TOKENS['anna']}".encode()).decode()
    answer = tiered.get("/login", authorization=given)
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    assert tiered.get(f"/body/{body(tiered, '/avgift')}", authorization=given).status_code == 200


def test_without_settings_there_is_the_public_only(room: Room) -> None:
    assert tiers.grants({}, {"id": "root"}, "archiver-admin") is None
    assert tiers.grants({}, None, "archiver-researcher") is None
    assert tiers.actor_of({}, "Bearer x") is None
    assert room.get(f"/body/{body(room, '/avgift')}", **as_("anna")).status_code == 404
    assert room.get("/archive_all").status_code == 403


def test_a_room_can_be_a_researchers_own() -> None:
    assert tiers.grants({"tier": "researcher"}, None, "archiver-researcher") is True
    assert tiers.grants({"tier": "researcher"}, None, "archiver-admin") is None


@pytest.mark.parametrize(("text", "said"), [("{", "metadata"), ("[1]", "no object of settings")])
def test_settings_that_cannot_be_read_are_the_operators_mistake(
    demonstration: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "metadata.json").write_text(text, "utf-8")
    config = ["--config", str(demonstration.parent / "config"), "--archive", str(demonstration)]
    done = CliRunner().invoke(archiver, [*config, "serve", "--metadata", str(tmp_path / "metadata.json")])
    assert done.exit_code == 2
    assert said in done.output

"""Stamps by the command line: who signed them is said where somebody is trusted; where nobody is, that is said."""

import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("rfc3161_client", reason="the extra [evidence] is not installed")

from program import Said, archiver
from pytest_httpserver import HTTPServer
from rfc3161_client import _rust
from werkzeug import Request, Response

from archive import HOME, Town
from archiver.store import seals
from archiver.transfer import standalone
from authority import DAY, party, token
from pretend import page

ROOT = party("Exempelroten")
STAMPER = party("Exempel\x1bstämpeln", ROOT, end=datetime(2026, 4, 1, tzinfo=UTC))
OTHER = party("Annan rot")
URL = "https://tsa.example/"
OPENSSL = shutil.which("openssl")


@pytest.fixture
def stamped(exempel: Town, tmp_path: Path) -> Path:
    """An archive with two seals, the first of them stamped; roots.pem and other.pem beside it."""
    exempel.site["/"] = page("Start", "Ett.")
    exempel.crawl()
    exempel.site["/"] = page("Start", "Två.")
    exempel.day()
    first = seals.of_run(exempel.archive.reader, 1)
    assert first is not None
    made = token(first["chain"].encode(), STAMPER)
    exempel.archive.write(lambda conn: seals.add_stamp(conn, 1, URL, DAY, made))
    exempel.archive.close()
    (tmp_path / "roots.pem").write_bytes(ROOT.pem)
    (tmp_path / "other.pem").write_bytes(OTHER.pem)
    return exempel.archive.path


def verify(archive: Path, *words: object) -> Said:
    return archiver("--archive", archive, "verify", *words)


def test_with_a_root_it_is_said_who_stamped_when_and_under_which(stamped: Path) -> None:
    said = verify(stamped, "--trust", stamped.with_name("roots.pem"))
    assert said.code == 0
    assert (
        "seal 1 was stamped 2026-03-09T12:00:00Z by CN=Exempel␛stämpeln, whose certificate"
        " (until 2026-04-01T00:00:00Z) leads to the root CN=Exempelroten\n"
    ) in said.out
    assert "not checked" not in said.out
    assert "was revoked was asked of nobody" in said.err


def test_without_a_root_nothing_is_said_to_hold_and_that_is_said(stamped: Path) -> None:
    said = verify(stamped)
    assert said.code == 0
    assert "1 time-stamp, signatures not checked" in said.out
    assert "was stamped" not in said.out
    assert "who signed a time-stamp was not checked: --trust names the root certificates" in said.err
    (stamp,) = verify(stamped, "--json").object["stamps"]
    assert stamp == {
        "seal": 1, "authority": URL, "stamped_at": "2026-03-09T12:00:00Z", "signature": "unchecked", "signer": None,
        "valid_until": None, "root": None, "doubt": None,
    }  # fmt: skip


def test_a_stamp_under_no_root_that_is_trusted_is_a_problem(stamped: Path) -> None:
    said = verify(stamped, "--trust", stamped.with_name("other.pem"))
    problem = f"the stamp of seal 1 by {URL} is not believed: its certificate leads to no root that is trusted"
    assert (said.code, said.out) == (1, problem + "\n")
    report = verify(stamped, "--trust", stamped.with_name("other.pem"), "--json").object
    assert report["problems"] == [problem]
    assert [(one["signature"], one["signer"]) for one in report["stamps"]] == [("fails", None)]


def test_the_report_for_programs_tells_the_same(stamped: Path) -> None:
    both = ("--trust", stamped.with_name("other.pem"), "--trust", stamped.with_name("roots.pem"))
    report = verify(stamped, *both, "--json").object
    assert report["problems"] == []
    (stamp,) = report["stamps"]
    assert (stamp["signature"], stamp["signer"], stamp["valid_until"], stamp["root"], stamp["doubt"]) == (
        "holds", "CN=Exempel\x1bstämpeln", "2026-04-01T00:00:00Z", "CN=Exempelroten", None,
    )  # fmt: skip


def test_an_archive_without_stamps_says_so_to_whoever_asks(exempel: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Ett.")
    exempel.crawl()
    exempel.archive.close()
    (tmp_path / "roots.pem").write_bytes(ROOT.pem)
    assert "no seal has a time-stamp" in verify(exempel.archive.path, "--trust", tmp_path / "roots.pem").err
    assert "stamp" not in verify(exempel.archive.path).err


# packs ------------------------------------------------------------------------------------------------


def unpacked(stamped: Path, folder: Path) -> Path:
    said = archiver("--config", stamped.with_name("config"), "--archive", stamped, "evidence", HOME, "--to",
                    folder / "pack.zip")  # fmt: skip
    assert said.code == 0, said.err
    with zipfile.ZipFile(folder / "pack.zip") as box:
        box.extractall(folder / "pack")
    return folder / "pack"


def test_a_pack_says_what_its_own_verifier_leaves_open(
    stamped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = unpacked(stamped, tmp_path)
    assert standalone.main([str(pack)]) == 0
    said = capsys.readouterr().out
    assert "ok     stamp    stamps/seal-1.txt: is a seal of this chain\n" in said
    assert "?      stamp    stamps/seal-1-1.tsr: who signed it is not checked here; README-en.md says how\n" in said
    assert said.endswith("All that is checked here holds; who signed the time-stamps is not.\n")


def test_another_seal_beside_a_stamp_is_found(
    stamped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = unpacked(stamped, tmp_path)
    listed, seal = pack / "MANIFEST.sha256", pack / "stamps" / "seal-1.txt"
    digests = [hashlib.sha256(data).hexdigest() for data in (seal.read_bytes(), b"cd" * 32)]
    seal.write_bytes(b"cd" * 32)
    listed.write_text(listed.read_text("utf-8").replace(*digests), "utf-8")
    assert standalone.main([str(pack)]) == 1
    assert "FAILS  stamp    stamps/seal-1.txt" in capsys.readouterr().out


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
@pytest.mark.parametrize("readme", ["README-sv.md", "README-en.md"])
def test_the_command_of_a_packs_readme_checks_the_stamp(stamped: Path, tmp_path: Path, readme: str) -> None:
    pack = unpacked(stamped, tmp_path)
    (typed,) = re.findall(r"^    openssl (ts .*)$", (pack / readme).read_text("utf-8"), re.MULTILINE)
    for root, code in ((ROOT, 0), (OTHER, 1)):
        (pack / "root.pem").write_bytes(root.pem)
        done = subprocess.run([str(OPENSSL), *typed.split()], cwd=pack, check=False, capture_output=True)
        assert done.returncode == code, done.stderr


# used wrongly -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["verify", "seal"])
@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "holds no certificates in PEM"), (b"hej", "holds no certificates in PEM"), (None, "does not exist")],
)
def test_roots_that_are_none_begin_nothing(tmp_path: Path, command: str, content: bytes | None, told: str) -> None:
    wrong = tmp_path / "wrong.pem"
    if content is not None:
        wrong.write_bytes(content)
    said = archiver("--archive", tmp_path / "none.db", command, "--trust", wrong)
    assert (said.code, said.out) == (2, "")
    assert "Invalid value for '--trust'" in said.err
    assert told in said.err


def test_without_the_extra_trust_begins_nothing(stamped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    monkeypatch.setitem(sys.modules, "cryptography.x509", None)
    said = verify(stamped, "--trust", stamped.with_name("roots.pem"))
    assert (said.code, said.out) == (2, "")
    assert "pip install 'archiver[evidence]'" in said.err
    said = verify(stamped)
    assert said.code == 0
    assert "1 time-stamp, signatures not checked" in said.out
    assert "time-stamps were not checked: time-stamps need an extra" in said.err


def test_trust_at_a_seal_is_of_its_stamp(stamped: Path) -> None:
    said = archiver("--archive", stamped, "seal", "--trust", stamped.with_name("roots.pem"))
    assert (said.code, said.out) == (2, "")
    assert "--trust is of --stamp" in said.err


# a seal is stamped ------------------------------------------------------------------------------------


@pytest.fixture
def authority(stamped: Path, httpserver: HTTPServer) -> str:
    """The address of an authority that stamps the archive's seal now."""
    chain = archiver("--archive", stamped, "seal").out.split()[0]

    def answer(request: Request) -> Response:
        nonce = _rust.parse_timestamp_request(request.get_data()).nonce
        return Response(token(chain.encode(), STAMPER, datetime(2026, 3, 10, tzinfo=UTC), nonce=nonce))

    httpserver.expect_request("/tsa", method="POST").respond_with_handler(answer)
    return httpserver.url_for("/tsa")


def test_a_stamp_under_no_root_that_is_trusted_is_not_kept(stamped: Path, authority: str) -> None:
    here = ("--config", stamped.with_name("config"), "--archive", stamped)
    said = archiver(*here, "seal", "--stamp", authority, "--trust", stamped.with_name("other.pem"))
    assert (said.code, said.out) == (1, "")
    assert "gave a stamp that is not believed, and was not kept: its certificate leads to no root" in said.err
    assert len(verify(stamped, "--json").object["stamps"]) == 1

    said = archiver(*here, "seal", "--stamp", authority, "--trust", stamped.with_name("roots.pem"))
    assert said.code == 0
    assert "stamped 2026-03-10T00:00:00Z by CN=Exempel␛stämpeln, whose certificate" in said.out
    assert len(verify(stamped, "--json").object["stamps"]) == 2


def test_a_stamp_that_is_kept_unchecked_says_so(stamped: Path, authority: str) -> None:
    here = ("--config", stamped.with_name("config"), "--archive", stamped)
    said = archiver(*here, "seal", "--stamp", authority)
    assert said.code == 0
    assert f"stamped 2026-03-10T00:00:00Z as {authority} says; who signed it was not checked (--trust)\n" in said.out

"""An evidence pack stands by itself: it proves itself to whoever has Python, and notices every altered byte."""

import asyncio
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from program import archiver

from archive import Town
from archiver.cli.compare import comparison_of
from archiver.errors import NotFound
from archiver.printer import BROWSERS, as_pdf
from archiver.redact import Order, redact
from archiver.store import seals
from archiver.transfer import standalone
from archiver.transfer.evidence import Made, write_pack
from archiver.warc.reading import read_records
from archiver.warc.records import Record
from pretend import page

AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
MADE = Made("archiver (+https://archiver.example)", AT, UTC, lambda _: None)


@pytest.fixture
def lived(exempel: Town) -> Town:
    site = exempel.site
    site["/"] = page("Start", links=[("/taxor", "Taxor")])
    site["/taxor"] = page("Taxor {för} alla", "Avgiften är 500 kr.", updated="2026-01-02")
    exempel.crawl()
    site["/taxor"] = page("Taxor {för} alla", "Avgiften är 900 kr.", updated="2026-01-02")
    exempel.day()
    exempel.day()
    return exempel


def packed(town: Town, folder: Path, made: Made = MADE) -> Path:
    conn = town.archive.reader
    comparison = comparison_of(conn, town.config, town.site.url("/taxor"), "1", "2")
    write_pack(conn, folder / "pack.zip", comparison, made)
    return folder / "pack.zip"


def proved(place: Path, *more: str) -> tuple[int, str]:
    """What the pack's own verifier says, run by a Python that knows nothing of us."""
    with zipfile.ZipFile(place) as box:
        box.extractall(place.with_suffix(""))
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", *more],
        cwd=place.with_suffix(""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_pack_holds_all_that_is_needed(lived: Town, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed(lived, tmp_path)) as box:
        contents = {name: box.read(name) for name in box.namelist()}
    assert set(contents) == {
        "README-sv.md", "README-en.md", "citations.txt", "verify.py", "proof.json", "MANIFEST.sha256",
        "diff.html", "diff.en.html", "diff.txt", "diff.json", "pages.warc.gz", "pages.warc.gz.cdxj",
        *(f"{end}/{name}" for end in ("before", "after")
          for name in ("body.html", "headers.txt", "capture.json", "reading.json")),
    }  # fmt: skip
    assert contents["after/body.html"].decode().count("Avgiften är 900 kr.") == 1
    assert contents["before/headers.txt"].startswith(b"HTTP 200\nContent-Type: text/html; charset=utf-8\nETag: ")
    assert "[-500" in contents["diff.txt"].decode()
    read = json.loads(contents["before/reading.json"])
    assert read["rules"]["content"]["profile"]["name"] == "sitevision"
    assert next(c for c in read["claims"] if c["believed"])["raw"] == "2026-01-02"
    kinds = [r.kind for r in read_records(io.BytesIO(contents["pages.warc.gz"])) if isinstance(r, Record)]
    assert kinds == ["warcinfo", *["response", "metadata", "conversion"] * 2]
    assert "När exakt vet vi inte" in contents["README-sv.md"].decode()
    assert "It does not by itself prove that the server sent just this" in contents["README-en.md"].decode()
    assert "urldate = {2026-03-02}" in contents["citations.txt"].decode()


def test_the_same_pack_is_the_same_bytes(lived: Town, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    assert packed(lived, tmp_path).read_bytes() == packed(lived, tmp_path / "b").read_bytes()


def test_it_proves_itself_with_python_alone(lived: Town, tmp_path: Path) -> None:
    code, said = proved(packed(lived, tmp_path))
    assert code == 0, said
    assert "FAILS" not in said
    assert said.endswith("Everything holds.\n")
    assert standalone.main([str(tmp_path / "pack.zip")]) == 0


def test_a_seal_kept_elsewhere_is_found_in_its_chain(lived: Town, tmp_path: Path) -> None:
    place, last = packed(lived, tmp_path), seals.last(lived.archive.reader)
    assert last is not None
    code, said = proved(place, "--seal", last["chain"])
    assert (code, "anchor   the seal that you kept is one of them" in said) == (0, True)
    code, said = proved(place, "--seal", "0" * 63 + "1")
    assert (code, "the seal that you kept is not one of them" in said) == (1, True)


def test_any_altered_byte_of_any_file_is_found(lived: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proved(packed(lived, tmp_path))
    folder, chance = tmp_path / "pack", random.Random(5)
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "verify.py"):
        data = path.read_bytes()
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert standalone.main([str(folder)]) == 1, path
        path.write_bytes(data)
    assert standalone.main([str(folder)]) == 0


@pytest.mark.parametrize(
    ("field", "step"),
    [
        ("captured_at", "leaf"),
        ("robots", "leaf"),
        ("url", "leaf"),
        ("path", "tree"),
        ("chain", "seal"),
        ("run", "seal"),
    ],
)
def test_who_mends_the_list_too_is_found_by_the_proof(
    lived: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str, step: str
) -> None:
    """A forger who alters what was recorded, and all digests over files."""
    proved(packed(lived, tmp_path))
    folder = tmp_path / "pack"
    proof = json.loads((folder / "proof.json").read_text("utf-8"))
    if field == "path":
        proof["captures"][0]["path"][0][1] = "0" * 64
    elif field == "chain":
        proof["chain"][0]["root"] = proof["chain"][-1]["root"]
    elif field == "run":
        proof["chain"][0]["run"][3] = "2020-01-01T00:00:00Z"
    else:
        proof["captures"][0]["fields"][field] = "x"
    text = json.dumps(proof)
    (folder / "proof.json").write_text(text, "utf-8")
    listed = (folder / "MANIFEST.sha256").read_text().splitlines()
    mended = [
        line if "proof.json" not in line else f"{standalone.sha256(text.encode())}  proof.json" for line in listed
    ]
    (folder / "MANIFEST.sha256").write_text("".join(f"{line}\n" for line in mended))
    assert standalone.main([str(folder)]) == 1
    said = capsys.readouterr().out
    assert f"FAILS  {step}" in said
    assert "FAILS  files" not in said


def test_a_pack_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK rubbish")
    assert standalone.main([str(tmp_path / "x.zip")]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_what_is_redacted_is_a_digest_and_a_word(lived: Town, tmp_path: Path) -> None:
    (body,) = lived.rows(
        """SELECT c.body_id FROM captures c JOIN addresses a ON a.id = c.address_id
           WHERE a.url LIKE '%/taxor' ORDER BY c.id LIMIT 1""")[0]  # fmt: skip
    start = lived.site["/taxor"].index("Avgiften")
    order = Order("hidden", "person", "keeper", body_id=body, span=(start, start + 19))
    asyncio.run(redact(lived.archive, lived.config, lived.pool, order, AT))  # type: ignore[arg-type]
    code, said = proved(packed(lived, tmp_path))
    assert code == 0, said
    assert "its bytes are not in the pack, their digest is" in said
    everything = b"".join(path.read_bytes() for path in (tmp_path / "pack").rglob("*") if path.is_file())
    assert "Avgiften är 500 kr" not in everything.decode("utf-8", "replace")
    assert "dolda av arkivets ägare" in (tmp_path / "pack" / "README-sv.md").read_text("utf-8")


def test_a_page_under_embargo_is_packed_only_where_that_is_said(lived: Town, tmp_path: Path) -> None:
    lived.archive.write(lambda c: c.execute("UPDATE pages SET embargo_days = 0"))
    with pytest.raises(NotFound, match="under embargo"):
        packed(lived, tmp_path)
    assert not list(tmp_path.glob("*.zip"))
    assert packed(lived, tmp_path, Made("x", AT, UTC, lambda _: None, embargoed=True)).exists()


def test_the_command_says_where_to_begin(lived: Town, tmp_path: Path) -> None:
    words = ("--config", tmp_path / "config", "--archive", lived.archive.path, "evidence")
    said = archiver(*words, lived.site.url("/taxor"), "1..2", "--to", tmp_path / "x.zip")
    assert said.code == 0, said.err
    assert "Begin with README-sv.md" in said.out
    for ends, told in ((["c1"], "or two captures (c120 c345)"), (["c1..c999"], "there is no capture 999")):
        said = archiver(*words, *ends)
        assert said.code in (1, 2)
        assert told in said.err


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="the system has no browser")
def test_a_browser_prints_the_difference() -> None:
    pdf = as_pdf("<!DOCTYPE html><meta charset=utf-8><title>Skillnad</title><p>Avgiften är 900 kr.")
    assert pdf is not None
    assert pdf.startswith(b"%PDF-")


def test_without_a_browser_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert as_pdf("<p>x") is None

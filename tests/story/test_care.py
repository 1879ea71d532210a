"""Redactions by the command line: hidden, and shown again, with both in the log."""

from contextlib import closing
from pathlib import Path

from program import archiver

from archive import Town
from archiver.store import reader
from pretend import page


def test_a_redaction_is_lifted_and_both_are_in_the_log(exempel: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", "Ord som någon vill dölja.")
    exempel.crawl()
    ((capture,),) = exempel.rows("SELECT capture_id FROM current_pages")
    path = exempel.archive.path
    exempel.archive.close()
    words = ("--config", tmp_path / "config", "--archive", path)

    assert archiver(*words, "redact", f"c{capture}", "--reason", "person", "--actor", "keeper").code == 0
    assert "dölja" not in archiver(*words, "export", "snapshots", "--format", "jsonl").out
    said = archiver(*words, "lift", "1", "--actor", "keeper")
    assert (said.code, said.out) == (0, "Done. 1 capture was read again.\n")
    assert "dölja" in archiver(*words, "export", "snapshots", "--format", "jsonl").out
    with closing(reader(path)) as conn:
        assert [tuple(row) for row in conn.execute("SELECT id, level, reason, lifts FROM redaction_log")] == [
            (1, "hidden", "person", None), (2, "hidden", "lifted", 1),
        ]  # fmt: skip
    again = archiver(*words, "lift", "1", "--actor", "keeper")
    assert again.code == 1
    assert "no redaction 1 is in force" in again.err


def test_the_last_seal_is_printed_and_found_again(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Ett.")
    path = exempel.archive.path
    none = archiver("--archive", path, "seal")
    assert (none.code, "has no seal yet" in none.err) == (1, True)
    exempel.crawl()
    exempel.day()
    exempel.archive.close()
    said = archiver("--archive", path, "seal")
    assert said.code == 0
    chain = said.out.split()[0]
    assert archiver("--archive", path, "seal", "--json").object["chain"] == chain
    assert archiver("--archive", path, "verify", "--seal", chain).code == 0
    missed = archiver("--archive", path, "verify", "--seal", "0" * 64)
    assert (missed.code, "is not in this archive" in missed.out) == (1, True)
    report = archiver("--archive", path, "verify", "--json").object
    assert (report["problems"], report["seal"]) == ([], chain)

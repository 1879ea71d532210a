"""What people and programs meet: the reading room's addresses, and the command line, over a small archive.

Each process has an archive of its own, made from one that an earlier release left. No word may bring a 500, a traceback
or an exit code that is not in the help; nothing is written but in a folder of the process's own, and no host is asked.
"""

import asyncio
import atexit
import gzip
import shutil
import sys
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from io import BytesIO, TextIOWrapper
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

import click
import httpx

from archive import write_config
from archiver import cli
from archiver.room import application
from archiver.store import prepare

KEPT = Path(__file__).parents[1] / "archives"
BASE = "http://127.0.0.1:8002"
LONGEST = 8_000
"""Characters of an address; servers before us refuse longer ones."""
NETWORK = frozenset({"demo", "crawl", "run", "serve", "try", "import", "add", "alert"})
"""Commands that never end, ask a network, or make much of the machine: not for any words at all."""
HEAVY = frozenset({"rebuild", "compact", "release", "backup", "restore", "redact", "lift", "annotate"})
"""Commands that alter the archive that all cases share: their words are read, with --help."""

HEADERS: dict[str, tuple[bytes, ...]] = {
    "accept-language": (b"sv", b"en", b"\x7f", b"xx;q=nan", b"sv;q="),
    "accept-datetime": (b"Mon, 02 Mar 2026 12:00:00 GMT", b"yesterday", b"Mon, 99 Foo 0000 GMT"),
    "authorization": (b"Basic ", b"Basic YTpi", b"Bearer ", b"Digest x"),
    "cookie": (b"room_lang=en; ", b"ds_actor=x; ", b'a="; '),
    "if-none-match": (b"*, ", b'W/"'),
}
"""What a browser, or whoever says to be one, sends besides."""


@cache
def folder() -> Path:
    """Where this process may write; there is an archive and a configuration."""
    made = Path(tempfile.mkdtemp(prefix="doors-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    latest = max(KEPT.glob("*.db.gz"))
    (made / "archive.db").write_bytes(gzip.decompress(latest.read_bytes()))
    prepare(made / "archive.db")
    write_config(made)
    return made


@cache
def _room() -> Any:
    return application(folder() / "archive.db")


def room(body: bytes, chance: Random) -> object:
    """One visit: never an error of ours, never a traceback, never slow beyond the guard."""
    text = body[:LONGEST].replace(b"\n", b"%0A")
    path = quote_from_bytes(text if text.startswith(b"/") else b"/" + text, safe="/?&=%.:+~*,;@!$'()-_")
    method = chance.choices(("GET", "HEAD", "POST", "TRACE"), (20, 2, 1, 1))[0]
    headers = {name: chance.choice(values) for name, values in HEADERS.items() if chance.random() < 0.2}
    odd = chance.choice(tuple(HEADERS))
    headers |= {odd: headers.get(odd, b"") + chance.randbytes(3).translate(None, b"\r\n\0")}
    answer = asyncio.run(_visit(method, path, headers))
    assert answer.status_code < 500, (answer.status_code, method, path, answer.text[:300])
    assert b"Traceback (most recent" not in answer.content
    return answer.status_code


async def _visit(method: str, path: str, headers: dict[str, bytes]) -> httpx.Response:
    transport = httpx.ASGITransport(app=_room(), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        return await client.request(method, BASE + path, headers=headers)


def command_line(body: bytes, chance: Random) -> object:
    """One call: 0, 1 or 2, and in words."""
    words = [_word(line) for line in body.split(b"\n")[:20]]
    words = [*words, *chance.choices(_options(words[0]), k=chance.randint(0, 2))]
    if words[0] in NETWORK | HEAVY:
        words.append("--help")
    code, said = _call(["--config", str(folder() / "config"), "--archive", str(folder() / "archive.db"), *words])
    assert code in (0, 1, 2), (code, words, said[-600:])
    assert "Traceback (most recent" not in said, (words, said[-600:])
    return code


def _word(line: bytes) -> str:
    """A word as a shell may hand it over: no NUL, and what is no UTF-8 as surrogates."""
    return line.replace(b"\0", b"")[:LONGEST].decode("utf-8", "surrogateescape")


@cache
def _options(command: str) -> tuple[str, ...]:
    """The options of a command, and words that its values may be."""
    found = cli.archiver.get_command(click.Context(cli.archiver), command) if command.isidentifier() else None
    options = [option for param in found.params for option in param.opts] if found else []
    return (
        *options,
        "--help",
        "--",
        "-1",
        "2026-13-99",
        "99999999999999999999",
        "c3..c10",
        "å" * 300,
        "../../etc/passwd",
    )


def _call(words: list[str]) -> tuple[int, str]:
    out = TextIOWrapper(BytesIO(), encoding="utf-8", errors="surrogateescape", newline="")
    before, sys.argv = sys.argv, ["archiver", *words]
    work = folder() / "work"
    work.mkdir(exist_ok=True)
    try:
        with chdir(work), redirect_stdout(out), redirect_stderr(out):
            cli.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.argv = before
        shutil.rmtree(work, ignore_errors=True)
    out.flush()
    return code, out.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]

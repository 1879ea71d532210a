"""The command line: one function of a few lines per command, imported only when it is called.

`archiver --help` must answer at once (`tests/test_import_time.py`), so names and one-line helps stand here, and each
module is loaded when its command is used. Exit codes: 0 done; 1 done, and something needs a person, or
what was asked about is not there; 2 used or configured wrongly, nothing started.
"""

import errno
import importlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from archiver import __version__
from archiver.errors import ArchiverError, ConfigError, Damaged, EvidenceError, NotFetched, NotFound, Unconfigured

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("archiver.cli.demo", "Three invented municipalities, three days, and what changed. Offline."),
    "check": ("archiver.cli.configure", "Read all configuration and list every mistake in it."),
    "add": ("archiver.cli.configure", "Write a source file for a municipality."),
    "try": ("archiver.cli.attempt", "Read one page or file and show what would be kept of it. Stores nothing."),
    "crawl": ("archiver.cli.crawl", "Fetch what is due, keep it, read it, and say what changed."),
    "run": ("archiver.cli.crawl", "Keep crawling by the clock until told to stop."),
    "changes": ("archiver.cli.changes", "What changed, newest first."),
    "history": ("archiver.cli.changes", "Every state of one page that we saw."),
    "diff": ("archiver.cli.changes", "The words that changed between two captures of a page."),
    "search": ("archiver.cli.find", "Pages by their words: now, ever, in what was added or removed."),
    "ask": ("archiver.cli.find", "One of the named questions; without a name, all of them."),
    "similar": ("archiver.cli.find", "Passages of other pages that say nearly the same."),
    "status": ("archiver.cli.health", "How each source is getting on: last seen, due, failed."),
    "plan": ("archiver.cli.health", "What would be asked of a source in the next 24 hours. Fetches nothing."),
    "why": ("archiver.cli.look", "Does this URL belong, which page is it, and what became of it?"),
    "issues": ("archiver.cli.look", "What a person should look at, folded by cause."),
    "annotate": ("archiver.cli.annotate", "Say what a change is, by a fixed list of codes."),
    "rebuild": ("archiver.cli.keep", "Read all evidence anew with today's rules."),
    "compact": ("archiver.cli.keep", "Pack the bodies anew, smaller. Nothing is lost or altered."),
    "doctor": ("archiver.cli.doctor", "What is the matter with the archive; mends what can be mended."),
    "verify": ("archiver.cli.keep", "Re-hash all evidence and say what does not fit."),
    "seal": ("archiver.cli.keep", "Print the last seal, to be kept elsewhere; have it time-stamped."),
    "redact": ("archiver.cli.care", "Hide, withhold or erase words that must not be shown."),
    "lift": ("archiver.cli.care", "Undo a redaction that is no erasure."),
    "takedown": ("archiver.cli.takedown", "The register of who asked to have something hidden, and what became of it."),
    "evidence": ("archiver.cli.evidence", "Two states of a page as a pack that proves itself."),
    "export": ("archiver.cli.export", "Public views as CSV, JSON Lines, Parquet or SQLite, explained."),
    "release": ("archiver.cli.export", "A dataset folder that can be published and cited."),
    "warc": ("archiver.cli.warcs", "Captures as WARC 1.1, with an index."),
    "import": ("archiver.cli.importing", "Take in WARC files and other archives, marked as theirs."),
    "backup": ("archiver.cli.copying", "Copy the archive, checked, while it is written to or not."),
    "restore": ("archiver.cli.copying", "Make a backup the archive again."),
    "alert": ("archiver.cli.alert", "Tell people of what is new in a saved filter: list, test, send, drop."),
    "serve": ("archiver.cli.serve", "Open the archive for reading on 127.0.0.1."),
}
NEEDS_A_PERSON = (NotFound, NotFetched, EvidenceError, Damaged, Unconfigured)
"""What is not the fault of how we were called or configured: exit code 1."""


class Lazy(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words ask for; where there is none, the one that was perhaps meant is named."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"There is no command '{args[0]}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Whoever reads what it prints may go when they have seen enough: that is no fault."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _point_away(sys.stdout)
            ctx.exit(0)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table above: nothing is imported to print it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="archiver %(version)s", help="Show which release this is and exit.")
@click.option(
    "--config", "folder", type=click.Path(path_type=Path), envvar="ARCHIVER_CONFIG", metavar="DIR",
    help="Folder of the configuration.  [default: ./config, else the one that came with archiver]",
)  # fmt: skip
@click.option(
    "--archive", type=click.Path(path_type=Path, dir_okay=False), envvar="ARCHIVER_ARCHIVE", metavar="FILE",
    help="The archive file.  [default: what config/archiver.toml says]",
)  # fmt: skip
@click.pass_context
def archiver(ctx: click.Context, folder: Path | None, archive: Path | None) -> None:
    """Archive municipal web pages as evidence, and read what changed.

    New here? `archiver demo` shows all of it offline. Then `add` a municipality, `check`, `crawl`, and `serve`.

    A SOURCE is a municipality's site, named by the stem of its file in config/sources; a KOMMUN is a municipality, by
    name or four-digit code; a capture is one visit to a page, written c123; a TIME is 2026-03-02 or 2026-03-02T06:00Z,
    always UTC.

    Exit codes: 0 done; 1 done, and something needs a person, or what was asked about is not there; 2 used or
    configured wrongly, and nothing was started.
    """
    from archiver.cli.setting import Setting

    ctx.obj = Setting(folder, archive)


def main() -> None:
    """Run the command line; explain what can be explained, with the exit code that says whose doing it is."""
    _speak_utf8()
    try:
        sys.exit(archiver(prog_name="archiver", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ConfigError as error:
        count = len(error.mistakes)
        click.echo(f"The configuration has {count} mistake{'s' if count != 1 else ''}:", err=True)
        for mistake in error.mistakes:
            click.echo(f"  {_shown(str(mistake))}", err=True)
        sys.exit(2)
    except ArchiverError as error:
        click.echo(f"archiver: {_shown(str(error))}", err=True)
        sys.exit(1 if isinstance(error, NEEDS_A_PERSON) else 2)
    except OSError as error:
        if error.filename is None and error.errno not in _FULL:
            raise  # of a socket, or a bug of ours: nothing that a person at the keyboard could mend
        if error.filename is None:
            _point_away(sys.stdout)
        click.echo(f"archiver: {error.filename or 'standard output'}: {error.strerror}", err=True)
        sys.exit(2)
    except UnicodeEncodeError:
        odd = [word for word in sys.argv if not _is_text(word)]  # names of files may be; other words may not
        if not odd:
            raise
        click.echo(f"archiver: {odd[0]!a} is not UTF-8", err=True)
        sys.exit(2)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a place can say that takes no more."""


def _shown(words: str) -> str:
    """The words, line by line; what came from a server in them steers no terminal."""
    from archiver.publish.visible import visible

    return "\n".join(map(visible, words.split("\n")))


def _point_away(stream: TextIO) -> None:
    """Let what is still in the stream's buffer go nowhere: Python's last flush would fail on it once more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _is_text(word: str) -> bool:
    """Whether a word from the shell is text: Python keeps bytes that are no UTF-8 as lone surrogates (PEP 383)."""
    return not any("\udc80" <= sign <= "\udcff" for sign in word)


def _speak_utf8() -> None:
    """Files and pipes get UTF-8 whatever the locale; what a terminal cannot draw is escaped, and stops nothing.

    A byte of a file name that is no UTF-8 comes out as '\\udcff', which JSON reads back.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")

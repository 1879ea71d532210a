"""The command line: one function of a few lines per command, imported only when it is called.

`archiver --help` must answer at once (`tests/test_import_time.py`), so names and one-line helps stand here, and each
module is loaded when its command is used. Exit codes: 0 done; 1 done, and something needs a person; 2 used or
configured wrongly, nothing started.
"""

import importlib
import sys
from pathlib import Path

import click

from archiver import __version__
from archiver.errors import ArchiverError, ConfigError, NotFound

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("archiver.cli.demo", "Three invented municipalities, three days, and what changed. Offline."),
    "check": ("archiver.cli.configure", "Read all configuration and list every mistake in it."),
    "add": ("archiver.cli.configure", "Write a source file for a municipality."),
    "try": ("archiver.cli.attempt", "Read one page or file and show what would be kept of it. Stores nothing."),
    "crawl": ("archiver.cli.crawl", "Fetch what is due, keep it, read it, and say what changed."),
    "run": ("archiver.cli.crawl", "Keep crawling by the clock until told to stop."),
    "changes": ("archiver.cli.ask", "What changed, newest first."),
    "history": ("archiver.cli.ask", "Every state of one page that we saw."),
    "diff": ("archiver.cli.ask", "The words that changed between two captures of a page."),
    "rebuild": ("archiver.cli.keep", "Read all evidence anew with today's rules."),
    "verify": ("archiver.cli.keep", "Re-hash all evidence and say what does not fit."),
    "redact": ("archiver.cli.keep", "Hide, withhold or erase words that must not be shown."),
    "serve": ("archiver.cli.serve", "Open the archive for reading on 127.0.0.1."),
}


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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table above: nothing is imported to print it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="archiver %(version)s")
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
    """Archive municipal web pages as evidence, and read what changed."""
    from archiver.cli.setting import Setting

    ctx.obj = Setting(folder, archive)


def main() -> None:
    """Run the command line; explain what can be explained, with the exit code that says whose doing it is."""
    try:
        archiver(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except ConfigError as error:
        count = len(error.mistakes)
        click.echo(f"The configuration has {count} mistake{'s' if count != 1 else ''}:", err=True)
        for mistake in error.mistakes:
            click.echo(f"  {mistake}", err=True)
        sys.exit(2)
    except NotFound as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except ArchiverError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)

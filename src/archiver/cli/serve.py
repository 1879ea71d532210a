"""`archiver serve`: open the archive for reading."""

import socket
from contextlib import ExitStack, suppress
from typing import Any, TextIO

import click

from archiver.cli.setting import Setting
from archiver.errors import ConfigError

LOCAL = ("127.0.0.1", "::1", "localhost")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8002, show_default=True, metavar="N",
              help="Port to listen on; 0: any that is free.")  # fmt: skip
@click.option("--metadata", type=click.File(encoding="utf-8"), metavar="FILE",
              help="Datasette's metadata, JSON or YAML: who may read at all, and who may see more.")  # fmt: skip
@click.pass_obj
def serve_command(setting: Setting, host: str, port: int, metadata: TextIO | None) -> None:
    """Open the archive for reading in a browser, read-only, until Ctrl-C. Listens on this machine only, unless told."""
    import uvicorn

    from archiver.room import application

    archive = setting.existing_archive()
    app = application(archive, metadata=_keeper(setting) | _metadata(metadata))
    listening = _listen(host, port)
    if host not in LOCAL:
        click.echo(
            f"Anyone who can reach {host} can read this archive. Put a server in front that does TLS and knows who may "
            "come in, such as Caddy or nginx; who may see more is said in --metadata (docs/reading-room.md).",
            err=True,
        )
    name = f"[{host}]" if ":" in host else host
    click.echo(f"{archive} is open at http://{name}:{listening.getsockname()[1]}/  (Ctrl-C ends it)", err=True)
    with suppress(KeyboardInterrupt):  # how it is meant to end
        uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[listening])


def _keeper(setting: Setting) -> dict[str, Any]:
    """How to reach whoever answers for the archive, for the room's page about it; nothing where no file says so."""
    try:
        agent = setting.config.agent
    except ConfigError:  # it is mended another time: the archive can be read without it
        return {}
    return {name: value for name, value in (("about", agent.mail), ("about_url", agent.url)) if value}


def _metadata(file: TextIO | None) -> dict[str, Any]:
    """What the file says. Raises UsageError where it is neither JSON nor YAML, nor text at all."""
    from datasette.utils import BadMetadataError, parse_metadata

    if file is None:
        return {}
    try:
        found = parse_metadata(file.read())
    except (BadMetadataError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file.name}: {error}") from None
    if not isinstance(found, dict):
        raise click.UsageError(f"{file.name} holds no object of settings")
    return found


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises UsageError where it cannot be had."""
    try:
        with ExitStack() as otherwise:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            found = otherwise.enter_context(socket.socket(family, kind, protocol))
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen()
            otherwise.pop_all()
    except UnicodeError:
        raise click.BadParameter(f"{host!r} is no name of a host", param_hint="--host") from None
    except OSError as error:
        raise click.UsageError(f"cannot listen on {host}:{port}: {error.strerror}; try another --port") from None
    return found

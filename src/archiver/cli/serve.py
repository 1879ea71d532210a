"""`archiver serve`: open the archive for reading."""

import click

from archiver.cli.setting import Setting

LOCAL = ("127.0.0.1", "::1", "localhost")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8002, show_default=True)
@click.pass_obj
def serve_command(setting: Setting, host: str, port: int) -> None:
    """Open the archive for reading in a browser, read-only, until Ctrl-C. Listens on this machine only, unless told."""
    import uvicorn

    from archiver.room import application

    archive = setting.existing_archive()
    if host not in LOCAL:
        click.echo(
            f"Anyone who can reach {host} can read this archive. Put a server with TLS and access control in front.",
            err=True,
        )
    click.echo(f"{archive} is open at http://{host}:{port}/  (Ctrl-C ends it)", err=True)
    uvicorn.run(application(archive), host=host, port=port, log_level="warning")

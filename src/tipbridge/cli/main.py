"""The `tipbridge` command: groups the rooms' commands and maps refusals to exit codes."""

import gc
import logging
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.cli.errors import EXIT_CODES, FAULT, exit_code
from tipbridge.cli.rooms import Rooms
from tipbridge.foundation.base.errors import Kind, TipbridgeError
from tipbridge.foundation.base.logs import configure_logs
from tipbridge.foundation.base.memory import collect_rarely
from tipbridge.foundation.node import Profile, load_settings, make_node
from tipbridge.foundation.storage.engine import open_database
from tipbridge.foundation.storage.migrate import migrate
from tipbridge.office.terminal import DataOption, JsonOption, say_synthetic, show

cli = typer.Typer(
    cls=Rooms,
    name="tipbridge",
    help="The open road from a platform's tip to a police outcome.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@cli.command()
def init(
    data: DataOption,
    profile: Annotated[list[Profile], typer.Option(help="Can be given more than once.")],
    node_id: Annotated[str, typer.Option(help="Such as us.clearing.")],
    name: Annotated[str, typer.Option(help="What people call this node.")],
    *,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="For made-up data only, for ever.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make a node: its keys, its settings, its database."""
    key_file = make_node(
        data, node_id=node_id, name=name, profiles=frozenset(profile), synthetic=synthetic
    )
    server = open_database(data)
    try:
        migrate(server.owner_url)
    finally:
        server.stop()
    say_synthetic(synthetic=synthetic)
    made = {"node": node_id, "data": data, "key_file": key_file, "synthetic": synthetic}
    show(made, as_json=json)


@cli.command()
def up(
    data: DataOption,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8440,
    host: Annotated[str, typer.Option(help="Beyond loopback only with TLS.")] = "127.0.0.1",
    tls_certificate: Annotated[Path | None, typer.Option()] = None,
    tls_key: Annotated[Path | None, typer.Option()] = None,
    *,
    json: JsonOption = False,
) -> None:
    """Run the node: its pages, its interfaces, its workers."""
    gc.disable()  # what is loaded stays: looking for garbage in it is a sixth of loading it
    from tipbridge import up as running  # noqa: PLC0415 - keeps other commands quick

    gc.freeze()
    gc.enable()
    configure_logs()
    say_synthetic(synthetic=load_settings(data).synthetic)
    running.up(
        data,
        port,
        host=host,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
        told=running.told_as_json if json else running.told_in_words,
    )


_OF_A_PATH = (PermissionError, NotADirectoryError, IsADirectoryError, FileNotFoundError)


def run() -> None:
    """Run a command; warnings and a refusal go to standard error, answers to standard output.

    Shape: a fault of ours leaves with a code that no command answers with.
    """
    collect_rarely()
    configure_logs(least=logging.WARNING)  # a refusal is told in words, once
    try:
        cli()
    except TipbridgeError as error:
        print(f"tipbridge: {error.public}", file=sys.stderr)
        sys.exit(exit_code(error))
    except Exception as error:  # noqa: BLE001 - the program's edge: no answer may look like one
        if isinstance(error, _OF_A_PATH) and error.filename is not None:
            print(f"tipbridge: {error.filename}: {error.strerror}.", file=sys.stderr)
            sys.exit(EXIT_CODES[Kind.INVALID])
        traceback.print_exc()
        sys.exit(FAULT)


if __name__ == "__main__":
    run()

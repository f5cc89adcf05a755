"""Commands on providers."""

from typing import Annotated

import typer

from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    command_work,
    password_from_stdin,
    show,
)
from tipbridge.tips.intake import actions

group = typer.Typer(help="Platforms that may file reports here.", no_args_is_help=True)


@group.command("add")
def add_provider(
    data: DataOption,
    name: Annotated[str, typer.Option(help="The platform, such as esp-one.")],
    username: Annotated[str, typer.Option(help="What it signs in with.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a provider file, or give a known one another user name."""
    password = password_from_stdin(given=password_stdin)
    with command_work(data, as_) as work:
        added = actions.add_provider(work, name=name, username=username, password=password)
    show({"id": added, "name": name, "username": username}, as_json=json)


@group.command("list")
def list_providers(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List providers and their user names."""
    with command_work(data, as_) as work:
        lines = actions.list_providers(work)
    show(lines, as_json=json)


@group.command("revoke")
def revoke_provider(
    data: DataOption,
    username: Annotated[str, typer.Option(help="The user name to end.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """End a user name at once; the provider's reports stay."""
    with command_work(data, as_) as work:
        actions.revoke_provider(work, username=username)
    show({"username": username, "revoked": True}, as_json=json)

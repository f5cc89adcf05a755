"""Commands on access tokens."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.office.tokens import actions

tokens = typer.Typer(help="Tokens by which programs use the HTTP API.", no_args_is_help=True)


@tokens.command("add")
def add_token(
    data: DataOption,
    label: Annotated[str, typer.Argument(help="What the program is, for the list.")],
    days: Annotated[int, typer.Option(help="For how long it holds.")] = actions.USUAL_DAYS,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Make a token for a program that acts for you; it is shown this once."""
    with command_work(data, as_) as work:
        made = actions.add_token(work, label=label, days=days)
    show({"id": made.id, "token": made.token, "expires_at": made.expires_at}, as_json=json)


@tokens.command("list")
def list_tokens(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List your tokens; an administrator and an auditor see everybody's."""
    with command_work(data, as_) as work:
        lines = actions.list_tokens(work)
    show(lines, as_json=json)


@tokens.command("end")
def end_token(
    data: DataOption,
    token: Annotated[str, typer.Argument(help="Its id, as 'tokens list' shows it.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """End a token at once; an administrator may end anybody's."""
    with command_work(data, as_) as work:
        actions.end_token(work, token)
    show({"id": token, "ended": True}, as_json=json)

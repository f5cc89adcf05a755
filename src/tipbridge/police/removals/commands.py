"""Commands on removals."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.removals import actions
from tipbridge.police.removals.model import RemovalState

group = typer.Typer(help="Known addresses of material and their removal.", no_args_is_help=True)


@group.command("list")
def list_removals(
    data: DataOption,
    case: Annotated[str, typer.Argument(help="The case's id or own number.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List the removals of a case."""
    with command_work(data, as_) as work:
        found = actions.list_removals(work, case)
    show(found, as_json=json)


@group.command("record")
def record_state(
    data: DataOption,
    removal: Annotated[str, typer.Argument(help="The removal's id.")],
    state: Annotated[RemovalState, typer.Argument()],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down what became of an address."""
    with command_work(data, as_) as work:
        actions.record_state(work, removal, state)
    show({"removal": removal, "state": state}, as_json=json)

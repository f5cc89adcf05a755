"""Commands on notices that reached this node."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.notices import actions
from tipbridge.sharing.notices.model import ReplyKind

group = typer.Typer(help="Removal notices that reached this node.", no_args_is_help=True)


@group.command("list")
def list_notices(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the newest 200 notices, with what was answered."""
    with command_work(data, as_) as work:
        found = actions.list_notices(work)
    show(found, as_json=json)


@group.command("answer")
def answer_notice(
    data: DataOption,
    notice: Annotated[str, typer.Argument(help="The id of the package that brought it.")],
    kind: Annotated[ReplyKind, typer.Argument()],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a notice; the answer goes to whoever sent it."""
    with command_work(data, as_) as work:
        found = actions.answer_notice(work, notice, kind)
    show(found, as_json=json)

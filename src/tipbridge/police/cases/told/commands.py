"""The command that shows what a referral said in a case."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.told import actions

_Case = Annotated[str, typer.Argument(help="The case's id or own number.")]
_Referral = Annotated[str, typer.Argument(help="The referral's id.")]


def add_to(group: typer.Typer) -> None:
    """Put this command into the group of cases."""
    group.command("referral-said")(read_told)


def read_told(
    data: DataOption,
    case: _Case,
    referral: _Referral,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show what a referral said of a case's people and files."""
    with command_work(data, as_) as work:
        found = actions.read_told(work, case, referral)
    show(found, as_json=json)

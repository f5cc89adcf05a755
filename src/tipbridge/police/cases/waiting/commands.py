"""The command that lets a referral that waits come into a case."""

from typing import Annotated

from typer import Argument, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.waiting import actions


def add_to(group: Typer) -> None:
    """Hang this command below `cases`."""
    group.command("take")(take_waiting)


def take_waiting(
    data: DataOption,
    referral: Annotated[str, Argument(help="The received referral's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a referral come into a case that was sent for what opens none by itself."""
    with command_work(data, as_) as work:
        actions.take_waiting(work, referral)
    show({"referral": referral, "wanted": True}, as_json=json)

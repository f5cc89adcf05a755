"""The commands for referrals that wait to come into a case."""

from typing import Annotated

from typer import Argument, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.waiting import actions


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("unfit")(list_unfit)
    group.command("take")(take_waiting)


def take_waiting(
    data: DataOption,
    referral: Annotated[str, Argument(help="The received referral's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a referral come into a case that opened none by itself, or that none could take."""
    with command_work(data, as_) as work:
        actions.take_waiting(work, referral)
    show({"referral": referral, "wanted": True}, as_json=json)


def list_unfit(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the referrals that no case could take, and why; `cases take` tries one again."""
    with command_work(data, as_) as work:
        found = actions.list_unfit(work)
    show(found, as_json=json)

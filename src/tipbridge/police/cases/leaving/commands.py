"""Commands on lists that nobody keeps any more."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.leaving import actions


def add_to(group: Typer) -> None:
    """Hang these commands below `handovers`."""
    group.command("left-lists")(list_left)
    group.command("take-list")(take_over)


def list_left(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the lists that were left for your units, those that wait first."""
    with command_work(data, as_) as work:
        found = actions.list_left(work)
    show(found, as_json=json)


def take_over(
    data: DataOption,
    left: Annotated[str, Argument(help="Its id; 'handovers left-lists' shows it.")],
    grounds: Annotated[str, Option(help="Why you take it over.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take a list over that nobody keeps: of a restricted case, a child's file, a welfare record,
    or a restricted referral.
    """
    with command_work(data, as_) as work:
        actions.take_over(work, left, grounds=grounds)
    show({"left": left, "ended": "taken-over"}, as_json=json)

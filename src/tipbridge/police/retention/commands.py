"""Commands on how long what is recorded is kept."""

from datetime import datetime
from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.retention import actions
from tipbridge.police.retention.model import HoldGround

group = Typer(help="How long what is recorded of cases is kept.", no_args_is_help=True)
CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]


@group.command("plan")
def read_plan(
    data: DataOption,
    on: Annotated[
        datetime | None, Option(formats=["%Y-%m-%d"], help="What would be due on this day.")
    ] = None,
    page: Annotated[int, Option(min=1, help="What is due stands on the first.")] = 1,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show what would be erased and why the rest is not, holds, and what was erased: a dry run."""
    with command_work(data, as_) as work:
        plan = actions.read_plan(work, on=None if on is None else on.date(), page=page)
    show(plan, as_json=json)


@group.command("hold")
def place_hold(
    data: DataOption,
    case: CaseArgument,
    ground: Annotated[HoldGround, Option()],
    words: Annotated[str, Option(help="Why, in your own words.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let nothing of a case be erased until the hold is lifted."""
    with command_work(data, as_) as work:
        hold = actions.place_hold(work, case, ground=ground, words=words)
    show(hold, as_json=json)


@group.command("lift")
def lift_hold(
    data: DataOption,
    case: CaseArgument,
    words: Annotated[str, Option(help="Why, in your own words.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Lift the hold that stands on a case."""
    with command_work(data, as_) as work:
        actions.lift_hold(work, case, words=words)
    show({"case": case, "held": False}, as_json=json)

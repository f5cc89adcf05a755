"""Commands on quality."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.tips.quality import actions
from tipbridge.tips.quality.present import quality_json, view_json

group = typer.Typer(help="What providers' reports lack to be solvable.", no_args_is_help=True)

DaysOption = Annotated[int, typer.Option(min=1, max=3660, help="The length of the period.")]


@group.command("list")
def list_quality(
    data: DataOption,
    *,
    days: DaysOption = actions.USUAL_DAYS,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List every provider's figures, now and in the period before."""
    with command_work(data, as_) as work:
        lines = actions.list_quality(work, days=days)
    show([quality_json(line) for line in lines], as_json=json)


@group.command("show")
def show_quality(
    data: DataOption,
    provider: Annotated[str, typer.Argument(help="The provider's name.")],
    *,
    days: DaysOption = actions.USUAL_DAYS,
    page: Annotated[int, typer.Option(min=1, help="Of the feedback, a hundred at a time.")] = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show a provider's figures and trend, what to mend first, newest reports, feedback."""
    with command_work(data, as_) as work:
        view = actions.read_quality(work, provider, days=days, page=page)
    show(view_json(view), as_json=json)

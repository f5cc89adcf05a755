"""Commands on outcomes."""

from typing import Annotated

import typer

from tipbridge.knowledge.law.model import Outcome
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.outcomes import actions

group = typer.Typer(help="Advice of the law, decisions, duties.", no_args_is_help=True)

PersonArgument = Annotated[str, typer.Argument(help="The person's id.")]


@group.command("advise")
def read_advice(
    data: DataOption, person: PersonArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show what the law says of somebody: advice, never a verdict."""
    with command_work(data, as_) as work:
        advice = actions.read_advice(work, person)
    show(advice, as_json=json)


@group.command("decide")
def decide_outcome(
    data: DataOption,
    person: PersonArgument,
    outcome: Annotated[Outcome, typer.Argument()],
    grounds: Annotated[
        str | None, typer.Option(help="Your own reason; required outside the advice.")
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option(help="A condition recorded; can be repeated.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Decide about somebody."""
    with command_work(data, as_) as work:
        decision = actions.decide_outcome(
            work, person, outcome=outcome, grounds=grounds, conditions=condition or ()
        )
    show(decision, as_json=json)


@group.command("show")
def show_outcomes(
    data: DataOption,
    case: Annotated[str, typer.Argument(help="The case's id or own number.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show everybody in a case with advice, decision, duties and welfare."""
    with command_work(data, as_) as work:
        lines = actions.read_outcomes(work, case)
    show(lines, as_json=json)

"""Commands on the numbers that other agencies give a case."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.numbers import actions

_Case = Annotated[str, typer.Argument(help="The case's id or own number.")]
_Agency = Annotated[str, typer.Argument(help="Whose number it is.")]
_Number = Annotated[str, typer.Argument()]


def add_to(group: typer.Typer) -> None:
    """Put these commands into the group of cases."""
    group.command("add-number")(add_number)
    group.command("take-back-number")(take_back_number)


def add_number(
    data: DataOption,
    case: _Case,
    agency: _Agency,
    number: _Number,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Note the number that another agency gives the same case."""
    with command_work(data, as_) as work:
        actions.add_foreign_number(work, case, agency=agency, number=number)
    show({"case": case, "agency": agency, "number": number}, as_json=json)


def take_back_number(
    data: DataOption,
    case: _Case,
    agency: _Agency,
    number: _Number,
    because: Annotated[str, typer.Option(help="Why it is not this case's.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a number is another case's: this one is found by it no more."""
    with command_work(data, as_) as work:
        actions.take_back_number(work, case, agency=agency, number=number, because=because)
    show({"case": case, "taken_back": number}, as_json=json)

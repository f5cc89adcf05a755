"""Commands on who is one human with somebody in another case."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.humans import actions

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
PersonArgument = Annotated[str, Argument(help="The person's id.")]
Because = Annotated[str, Option(help="Why, in your own words.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("same-human")(say_same)
    group.command("part-human")(part)


def say_same(
    data: DataOption,
    case: CaseArgument,
    person: PersonArgument,
    other: Annotated[str, Argument(help="The id of the person in the other case.")],
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that people of two cases are one human: figures count them once."""
    with command_work(data, as_) as work:
        found = actions.say_same(work, case, person, other=other, because=because)
    show(found, as_json=json)


def part(
    data: DataOption,
    case: CaseArgument,
    person: PersonArgument,
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take back that somebody is one human with people of other cases."""
    with command_work(data, as_) as work:
        found = actions.part(work, case, person, because=because)
    show(found, as_json=json)

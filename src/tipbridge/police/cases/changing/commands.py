"""Commands on what was known of a person before."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.changing import actions
from tipbridge.police.cases.changing.model import Fact

PersonArgument = Annotated[str, Argument(help="The person's id.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("withdraw-facts")(withdraw_facts)
    group.command("known-before")(read_changes)


def withdraw_facts(
    data: DataOption,
    person: PersonArgument,
    fact: Annotated[list[Fact], Argument(help="One or several.")],
    because: Annotated[str, Option(help="Why it is not known after all.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that what was written down of somebody is not known after all."""
    with command_work(data, as_) as work:
        found = actions.withdraw_facts(work, person, fact, because=because)
    show(found, as_json=json)


def read_changes(
    data: DataOption, person: PersonArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show what was known of somebody before, who changed it and why."""
    with command_work(data, as_) as work:
        found = actions.read_changes(work, person)
    show(found, as_json=json)

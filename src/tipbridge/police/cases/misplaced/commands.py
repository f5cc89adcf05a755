"""Commands on notes and documents in the wrong case."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.misplaced import actions

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
EntryArgument = Annotated[
    str, Argument(help="The note's or document's id, as 'cases diary' shows it.")
]
Because = Annotated[str, Option(help="Why, in your own words.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("strike")(strike_entry)
    group.command("restore")(restore_entry)
    group.command("move-entry")(move_entry)
    group.command("return-entry")(return_entry)


def strike_entry(
    data: DataOption,
    case: CaseArgument,
    entry: EntryArgument,
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Strike a note or document out that does not belong in a case; it stays readable."""
    with command_work(data, as_) as work:
        found = actions.strike_entry(work, case, entry, because=because)
    show(found, as_json=json)


def restore_entry(
    data: DataOption,
    case: CaseArgument,
    entry: EntryArgument,
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take a strike back."""
    with command_work(data, as_) as work:
        actions.restore_entry(work, case, entry, because=because)
    show({"case": case, "restored": entry}, as_json=json)


def move_entry(
    data: DataOption,
    case: CaseArgument,
    entry: EntryArgument,
    to: Annotated[str, Option(help="Where it belongs: that case's id or own number.")],
    because: Because,
    person: Annotated[
        str | None, Option(help="The id or reference of whom a note is about there.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Bring a note or document to the case where it belongs."""
    with command_work(data, as_) as work:
        found = actions.move_entry(work, case, entry, to=to, because=because, person=person)
    show(found, as_json=json)


def return_entry(
    data: DataOption,
    case: CaseArgument,
    move: Annotated[str, Argument(help="The move's id, as 'cases diary' shows it.")],
    because: Because,
    person: Annotated[
        str | None, Option(help="The id or reference of whom a note is about here, if another.")
    ] = None,
    *,
    of_case: Annotated[bool, Option("--of-case", help="It is about nobody, but the case.")] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Bring back a note or document that went to another case."""
    with command_work(data, as_) as work:
        found = actions.return_entry(
            work, case, move, because=because, person=person, of_case=of_case
        )
    show(found, as_json=json)

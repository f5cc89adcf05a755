"""Commands on desks and the duty rota."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.foundation.access.desks.model import DeskTask
from tipbridge.foundation.base.moments import read_moment
from tipbridge.office.desks import actions
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show

desks = Typer(
    help="Where each unit can be reached, and who is on duty there.", no_args_is_help=True
)


@desks.command("add")
def add_desk(
    data: DataOption,
    code: Annotated[str, Option()],
    name: Annotated[str, Option()],
    task: Annotated[DeskTask, Option(help="What the desk is for.")],
    contact: Annotated[str, Option(help="How it is reached.")],
    unit: Annotated[str, Option(help="Code of the desk's unit.")] = "headquarters",
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Add a desk to a unit."""
    with command_work(data, as_) as work:
        made = actions.add_desk(work, unit=unit, code=code, name=name, task=task, contact=contact)
    show({"id": made.id, "code": made.code, "unit": unit, "task": made.task}, as_json=json)


@desks.command("turn")
def add_turn(
    data: DataOption,
    desk: Annotated[str, Argument(help="The desk's code.")],
    username: Annotated[str, Option(help="Who is on duty.")],
    from_: Annotated[str, Option("--from", help="When it begins, such as 2014-03-01T09:00, UTC.")],
    until: Annotated[str, Option(help="When it ends.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Put a member of staff on duty at a desk for a time."""
    from_at, until_at = read_moment("from", from_), read_moment("until", until)
    with command_work(data, as_) as work:
        made = actions.add_turn(
            work, desk=desk, username=username, from_at=from_at, until_at=until_at
        )
    show(
        {
            "turn": made.id,
            "desk": desk,
            "username": username,
            "from_at": from_at,
            "until_at": until_at,
        },
        as_json=json,
    )


@desks.command("withdraw")
def withdraw_turn(
    data: DataOption,
    turn: Annotated[str, Argument(help="The turn's id, as 'desks list' shows it.")],
    because: Annotated[str, Option(help="Why, in your own words.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take a wrong turn back; it stays readable with by whom, when and why."""
    with command_work(data, as_) as work:
        actions.withdraw_turn(work, turn, because=because)
    show({"turn": turn, "withdrawn": True}, as_json=json)


@desks.command("list")
def list_desks(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the desks: who is on duty now, the turns that are not over, and those withdrawn."""
    with command_work(data, as_) as work:
        lines = actions.list_desks(work)
    show(
        [
            {
                "desk": line.desk.code,
                "unit": line.unit,
                "task": line.desk.task,
                "contact": line.desk.contact,
                "on_duty": line.on_duty,
                "turns": [
                    f"{turn.id} {name} {turn.from_at:%Y-%m-%dT%H:%M} {turn.until_at:%Y-%m-%dT%H:%M}"
                    for name, turn in line.turns
                ],
                "withdrawn": [
                    f"{each.turn.id} {each.username} {each.turn.from_at:%Y-%m-%dT%H:%M}"
                    f" {each.turn.until_at:%Y-%m-%dT%H:%M}"
                    f" by {each.by} {each.at:%Y-%m-%dT%H:%M}: {each.because}"
                    for each in line.withdrawn
                ],
            }
            for line in lines
        ],
        as_json=json,
    )

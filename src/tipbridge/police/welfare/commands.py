"""Commands on welfare."""

from datetime import datetime
from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.welfare import actions
from tipbridge.police.welfare.model import WelfareFacts

group = typer.Typer(help="What is done for a child in a case.", no_args_is_help=True)

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@group.command("record")
def record_welfare(
    data: DataOption,
    welfare: Annotated[str, typer.Argument(help="The welfare record's id.")],
    agency: str | None = None,
    child_talk: Day = None,
    guardian_talk: Day = None,
    school_talk: Day = None,
    *,
    contact_made: Annotated[bool | None, typer.Option("--contact-made/--contact-not-made")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down agency, contact and talks for a child; what is left out stays as it was."""
    facts = WelfareFacts(
        agency=agency,
        contact_made=contact_made,
        child_talk_on=None if child_talk is None else child_talk.date(),
        guardian_talk_on=None if guardian_talk is None else guardian_talk.date(),
        school_talk_on=None if school_talk is None else school_talk.date(),
    )
    with command_work(data, as_) as work:
        found = actions.record_welfare(work, welfare, facts)
    show(found, as_json=json)


@group.command("close")
def close_welfare(
    data: DataOption,
    welfare: Annotated[str, typer.Argument(help="The welfare record's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Close a record; whether the agency was contacted must have been answered."""
    with command_work(data, as_) as work:
        actions.close_welfare(work, welfare)
    show({"welfare": welfare, "closed": True}, as_json=json)

"""Commands on kept decisions."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.replaying import actions

group = typer.Typer(help="Release decisions, kept and made again.", no_args_is_help=True)


@group.command("replay")
def replay_decisions(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """Make every decision again from what it was made from; exit 1 when any differs.

    Decisions whose inputs were erased or do not fit their digest are named under `unread`; the
    latter are a difference too.
    """
    with command_work(data, as_) as work:
        found = actions.replay_decisions(work)
    show(found, as_json=json)
    if found.different or any(actions.is_suspect(each) for each in found.unread):
        raise typer.Exit(1)


@group.command("show")
def show_decisions(
    data: DataOption,
    referral_id: Annotated[str, typer.Argument(help="The referral's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show the decisions about one referral: who, by which rules, and whether they hold again."""
    with command_work(data, as_) as work:
        found = actions.read_decisions(work, referral_id)
    show(found, as_json=json)

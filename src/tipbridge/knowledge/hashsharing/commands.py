"""Commands on the sharing of hashes."""

from typing import Annotated

import typer

from tipbridge.knowledge.hashsharing import actions
from tipbridge.knowledge.hashsharing.model import EntryKind
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show

group = typer.Typer(help="Hash lists that members share over HTTP.", no_args_is_help=True)


@group.command("members")
def list_members(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List members with their entries and how many of them are disputed."""
    with command_work(data, as_) as work:
        found = actions.list_members(work)
    show(found, as_json=json)


@group.command("enrol")
def enrol_member(
    data: DataOption,
    provider: Annotated[str, typer.Option(help="The provider's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a provider share hashes here with the user names it has."""
    with command_work(data, as_) as work:
        member = actions.enrol_member(work, provider=provider)
    show(member, as_json=json)


@group.command("end")
def end_member(
    data: DataOption,
    member: Annotated[int, typer.Option(help="The member's number.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """End a membership at once; its entries stay for the others."""
    with command_work(data, as_) as work:
        actions.end_member(work, member=member)
    show({"member": member, "ended": True}, as_json=json)


@group.command("publish")
def publish_list(
    data: DataOption,
    name: Annotated[str, typer.Argument(help="The hash list's name.")],
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(EntryKind)}.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Share the lines of a hash list of known material as entries of this node."""
    with command_work(data, as_) as work:
        added = actions.publish_list(work, name=name, kind=kind)
    show({"list": name, "added": added}, as_json=json)


@group.command("disputed")
def list_disputed(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List fingerprints that members voted against, with their reasons."""
    with command_work(data, as_) as work:
        found = actions.list_disputed(work)
    show(found, as_json=json)


@group.command("retract")
def retract_entry(
    data: DataOption,
    member: Annotated[int, typer.Option(help="The member's number.")],
    entry: Annotated[str, typer.Option(help="The entry's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Delete an entry of any member; all members see that it is gone."""
    with command_work(data, as_) as work:
        actions.retract_entry(work, member=member, entry=entry)
    show({"member": member, "entry": entry, "deleted": True}, as_json=json)

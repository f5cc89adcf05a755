"""Commands of the desk: staff, units, the clock, the audit log."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.box.pool import open_box
from tipbridge.foundation.node import load_settings
from tipbridge.office import actions
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    command_work,
    password_from_stdin,
    show,
)

staff = typer.Typer(help="The people who work here.", no_args_is_help=True)
units = typer.Typer(help="The units of this organisation, a tree.", no_args_is_help=True)
clock = typer.Typer(help="A synthetic node's clock.", no_args_is_help=True)
audit = typer.Typer(help="The log of every access and change.", no_args_is_help=True)
box = typer.Typer(help="The sandbox that files are decoded in.", no_args_is_help=True)

PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
RootUnit = Annotated[str, typer.Option("--unit", help="Code of the unit.")]


@staff.command("add")
def add_staff(
    data: DataOption,
    username: Annotated[str, typer.Option()],
    role: Annotated[list[str], typer.Option(help="A role; can be given more than once.")],
    unit: RootUnit = "headquarters",
    same_person_as: Annotated[
        str | None, typer.Option(help="An earlier user name of the same person.")
    ] = None,
    *,
    password_stdin: PasswordOption = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Add a member of staff."""
    password = password_from_stdin(given=password_stdin)
    with command_work(data, as_) as work:
        added = actions.add_staff(
            work,
            username=username,
            password=password,
            roles=tuple(role),
            unit=unit,
            same_person_as=same_person_as,
        )
    show({"id": added, "username": username}, as_json=json)


@staff.command("change")
def change_staff(
    data: DataOption,
    username: Annotated[str, typer.Option()],
    role: Annotated[list[str], typer.Option(help="A role; can be given more than once.")],
    unit: RootUnit = "headquarters",
    *,
    active: Annotated[bool, typer.Option("--active/--ended")] = True,
    leave_lists: Annotated[
        bool, typer.Option("--leave-lists", help="Do it though nobody else keeps some list.")
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give somebody other roles or another unit, or end their access."""
    with command_work(data, as_) as work:
        actions.change_staff(
            work,
            username=username,
            roles=tuple(role),
            unit=unit,
            active=active,
            leave_lists=leave_lists,
        )
    show({"username": username, "roles": role, "unit": unit, "active": active}, as_json=json)


@staff.command("list")
def list_staff(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List everybody who works or worked here."""
    with command_work(data, as_) as work:
        lines = actions.list_staff(work)
    show(lines, as_json=json)


@units.command("add")
def add_unit(
    data: DataOption,
    code: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    parent: Annotated[str, typer.Option(help="Code of the unit above.")] = "headquarters",
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Add a unit below another."""
    with command_work(data, as_) as work:
        added = actions.add_unit(work, code=code, name=name, parent=parent)
    show({"id": added, "code": code}, as_json=json)


@units.command("list")
def list_units(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the unit tree."""
    with command_work(data, as_) as work:
        found = actions.list_units(work)
    show(found, as_json=json)


@clock.command("set")
def set_clock(
    data: DataOption,
    time: Annotated[str, typer.Argument(help="ISO 8601 with Z or an offset.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Move a synthetic node's clock forward."""
    at = parse_time(time)
    with command_work(data, as_) as work:
        actions.set_clock(work, at=at)
    show({"clock": at}, as_json=json)


def parse_time(text: str) -> datetime:
    """An aware time from ISO 8601 text, in UTC.

    Errors: Invalid when it is no time or has no offset.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no time; write it like 2013-11-01T00:00:00Z.") from error
    if at.tzinfo is None:
        raise Invalid(f"{text!r} has no offset; write it like 2013-11-01T00:00:00Z.")
    return at.astimezone(UTC)


@audit.command("list")
def list_audit(
    data: DataOption,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    subject: Annotated[str | None, typer.Option(help="Only events about this id.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List the newest events first."""
    with command_work(data, as_) as work:
        entries = actions.read_audit(work, limit=limit, subject=subject)
    show(entries, as_json=json)


@audit.command("verify")
def verify_audit(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """Recompute the log; exit 1 at the first entry that does not fit."""
    with command_work(data, as_) as work:
        found = actions.verify_audit(work)
    show(found, as_json=json)
    if not found.intact:
        raise typer.Exit(1)


@box.command("check")
def check_box(data: DataOption, *, json: JsonOption = False) -> None:
    """Try every way out of the box; exit 9 when one works or no walls stand here."""
    with open_box(load_settings(data).plan_box(tasks=())) as opened:
        standing = opened.status
    show(
        {
            "walls": standing.walls,
            "landlock": standing.landlock_abi,
            "root_dropped": standing.uid_dropped,
            "denied": len(standing.probes),
            "passed_over": standing.passed_over,
        },
        as_json=json,
    )

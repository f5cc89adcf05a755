"""Commands on exhibits."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    command_work,
    show,
)
from tipbridge.police.evidence import (
    acquire_commands,
    actions,
    examine_commands,
    keeping_commands,
    media_commands,
    reporting,
)
from tipbridge.police.evidence.model import ExhibitKind, Taking

group = typer.Typer(help="Seized things, their custody and examination.", no_args_is_help=True)

group.command("acquire")(acquire_commands.acquire_image)
group.command("examine")(examine_commands.examine)
group.command("seal")(keeping_commands.seal_exhibit)
group.command("destroy")(keeping_commands.destroy_exhibit)
group.command("photographs")(keeping_commands.add_photographs)
group.command("progress")(keeping_commands.show_progress)
group.command("label")(media_commands.give_label)
group.command("record-image")(media_commands.record_image)
group.command("give-up")(media_commands.give_up)
group.command("media")(media_commands.give_media)
group.command("categorise")(media_commands.take_categories)

ExhibitArgument = Annotated[str, typer.Argument(metavar="ID", help="The exhibit's id.")]
ReasonOption = Annotated[
    str | None, typer.Option(help="Why the chain of custody has a gap or an overlap here.")
]

AtOption = Annotated[
    str | None, typer.Option(help="When it was done, in ISO form with its offset; else now.")
]


@group.command("add")
def add_exhibit(
    data: DataOption,
    case: Annotated[str, typer.Option(help="The case's id or number.")],
    mark: Annotated[str, typer.Option(help="What is written on the exhibit's label.")],
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(ExhibitKind)}.")],
    description: Annotated[str, typer.Option(help="What it is.")],
    place: Annotated[str, typer.Option(help="Where it was seized.")],
    authority: Annotated[str, typer.Option(help="Under what authority it was seized.")],
    identifiers: Annotated[str, typer.Option(help="Maker, model, serial number.")] = "",
    seized_at: Annotated[str | None, typer.Option(help="When it was seized.")] = None,
    seized_by: Annotated[str | None, typer.Option(help="Who seized it.")] = None,
    person: Annotated[
        str | None, typer.Option(help="From whom: an id, or the number in the case.")
    ] = None,
    grounds: Annotated[
        str | None, typer.Option(help="Why it couldn't wait for contact with the agency.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Add a seized thing to a case."""
    with command_work(data, as_) as work:
        added = actions.add_exhibit(
            work,
            case,
            mark=mark,
            kind=kind,
            description=description,
            identifiers=identifiers,
            place=place,
            authority=authority,
            taking=Taking(
                person=person,
                grounds=grounds,
                at=media_commands.moment_or_now(seized_at),
                by=seized_by,
            ),
        )
    show(added, as_json=json)


@group.command("hand-over")
def hand_over(
    data: DataOption,
    exhibit: ExhibitArgument,
    to: Annotated[str, typer.Option(help="Who takes it: a username, or with --outside a name.")],
    reason: ReasonOption = None,
    at: AtOption = None,
    *,
    outside: Annotated[
        bool, typer.Option("--outside", help="Who takes it does not work here.")
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give an exhibit to somebody who works here and must receive it, or to somebody outside."""
    with command_work(data, as_) as work:
        event = actions.hand_over(
            work,
            exhibit,
            to=to,
            outside=outside,
            at=media_commands.moment_or_now(at),
            reason=reason,
        )
    show(event, as_json=json)


@group.command("receive")
def receive(
    data: DataOption,
    exhibit: ExhibitArgument,
    reason: ReasonOption = None,
    at: AtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that an exhibit handed over to you arrived."""
    with command_work(data, as_) as work:
        event = actions.receive(work, exhibit, at=media_commands.moment_or_now(at), reason=reason)
    show(event, as_json=json)


@group.command("return")
def return_exhibit(
    data: DataOption,
    exhibit: ExhibitArgument,
    to: Annotated[str, typer.Option(help="To whom it is given back.")],
    reason: ReasonOption = None,
    at: AtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give an exhibit back to whom it belongs."""
    with command_work(data, as_) as work:
        event = actions.return_exhibit(
            work, exhibit, to=to, at=media_commands.moment_or_now(at), reason=reason
        )
    show(event, as_json=json)


@group.command("report")
def report(
    data: DataOption,
    exhibit: ExhibitArgument,
    examination: Annotated[
        str | None, typer.Option(help="This examination's id, else the last one.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this file; never over one.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Print an examination's report: one line of JSON for each entry, the sums first.

    Two examinations of one source with the same lists give the same bytes.
    """
    with command_work(data, as_) as work:
        found = reporting.read_report(work, exhibit, examination=examination)
    text = "".join(f"{line}\n" for line in found.lines)
    if json:  # one document instead of lines
        text = "[" + ",\n".join(found.lines) + "]\n"
    if found.known_since:
        sys.stderr.write(
            f"{found.known_since} findings lie on an exhibit of another case that was seized earlier and"
            " examined since; the report stays as it was given, see 'tipbridge exhibits show'.\n"
        )
    if out is None:
        sys.stdout.write(text)
    else:
        media_commands.write_new(out, text.encode())


@group.command("show")
def show_exhibit(
    data: DataOption,
    exhibit: ExhibitArgument,
    *,
    findings: Annotated[bool, typer.Option("--findings", help="Only findings.")] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show an exhibit: custody, examinations, what was not processed, files by digest."""
    with command_work(data, as_) as work:
        view = actions.read_exhibit(work, exhibit, findings_only=findings)
    show(view, as_json=json)


@group.command("list")
def list_exhibits(
    data: DataOption,
    case: Annotated[str | None, typer.Option(help="Of this case: its id or number.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List exhibits."""
    with command_work(data, as_) as work:
        found = actions.list_exhibits(work, case=case)
    show(found, as_json=json)

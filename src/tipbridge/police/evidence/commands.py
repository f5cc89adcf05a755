"""Commands on exhibits."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.work import open_work
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    acting_node,
    command_work,
    show,
)
from tipbridge.police.evidence import (
    acquire_commands,
    actions,
    clusters,
    keeping_commands,
    media_commands,
    reporting,
)
from tipbridge.police.evidence.examining import examine_folder
from tipbridge.police.evidence.folder import is_archive
from tipbridge.police.evidence.imaging import Progress, examine_image
from tipbridge.police.evidence.model import ExhibitKind, Taking

group = typer.Typer(help="Seized things, their custody and examination.", no_args_is_help=True)

group.command("acquire")(acquire_commands.acquire_image)
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
                at=None if seized_at is None else media_commands.a_moment(seized_at),
                by=seized_by,
            ),
        )
    show(added, as_json=json)


@group.command("hand-over")
def hand_over(
    data: DataOption,
    exhibit: ExhibitArgument,
    to: Annotated[str, typer.Option(help="Who takes it: a username.")],
    reason: ReasonOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give an exhibit to somebody, who must receive it."""
    with command_work(data, as_) as work:
        event = actions.hand_over(work, exhibit, to=to, reason=reason)
    show(event, as_json=json)


@group.command("receive")
def receive(
    data: DataOption,
    exhibit: ExhibitArgument,
    reason: ReasonOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that an exhibit handed over to you arrived."""
    with command_work(data, as_) as work:
        event = actions.receive(work, exhibit, reason=reason)
    show(event, as_json=json)


@group.command("return")
def return_exhibit(
    data: DataOption,
    exhibit: ExhibitArgument,
    to: Annotated[str, typer.Option(help="To whom it is given back.")],
    reason: ReasonOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give an exhibit back to whom it belongs."""
    with command_work(data, as_) as work:
        event = actions.return_exhibit(work, exhibit, to=to, reason=reason)
    show(event, as_json=json)


class Engine(StrEnum):
    """Where an image's files are digested. Closed."""

    LOCAL = "local"
    RAY = "ray"


@group.command("examine")
def examine(
    data: DataOption,
    exhibit: ExhibitArgument,
    source: Annotated[
        Path,
        typer.Argument(help="A folder, an archive, or an image's first file; it is only read."),
    ],
    *,
    sorted_material: Annotated[
        bool, typer.Option("--sorted", help="It holds only files sorted as material.")
    ] = False,
    engine: Annotated[
        Engine, typer.Option(help="Who digests an image's files: this machine or a Ray cluster.")
    ] = Engine.LOCAL,
    cluster: Annotated[
        str, typer.Option(help="The cluster's address; local: one on this machine for so long.")
    ] = clusters.LOCAL,
    form: media_commands.FormOption = None,
    reason: ReasonOption = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Read every file of a folder, an archive or an image once: digests, list hits, what can't be read.

    An examination that was stopped goes on where it was when it is typed again. With
    the engine ray each host must see the image at the same path.
    """
    telling = sys.stderr.isatty()
    if source.is_dir() or (is_archive(source) and form is None):
        with acting_node(data, as_) as (node, actor):
            done = examine_folder(
                lambda: open_work(node, actor),
                exhibit,
                folder=source,
                sorted_material=sorted_material,
                reason=reason,
                tell=_tell if telling else None,
            )
    else:
        with acting_node(data, as_) as (node, actor):
            done = examine_image(
                node,
                actor,
                exhibit,
                image=source,
                sorted_material=sorted_material,
                reason=reason,
                tell=_tell if telling else None,
                form=form,
                engine=clusters.over_cluster(cluster) if engine is Engine.RAY else None,
            )
    for doubt in done.doubts:
        print(f"{done.verdict.value}: {doubt.kind.value}: {doubt.detail}", file=sys.stderr)
    show(done, as_json=json)


def _tell(progress: Progress) -> None:
    left = progress.seconds_left
    print(
        f"\r{progress.bytes_read >> 20} of {progress.size_bytes >> 20} MiB,"
        f" {progress.entries} entries, {progress.findings} findings,"
        f" {progress.bytes_per_second / 2**20:.0f} MiB/s,"
        f" {'?' if left is None else f'{left:.0f}'} s left ",
        end="",
        file=sys.stderr,
    )


@group.command("report")
def report(
    data: DataOption,
    exhibit: ExhibitArgument,
    examination: Annotated[
        str | None, typer.Option(help="This examination's id, else the last one.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
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
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


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

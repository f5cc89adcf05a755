"""Commands that hand something of an exhibit out, or take it back: labels, media, categories."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    acting_node,
    command_work,
    show,
)
from tipbridge.police.evidence import categorising, labelling, passes, recording
from tipbridge.police.evidence.recording import MadeElsewhere
from tipbridge.police.evidence.sources.sniffing import Form
from tipbridge.police.evidence.vics import read_numbers

ExhibitArgument = Annotated[str, typer.Argument(metavar="ID", help="The exhibit's id.")]
FormOption = Annotated[
    Form | None,
    typer.Option(help="What the file is, where its name and its first bytes don't say so alike."),
]
MOST_BYTES = 1 << 30


def give_label(
    data: DataOption,
    exhibit: ExhibitArgument,
    out: Annotated[Path, typer.Argument(help="The PDF to write; never over a file.")],
    *,
    whole_case: Annotated[
        bool, typer.Option("--case", help="A label for every exhibit of its case.")
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write an exhibit's label with its QR code as PDF."""
    with command_work(data, as_) as work:
        document = labelling.label_exhibits(work, exhibit, whole_case=whole_case)
    write_new(out, document)
    show({"file": str(out), "size_bytes": len(document)}, as_json=json)


def record_image(  # noqa: PLR0913 - one option for each fact
    data: DataOption,
    exhibit: ExhibitArgument,
    image: Annotated[Path, typer.Argument(help="The image's first file; it is only read.")],
    *,
    tool: Annotated[str, typer.Option(help="The tool that made it, with its version.")],
    by: Annotated[str, typer.Option(help="Who made it.")],
    at: Annotated[str, typer.Option(help="When, in ISO form with its offset.")],
    digest: Annotated[
        list[str], typer.Option(help="MD5, SHA-1 or SHA-256 of the medium, as its maker wrote it.")
    ],
    source: Annotated[str, typer.Option(help="What was imaged: the disk, by its name.")],
    form: FormOption = None,
    reason: Annotated[
        str | None, typer.Option(help="Why the chain of custody has a gap or an overlap here.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Record an image that another tool made as an acquisition; it is read whole and compared."""
    made = MadeElsewhere(tool=tool, by=by, at=a_moment(at), digests=tuple(digest), source=source)
    with acting_node(data, as_) as (node, actor):
        kept = recording.record_image(
            node, actor, exhibit, image=image, made=made, reason=reason, form=form
        )
    show(kept, as_json=json)


def a_moment(text: str) -> datetime:
    """A time as it is typed. Errors: Invalid."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("Write a time in ISO form, as 2014-05-01T09:00+09:00.") from error
    if found.tzinfo is None:
        raise Invalid("A time needs its offset, as 2014-05-01T09:00+09:00.")
    return found


def moment_or_now(text: str | None) -> datetime | None:
    """A time as it is typed, None for now. Errors: Invalid."""
    return None if text is None else a_moment(text)


def give_up(
    data: DataOption,
    exhibit: ExhibitArgument,
    examination: Annotated[
        str, typer.Argument(metavar="EXAMINATION", help="The unfinished examination's id.")
    ],
    reason: Annotated[str, typer.Option(help="Why it is not gone on with.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give an examination that was begun up: it is not gone on with, and what it kept stays."""
    with command_work(data, as_) as work:
        given_up = passes.give_up_pass(work, exhibit, examination, reason=reason)
    show(given_up, as_json=json)


def give_media(
    data: DataOption,
    exhibit: ExhibitArgument,
    out: Annotated[Path | None, typer.Option(help="Write it to this file; never over one.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Hand an exhibit's pictures, films and findings to a viewer as VICS JSON: no content."""
    with command_work(data, as_) as work:
        document = categorising.give_media(work, exhibit)
    if out is None:
        sys.stdout.write(document.decode())
        return
    write_new(out, document)
    show({"file": str(out), "size_bytes": len(document)}, as_json=json)


def take_categories(
    data: DataOption,
    exhibit: ExhibitArgument,
    file: Annotated[Path, typer.Argument(help="The viewer's VICS JSON.")],
    confirm: Annotated[str, typer.Option(help="Categories that confirm an entry, as 1,2.")],
    *,
    deny: Annotated[str, typer.Option(help="Categories that deny it, as 5.")] = "",
    into: Annotated[
        str | None, typer.Option(help="Load confirmed files into this list of own cases.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take back the categories that you gave in your own viewer, as your votes on lists' entries."""
    document = _read(file)
    with command_work(data, as_) as work:
        taken = categorising.take_categories(
            work,
            exhibit,
            document,
            confirming=read_numbers(confirm),
            denying=read_numbers(deny),
            into=into,
        )
    show(taken, as_json=json)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Invalid(f"A viewer's document has at most {MOST_BYTES >> 20} MiB.")
        return file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file} can't be read: {error.strerror}.") from error


def write_new(out: Path, document: bytes) -> None:
    """Write a file that is not there yet. Errors: Invalid."""
    try:
        with out.open("xb") as opened:
            opened.write(document)
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror}.") from error

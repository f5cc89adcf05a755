"""Commands that hand something of an exhibit out, or take it back: labels, media, categories."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.evidence import categorising, labelling, passes
from tipbridge.police.evidence.vics import read_numbers

ExhibitArgument = Annotated[str, typer.Argument(metavar="ID", help="The exhibit's id.")]
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
    _write(out, document)
    show({"file": str(out), "size_bytes": len(document)}, as_json=json)


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
    _write(out, document)
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


def _write(out: Path, document: bytes) -> None:
    try:
        with out.open("xb") as opened:
            opened.write(document)
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror}.") from error

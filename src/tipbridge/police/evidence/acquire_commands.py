"""The command that makes an image of an exhibit's medium."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, acting_node, show
from tipbridge.police.evidence.acquiring_e01 import acquire_e01
from tipbridge.police.evidence.acquisitions import acquire


class Form(StrEnum):
    """What an image is written in. Closed."""

    RAW = "raw"
    E01 = "e01"


def acquire_image(
    data: DataOption,
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The exhibit's id.")],
    source: Annotated[Path, typer.Argument(help="A block device or a file; it is only read.")],
    image: Annotated[Path, typer.Argument(help="Where the image goes; never over a file.")],
    *,
    form: Annotated[
        Form, typer.Option(help="raw, written here; e01, written by ewfacquirestream where it is.")
    ] = Form.RAW,
    reason: Annotated[
        str | None, typer.Option(help="Why the chain of custody has a gap or an overlap here.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Copy a medium into an image: digests of it all and of each segment, every bad sector.

    A raw copy that was stopped goes on where it was when it is typed again; an E01 is made anew.
    """
    with acting_node(data, as_) as (node, actor):
        made = (acquire_e01 if form is Form.E01 else acquire)(
            node,
            actor,
            exhibit,
            source=source,
            image=image,
            reason=reason,
            tell=_tell_copied if sys.stderr.isatty() else None,
        )
    show(made, as_json=json)


def _tell_copied(done: int, size: int) -> None:
    sys.stderr.write(f"\r{done >> 20} of {size >> 20} MiB copied ")

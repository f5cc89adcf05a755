"""Commands on how an exhibit is kept, and how far its examinations are."""

import sys
from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.evidence import actions, keeping
from tipbridge.police.evidence.media_commands import moment_or_now

_ExhibitArgument = Annotated[str, typer.Argument(metavar="ID", help="The exhibit's id.")]
_ReasonOption = Annotated[
    str | None, typer.Option(help="Why the chain of custody has a gap or an overlap here.")
]
_AtOption = Annotated[
    str | None, typer.Option(help="When it was done, in ISO form with its offset; else now.")
]


def seal_exhibit(
    data: DataOption,
    exhibit: _ExhibitArgument,
    seal: Annotated[str, typer.Option(help="The number of the seal.")],
    reason: _ReasonOption = None,
    at: _AtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that an exhibit that you hold is sealed."""
    with command_work(data, as_) as work:
        event = keeping.seal_exhibit(work, exhibit, seal=seal, at=moment_or_now(at), reason=reason)
    show(event, as_json=json)


def destroy_exhibit(
    data: DataOption,
    exhibit: _ExhibitArgument,
    witness: Annotated[str, typer.Option(help="Who saw it.")],
    how: Annotated[str, typer.Option(help="By what means, and on whose order.")],
    reason: _ReasonOption = None,
    *,
    at: _AtOption = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that an exhibit that you hold was destroyed; its chain ends."""
    with command_work(data, as_) as work:
        event = keeping.destroy_exhibit(
            work, exhibit, witness=witness, how=how, at=moment_or_now(at), reason=reason
        )
    show(event, as_json=json)


def add_photographs(
    data: DataOption,
    exhibit: _ExhibitArgument,
    shows: Annotated[str, typer.Option(help="What the photographs show.")],
    digests: Annotated[
        list[str],
        typer.Argument(help="SHA-256 of each; - reads what tipbridge hash prints of them."),
    ],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Keep the SHA-256 of photographs of an exhibit; the pictures stay where they are."""
    text = sys.stdin.read() if digests == ["-"] else " ".join(digests)
    with command_work(data, as_) as work:
        kept = keeping.add_photographs(work, exhibit, digests=text, shows=shows)
    show(kept, as_json=json)


def show_progress(
    data: DataOption,
    exhibit: _ExhibitArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show how far the examinations of an exhibit that run now have come."""
    with command_work(data, as_) as work:
        found = actions.read_progress(work, exhibit)
    show(found, as_json=json)

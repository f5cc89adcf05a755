"""Commands on hash lists."""

from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.model import ListPurpose
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show

group = typer.Typer(help="Lists of digests of known material.", no_args_is_help=True)


@group.command("add")
def add_list(
    data: DataOption,
    name: Annotated[str, typer.Option(help="The list's name.")],
    purpose: Annotated[str, typer.Option(help=f"One of: {', '.join(ListPurpose)}.")],
    source: Annotated[str, typer.Option(help="The body that answers for its entries.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open an empty list."""
    with command_work(data, as_) as work:
        added = actions.add_list(work, name=name, purpose=purpose, source=source)
    show(added, as_json=json)


@group.command("import")
def import_list(
    data: DataOption,
    name: Annotated[str, typer.Argument(help="The list's name.")],
    file: Annotated[Path, typer.Argument(help="Lines of DIGEST or DIGEST,MARK.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Add a file's entries to a list: all, or none when a line is no entry."""
    try:
        lines = file.open("rb")
    except OSError as error:
        raise Invalid(f"Cannot read {file}: {error.strerror}.") from error
    with lines, command_work(data, as_) as work:
        counts = actions.import_list(work, name=name, lines=lines)
    show(counts, as_json=json)


@group.command("list")
def list_lists(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the lists with purpose, source and number of entries."""
    with command_work(data, as_) as work:
        found = actions.list_lists(work)
    show(found, as_json=json)

"""Commands on disclosures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.disclosure import actions
from tipbridge.police.disclosure.bag import sha256
from tipbridge.police.disclosure.checking import check_bundle
from tipbridge.police.disclosure.folder import refuse_taken, write_folder
from tipbridge.police.disclosure.model import Purpose

group = typer.Typer(
    help="Bundles of a case's evidence for a court or an agency.", no_args_is_help=True
)

DisclosureArgument = Annotated[str, typer.Argument(metavar="ID", help="The disclosure's id.")]
FolderArgument = Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]


@group.command("propose")
def propose_disclosure(
    data: DataOption,
    case: Annotated[str, typer.Argument(help="The case's id or number.")],
    to: Annotated[str, typer.Option(help="The court or agency that receives it.")],
    purpose: Annotated[str, typer.Option(help=f"One of: {', '.join(Purpose)}.")],
    mark: Annotated[
        list[str] | None, typer.Option(help="An exhibit's mark; can be repeated; else all.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Propose a bundle; its content is fixed from now on."""
    with command_work(data, as_) as work:
        proposed = actions.propose_disclosure(
            work, case, recipient=to, purpose=purpose, marks=mark or ()
        )
    show(proposed, as_json=json)


@group.command("show")
def show_disclosure(
    data: DataOption,
    disclosure: DisclosureArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show who approved a bundle, when it left, and every file that would leave now."""
    with command_work(data, as_) as work:
        line, payload = actions.read_disclosure(work, disclosure)
    files = [
        {"path": path, "size_bytes": len(found), "sha256": sha256(found)}
        for path, found in sorted((payload or {}).items())
    ]
    show({"line": line, "current": payload is not None, "files": files}, as_json=json)


@group.command("preview")
def preview_disclosure(
    data: DataOption,
    disclosure: DisclosureArgument,
    folder: FolderArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write what would leave into a folder, unsigned, for whoever is to approve it."""
    refuse_taken(folder)
    with command_work(data, as_) as work:
        files = actions.preview_disclosure(work, disclosure)
    write_folder(folder, files)  # once it is on record, never before
    show(_told(folder, files), as_json=json)


@group.command("approve")
def approve_disclosure(
    data: DataOption,
    disclosure: DisclosureArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Approve exactly what would leave; two different people have to."""
    with command_work(data, as_) as work:
        line = actions.approve_disclosure(work, disclosure)
    show(line, as_json=json)


@group.command("write")
def write_disclosure(
    data: DataOption,
    disclosure: DisclosureArgument,
    folder: FolderArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write the approved bundle into a folder, signed by this node."""
    refuse_taken(folder)
    with command_work(data, as_) as work:
        files = actions.write_disclosure(work, disclosure)
    write_folder(folder, files)  # once it is on record, never before
    show(_told(folder, files), as_json=json)


def _told(folder: Path, files: Mapping[str, bytes]) -> dict[str, object]:
    size = sum(len(data) for data in files.values())
    return {"folder": str(folder), "files": len(files), "size_bytes": size}


@group.command("list")
def list_disclosures(
    data: DataOption,
    case: Annotated[str | None, typer.Option(help="The case's id or number.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Disclosures, who approved them and when they left."""
    with command_work(data, as_) as work:
        lines = actions.list_disclosures(work, case=case)
    show(lines, as_json=json)


@group.command("check")
def check_disclosure(
    folder: Annotated[Path, typer.Argument(help="The folder of a bundle.")],
    fingerprint: Annotated[
        str | None, typer.Option(help="The node whose bundle it should be; from elsewhere.")
    ] = None,
    *,
    json: JsonOption = False,
) -> None:
    """Check a bundle; exit 1 and say what is wrong with it, if anything is."""
    problems = check_bundle(folder, fingerprint=fingerprint)
    show(problems, as_json=json)
    if problems:
        raise typer.Exit(1)

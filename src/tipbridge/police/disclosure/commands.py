"""Commands on disclosures."""

from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import open_work
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    acting_node,
    command_work,
    show,
)
from tipbridge.police.disclosure import actions
from tipbridge.police.disclosure.bag import sha256
from tipbridge.police.disclosure.checking import check_bundle
from tipbridge.police.disclosure.favouring import counted, favours_of
from tipbridge.police.disclosure.folder import fill_folder, new_folder, refuse_taken, write_folder
from tipbridge.police.disclosure.model import Purpose
from tipbridge.police.disclosure.sealing import ToSeal
from tipbridge.police.disclosure.writing import Made, make_bundle

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
    seal: Annotated[
        list[str] | None,
        typer.Option(help="A file to leave sealed, by its SHA-256; can be repeated."),
    ] = None,
    seal_list: Annotated[
        Path | None, typer.Option(help="A file with such SHA-256s, one a line.")
    ] = None,
    seal_for: Annotated[str, typer.Option(help="By name, who alone opens the sealed files.")] = "",
    seal_key: Annotated[
        str, typer.Option(help="Their age recipient, age1…; compare it with them.")
    ] = "",
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Propose a bundle; its content is fixed from now on."""
    listed = () if seal_list is None else _listed(seal_list)
    to_seal = ToSeal(name=seal_for, recipient=seal_key, files=(*(seal or ()), *listed))
    with command_work(data, as_) as work:
        proposed = actions.propose_disclosure(
            work, case, recipient=to, purpose=purpose, marks=mark or (), seal=to_seal
        )
    show(proposed, as_json=json)


def _listed(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"seal-list: {path} can't be read as UTF-8 text.") from error


@group.command("show")
def show_disclosure(
    data: DataOption,
    disclosure: DisclosureArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show who approved a bundle, when it left, and every file that would leave now.

    `favours` is what would leave in somebody's favour, the defence's words and corrections.
    """
    with command_work(data, as_) as work:
        line, payload = actions.read_disclosure(work, disclosure)
    files = [
        {"path": path, "size_bytes": len(found), "sha256": sha256(found)}
        for path, found in sorted((payload or {}).items())
    ]
    favours = None if payload is None else favours_of(payload)
    told = {"line": line, "current": payload is not None, "favours": favours, "files": files}
    show(told, as_json=json)


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
    show(_told(folder, Made(files=files, laid={})), as_json=json)


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
    moved: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OLD=NEW", help="Where an examined image, folder or file is now; repeatable."
        ),
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write the approved bundle into a folder, signed by this node.

    Files that leave sealed are read again from where they were examined, or have moved since.
    """
    places = _places(moved or [])
    with acting_node(data, as_) as (node, actor), new_folder(folder) as aside:
        made = make_bundle(lambda: open_work(node, actor), disclosure, aside, moved=places)
        fill_folder(aside, made.files)  # once it is on record, never before
    show(_told(folder, made), as_json=json)


def _places(moved: list[str]) -> dict[str, str]:
    """Where each source is now. Errors: Invalid."""
    found = dict[str, str]()
    for each in moved:
        old, equals, new = each.partition("=")
        if not old or not equals or not new or old in found:
            raise Invalid(
                "Write OLD=NEW: where it was examined, as the report has it, and where it is."
            )
        found[old] = str(Path(new).absolute())
    return found


def _told(folder: Path, made: Made) -> dict[str, object]:
    """Where a bundle lies, and how much of it favours somebody."""
    return {
        "folder": str(folder),
        "files": made.count,
        "size_bytes": made.size_bytes,
        "favours": counted(favours_of(made.files)),
    }


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

"""Commands that carry packages by hand, where no network may."""

import io
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Forbidden, TipbridgeError
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.exchange.carrying import fetching, handing
from tipbridge.sharing.exchange.carrying.files import (
    RECEIPT_ENDING,
    RECEIPT_MAX_BYTES,
    opened,
    write_new,
)

REFUSED = "refused"
FolderArgument = Annotated[Path, typer.Argument(help="The folder that is carried.")]


def export_packages(
    data: DataOption,
    peer: Annotated[str, typer.Argument(help="For whom; its id.")],
    folder: FolderArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write what waits for a peer into files, sealed to it; carry its receipts back."""
    with command_work(data, as_) as work:
        written = handing.export_packages(work, peer, folder)
    show({"peer": peer, "written": [path.name for path in written]}, as_json=json)


def import_files(
    data: DataOption,
    files: Annotated[list[Path], typer.Argument(help="Carried files: packages and receipts.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take in carried packages and receipts; a receipt to carry back is written beside each."""
    lines = [
        _receipt(data, as_, path) if path.suffix == RECEIPT_ENDING else _package(data, as_, path)
        for path in files
    ]
    show(lines, as_json=json)
    if any(line["outcome"] == REFUSED for line in lines):
        raise typer.Exit(1)


def _package(data: Path, as_: str | None, path: Path) -> dict[str, object]:
    """Take one package in; its receipt is written once that is durable."""
    try:
        with opened(path) as sealed, command_work(data, as_) as work:
            package_id, receipt = fetching.import_package(work, sealed)
        write_new(path.with_name(f"{package_id}{RECEIPT_ENDING}"), io.BytesIO(receipt))
    except Forbidden:
        raise
    except TipbridgeError as error:
        return {"file": path.name, "outcome": REFUSED, "reason": error.public}
    return {"file": path.name, "outcome": "taken", "package_id": package_id}


def _receipt(data: Path, as_: str | None, path: Path) -> dict[str, object]:
    try:
        with opened(path) as file:
            content = file.read(RECEIPT_MAX_BYTES)
        with command_work(data, as_) as work:
            outcome = handing.import_receipt(work, content)
    except Forbidden:
        raise
    except TipbridgeError as error:
        return {"file": path.name, "outcome": REFUSED, "reason": error.public}
    return {"file": path.name, "outcome": outcome}

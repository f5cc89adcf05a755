"""Commands that carry packages by hand, where no network may."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Forbidden, TipbridgeError
from tipbridge.foundation.work import Work
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.exchange.carrying import fetching, handing, refusals
from tipbridge.sharing.exchange.carrying import files as ending
from tipbridge.sharing.exchange.carrying.files import RECEIPT_MAX_BYTES, opened, write_new

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
    files: Annotated[
        list[Path], typer.Argument(help="Carried files: packages, receipts and refusals.")
    ],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take in carried packages and what was carried back; a receipt, or a refusal, is written beside each."""
    lines = [_imported(data, as_, path) for path in files]
    show(lines, as_json=json)
    if any(line["outcome"] == REFUSED for line in lines):
        raise typer.Exit(1)


def _imported(data: Path, as_: str | None, path: Path) -> dict[str, object]:
    """Take one file in by what its name ends with."""
    try:
        match path.suffix:
            case ending.RECEIPT_ENDING:
                taken = _answer(data, as_, path, handing.import_receipt)
            case ending.REFUSAL_ENDING:
                taken = _answer(data, as_, path, refusals.import_refusal)
            case _:
                return _package(data, as_, path)
    except Forbidden:
        raise
    except TipbridgeError as error:
        return {"file": path.name, "outcome": REFUSED, "reason": error.public}
    return {"file": path.name, "outcome": taken}


def _package(data: Path, as_: str | None, path: Path) -> dict[str, object]:
    """Take one package in; what goes back is written once that is durable."""
    try:
        with opened(path) as sealed, command_work(data, as_) as work:
            package_id, receipt = fetching.import_package(work, sealed)
    except refusals.CarriedRefused as error:
        back = path.with_name(f"{error.package_id}{ending.REFUSAL_ENDING}")
        write_new(back, io.BytesIO(error.envelope))
        said = {"file": path.name, "outcome": REFUSED, "reason": error.public}
        return {**said, "package_id": error.package_id, "carry_back": back.name}
    back = path.with_name(f"{package_id}{ending.RECEIPT_ENDING}")
    write_new(back, io.BytesIO(receipt))
    return {
        "file": path.name,
        "outcome": "taken",
        "package_id": package_id,
        "carry_back": back.name,
    }


def _answer(data: Path, as_: str | None, path: Path, take: Callable[[Work, bytes], str]) -> str:
    """Take one receipt or refusal that was carried back; what came of it."""
    with opened(path) as file:
        content = file.read(RECEIPT_MAX_BYTES)
    with command_work(data, as_) as work:
        return take(work, content)

"""Commands on what was exchanged by agreements."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.agreeing import counting


def count_exchanged(
    data: DataOption,
    sha256: Annotated[str, typer.Argument(help="The agreement's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Count what went each way with the other party since the last review, by class of data."""
    with command_work(data, as_) as work:
        found = counting.count_exchanged(work, sha256)
    show(found, as_json=json)

"""The command that sets a prepared referral aside."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.dropping import actions


def drop_referral(
    data: DataOption,
    referral_id: Annotated[str, typer.Argument(help="The referral's id.")],
    *,
    reason: Annotated[str, typer.Option(help="Why; it stays on this node.")],
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Set a referral aside that was prepared by mistake; what was released is recalled instead."""
    with command_work(data, as_) as work:
        actions.drop_referral(work, referral_id, reason=reason)
    show({"referral_id": referral_id, "state": "dropped"}, as_json=json)

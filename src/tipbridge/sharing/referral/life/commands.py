"""Commands on a referral after its release."""

from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.life import actions
from tipbridge.sharing.referral.life.model import Why, Word

ReferralId = Annotated[str, typer.Argument(help="The referral's id.")]
WhyOption = Annotated[Why, typer.Option(help="The reason.")]


def say_stage(
    data: DataOption,
    referral_id: ReferralId,
    stage: Annotated[Word, typer.Argument(help="accepted, refused, returned, worked or closed.")],
    why: Annotated[Why | None, typer.Option(help="Of a refusal or return.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say where a received referral stands; its sender is told."""
    with command_work(data, as_) as work:
        said = actions.say_stage(work, referral_id, stage, why=why)
    show(said, as_json=json)


def recall_referral(
    data: DataOption,
    referral_id: ReferralId,
    why: WhyOption,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take a released referral back from everyone who got it; each of them answers."""
    with command_work(data, as_) as work:
        said = actions.withdraw_referral(work, referral_id, Word.RECALL, why=why)
    show(said, as_json=json)


def correct_referral(
    data: DataOption,
    referral_id: ReferralId,
    why: WhyOption,
    part: Annotated[list[str], typer.Option(help="A part that was wrong; repeatable.")],
    *,
    instead: Annotated[
        str | None, typer.Option(help="A released referral that gives the right parts.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Tell everyone who got a referral that parts of it were wrong; a new referral gives others."""
    with command_work(data, as_) as work:
        said = actions.withdraw_referral(
            work, referral_id, Word.CORRECTION, why=why, labels=tuple(part), instead=instead
        )
    show(said, as_json=json)


def list_withdrawals(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List recalls and corrections that went out, and who has not acknowledged them."""
    with command_work(data, as_) as work:
        found = actions.list_withdrawals(work)
    show(found, as_json=json)

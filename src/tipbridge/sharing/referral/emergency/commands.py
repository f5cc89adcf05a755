"""Commands of an emergency."""

from typing import Annotated, Any

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.actions import decide_referral
from tipbridge.sharing.referral.emergency import actions
from tipbridge.sharing.referral.emergency.model import Danger, Finding, Review

ReferralId = Annotated[str, typer.Argument(help="The referral's id.")]


def call_emergency(
    data: DataOption,
    referral_id: ReferralId,
    danger: Annotated[Danger, typer.Argument(help="Why it can't wait.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a referral can't wait, and decide again: with enough people more may leave at once."""
    with command_work(data, as_) as work:
        found = actions.call_emergency(work, referral_id, danger=danger)
        decided = decide_referral(work, referral_id)
    said = {"people": len(found.calls), "needed": found.needed, "state": decided.state.value}
    show({"referral_id": referral_id, **said}, as_json=json)


def take_back_call(
    data: DataOption, referral_id: ReferralId, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Take back your own call of an emergency before the release, and decide again."""
    with command_work(data, as_) as work:
        found = actions.take_back_call(work, referral_id)
        decided = decide_referral(work, referral_id)
    said = {"people": len(found.calls), "needed": found.needed, "state": decided.state.value}
    show({"referral_id": referral_id, **said}, as_json=json)


def review_emergency(
    data: DataOption,
    referral_id: ReferralId,
    finding: Annotated[Finding, typer.Argument(help="What you found.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say what you found of an emergency release that others called and released."""
    with command_work(data, as_) as work:
        review = actions.review_emergency(work, referral_id, finding=finding)
    show(review_json(review, overdue=False), as_json=json)


def list_emergencies(
    data: DataOption,
    *,
    page: Annotated[int, typer.Option(min=1, help="A hundred at a time.")] = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List emergency releases, newest first, with what another person found of each."""
    with command_work(data, as_) as work:
        found = actions.list_emergencies(work, page=page)
        lines = [review_json(each, overdue=each.is_overdue(work.now)) for each in found]
    show(lines, as_json=json)


def review_json(review: Review, *, overdue: bool) -> dict[str, Any]:
    """An emergency release as it is listed."""
    return {
        "referral_id": review.referral_id,
        "peer": review.peer_id,
        "released_at": review.released_at,
        "due_at": review.due_at,
        "overdue": overdue,
        "finding": None if review.finding is None else review.finding.value,
        "reviewed_at": review.reviewed_at,
    }

"""Commands on how long referrals are kept."""

from typing import Annotated, Any

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.keeping import actions
from tipbridge.sharing.referral.keeping.model import KeptReferral, Need


def list_kept(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List received referrals whose review is due, and sent ones whose deletion is not proved."""
    with command_work(data, as_) as work:
        found = actions.list_owed(work)
    lines = [_line(each, "review") for each in found.reviews]
    show(lines + [_line(each, "proof of deletion") for each in found.proofs], as_json=json)


def review_kept(
    data: DataOption,
    referral_id: Annotated[str, typer.Argument(help="The received referral's id.")],
    finding: Annotated[Need, typer.Argument(help="What you found.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say whether what came under an agreement is still needed; what is not is deleted."""
    with command_work(data, as_) as work:
        kept = actions.review_kept(work, referral_id, finding=finding)
    show(_line(kept, "reviewed"), as_json=json)


def _line(kept: KeptReferral, due: str) -> dict[str, Any]:
    return {
        "referral_id": kept.referral_id,
        "peer": kept.peer_id,
        "due": due,
        "agreement": kept.agreement_id,
        "review_at": kept.days.review_at,
        "keep_until": kept.days.keep_until,
        "proof_due_at": kept.days.proof_due_at,
        "finding": None if kept.finding is None else kept.finding.value,
        "kept_by_law_since": kept.held_at,
        "deleted_at": kept.deleted_at,
    }

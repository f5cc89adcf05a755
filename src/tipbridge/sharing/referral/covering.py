"""The agreements that cover what a case-by-case request asks for: a grant goes round none of them."""

from collections.abc import Collection

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreements_standing, suspended
from tipbridge.knowledge.agreements.model import Agreement, CoveredOffence, Purpose
from tipbridge.sharing.referral import rules


def covering(
    work: Work, parties: tuple[str, str], purpose: Purpose, offences: Collection[CoveredOffence]
) -> list[Agreement]:
    """Those between `parties` (sender, receiver) that speak of these offences, suspended or not."""
    sender, receiver = parties
    found = agreements_standing(
        work, sender=sender, receiver=receiver, purpose=purpose, at=work.now
    )
    return [each for each in found if rules.speaks_of(each, offences)]


def check_not_suspended(work: Work, parties: tuple[str, str], purpose: Purpose) -> None:
    """Whether no releasing agreement between `parties` is suspended for this purpose, or the other that opens a case.

    Shape: whatever its offences, as at dispatch and receipt, so that nothing is granted or released that would only lapse.
    Errors: Conflict, which names the one that is.
    """
    sender, receiver = parties
    held = suspended(work, sender=sender, receiver=receiver, purpose=purpose)
    if held is not None:
        raise Conflict(
            f"Agreement {held.channel} is suspended; no grant of its parties goes round it.",
            id=held.sha256,
        )

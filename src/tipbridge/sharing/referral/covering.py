"""The agreements that cover what a case-by-case request asks for: a grant goes round none of them."""

from collections.abc import Collection

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreements_standing
from tipbridge.knowledge.agreements.model import Agreement, CoveredOffence, Purpose
from tipbridge.knowledge.agreements.rules import is_suspended
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


def check_not_suspended(work: Work, found: Collection[Agreement]) -> None:
    """Whether none of these is suspended.

    Errors: Conflict, which names the one that is.
    """
    for each in found:
        if is_suspended(each, work.now):
            raise Conflict(
                f"Agreement {each.channel} covers this and is suspended; no grant goes round it.",
                id=each.sha256,
            )

"""What came for named recipients only, as TLP:RED says, is in no case that a whole unit reads."""

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work
from tipbridge.police.cases import store
from tipbridge.police.cases.told import store as told
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.consent import leaves


def check_may_open(work: Work, case_id: str) -> None:
    """Whether a whole unit may read a case, by the marks of all that feeds it.

    Errors: Conflict when one of them is marked TLP:RED, also one that the actor can't open.
    """
    for taken in store.referrals_of(work.db, case_id):
        if _named_only(work, case_id, taken.referral_id):
            raise Conflict(
                "This case holds what is marked TLP:RED, for named recipients only: its list stays.",
                id=case_id,
            )


def check_may_feed(work: Work, referral_id: str) -> None:
    """Whether a referral may feed a case that a whole unit reads.

    Errors: Conflict for one that is marked TLP:RED.
    """
    if leaves.named_only(work, referrals.referral_seen(work, referral_id)):
        raise Conflict(
            "This is marked TLP:RED, for named recipients only: restrict the case first.",
            id=referral_id,
        )


def check_may_carry(work: Work, referral_id: str, from_case: str, to_case: str) -> None:
    """Whether a referral may come along into another case with people of whom it speaks.

    Errors: Conflict for one that is marked TLP:RED, also one that the actor can't open, where a
    whole unit reads that case.
    """
    case = store.case_by_id(work.db, to_case)
    opened = case is not None and not case.restricted
    if opened and _named_only(work, from_case, referral_id):
        raise Conflict(
            "This person's case holds what is marked TLP:RED, for named recipients only: its list"
            " stays. Restrict the case that they come to first.",
            id=to_case,
        )


def _named_only(work: Work, case_id: str, referral_id: str) -> bool:
    basis = told.basis_told(work.db, case_id, referral_id)
    return leaves.named_only_told(work, basis, told.marks_told(work.db, case_id, referral_id))

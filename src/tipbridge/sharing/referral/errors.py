"""What the referral room refuses."""

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.knowledge.agreements.errors import NoAgreement


class NotReleasable(NoAgreement):
    """Nothing covers this release now; a case-by-case request may be opened instead."""


class Changed(Conflict):
    """What was decided is no longer what would be released; it must be decided again."""


class LeaveNotProven(Invalid):
    """What a sender passed on needed somebody's leave, and what it brings does not prove it."""

    def __init__(self, sender: str, originator: str, why: str) -> None:
        super().__init__(
            f"{sender} passed this on and does not prove the leave of {originator}: {why}.",
            sender=sender,
            originator=originator,
            why=why,
        )


class NoCourtLeave(Conflict):
    """Something in the case may not go to a court: its originator has not consented."""

    def __init__(
        self, referral_id: str, *, waiting: tuple[str, ...], parts: int, never: bool
    ) -> None:
        if never:
            words = (
                f"Nothing of referral {referral_id} may be used in court: either its agreement never"
                " allows it, or you do not see it and somebody who does has to propose this."
            )
        else:
            words = (
                f"{parts} parts of referral {referral_id} may not be used in court: the leave of"
                f" {', '.join(waiting) or 'their originator'} is missing or does not cover them."
                " Ask with 'consents ask --court', or on the referral's page."
            )
        super().__init__(words, id=referral_id)

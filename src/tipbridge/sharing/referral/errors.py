"""What the referral room refuses."""

from tipbridge.foundation.base.errors import Conflict
from tipbridge.knowledge.agreements.errors import NoAgreement


class NotReleasable(NoAgreement):
    """Nothing covers this release now; a case-by-case request may be opened instead."""


class Changed(Conflict):
    """What was decided is no longer what would be released; it must be decided again."""


class NoCourtLeave(Conflict):
    """Something in the case may not go to a court: its originator has not consented."""

    def __init__(self, referral_id: str, *, waiting: tuple[str, ...], parts: int) -> None:
        missing = f"the leave of {', '.join(waiting)} is missing" if waiting else "none covers it"
        super().__init__(
            f"{parts} parts of referral {referral_id} may not be used in court: {missing}. "
            "Ask with 'consents ask --court', or on the referral's page.",
            id=referral_id,
        )

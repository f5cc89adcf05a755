"""What the referral room refuses."""

from tipbridge.foundation.base.errors import Conflict
from tipbridge.knowledge.agreements.errors import NoAgreement


class NotReleasable(NoAgreement):
    """Nothing covers this release now; a case-by-case request may be opened instead."""


class Changed(Conflict):
    """What was decided is no longer what would be released; it must be decided again."""

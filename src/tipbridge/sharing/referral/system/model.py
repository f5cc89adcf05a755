"""A received referral as it waits for the agency's own system."""

from dataclasses import dataclass

from tipbridge.sharing.referral.life.model import Life
from tipbridge.sharing.referral.model import Referral, ReferralView


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A referral that changed since it was last taken over.

    Shape: `version` is 1 when it arrives, and one more for each recall or correction since.
    """

    referral: Referral
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Everything of one received referral but the bytes of its files."""

    view: ReferralView
    life: Life
    version: int

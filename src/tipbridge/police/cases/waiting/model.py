"""Referrals that wait, since no case could take them as they are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tipbridge.knowledge.agreements.model import Purpose


class UnfitReason(StrEnum):
    """Why no case could take a referral. Closed."""

    UNREADABLE = "unreadable"
    UNSTORABLE = "unstorable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitReferral:
    """A referral that no case could take, why, and how often that was tried."""

    referral_id: str
    reason: UnfitReason
    tries: int
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitLine:
    """One of them in a list, with whose it is and what it was sent for."""

    unfit: UnfitReferral
    sender: str
    purpose: Purpose
    received_at: datetime

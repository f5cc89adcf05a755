"""The days that an agreement sets for one referral, and what came of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tipbridge.sharing.referral.model import Direction


class Need(StrEnum):
    """What the review of a received referral found. Closed."""

    NEEDED = "needed"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What the version of the agreement that covered a referral says of its keeping.

    Shape: None where it says nothing; counted from the release. `proof_due_at` is by when the
    receiver's word of the deletion is with the sender.
    """

    review_at: datetime | None
    keep_until: datetime | None
    proof: bool
    proof_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReferral:
    """One referral with its days.

    Shape: `held_at` is since when a case keeps it by its own law; `deleted_at` when its parts
    went here; `ended_at` when its keys were seen to be gone, or, of a sent one, what the
    receiver's signed word says. What is sent and has not `arrived` is nobody's to delete.
    """

    referral_id: str
    peer_id: str
    direction: Direction
    arrived: bool
    agreement_id: str
    days: Days
    finding: Need | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    held_at: datetime | None = None
    deleted_at: datetime | None = None
    ended_at: datetime | None = None

    def is_review_due(self, now: datetime) -> bool:
        """Whether its day of review has come and nobody looked."""
        at = self.days.review_at
        undone = self.finding is None and self.deleted_at is None
        return self.direction is Direction.IN and undone and at is not None and at <= now

    def is_proof_overdue(self, now: datetime) -> bool:
        """Whether its receiver owes the word that it was deleted, and no law of theirs keeps it."""
        at = self.days.proof_due_at
        owed = self.arrived and self.ended_at is None and self.held_at is None
        return self.direction is Direction.OUT and owed and at is not None and at < now


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is due of referrals: reviews here, and proofs of deletion elsewhere, the oldest first."""

    reviews: tuple[KeptReferral, ...]
    proofs: tuple[KeptReferral, ...]
